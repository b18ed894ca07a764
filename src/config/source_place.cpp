// SPDX-License-Identifier: MIT
#include "config/source_place.hpp"

#include <utility>

#include "core/text.hpp"

namespace dandelion {

std::optional<YamlMark> first_odd_byte(std::string_view text) {
  if (is_utf8(text) && text.find('\0') == std::string_view::npos) return std::nullopt;
  YamlMark mark{1, 1};
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= 4 && length <= text.size() && !is_utf8(text.substr(0, length)))
      ++length;
    if (length > 4 || length > text.size() || text.front() == '\0') break;
    mark = text.front() == '\n' ? YamlMark{mark.line + 1, 1}
                                : YamlMark{mark.line, mark.column + static_cast<int>(length)};
    text.remove_prefix(length);
  }
  return mark;
}

void count_characters(std::string_view text, std::vector<Diagnostic>& sorted) {
  int line = 1;
  int byte = 1;
  int character = 1;
  auto at = text.begin();
  for (Diagnostic& diagnostic : sorted) {
    while (at != text.end() &&
           std::pair(line, byte) < std::pair(diagnostic.line, diagnostic.column)) {
      if (*at == '\n') {
        ++line;
        byte = character = 1;
      } else {
        ++byte;
        // Bytes 10xxxxxx go on with a character.
        const bool next_continues =
            at + 1 != text.end() && (static_cast<unsigned char>(at[1]) & 0xC0) == 0x80;
        if (!next_continues) ++character;
      }
      ++at;
    }
    if (diagnostic.line == line && diagnostic.column == byte) diagnostic.column = character;
  }
}

}  // namespace dandelion
