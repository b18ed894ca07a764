// SPDX-License-Identifier: MIT
#include "publish/remote_words.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace dandelion {
namespace {

// U+0080..9F are controls; U+200E/F, U+202A..E and U+2066..9 turn the writing direction.
bool is_unwanted(std::string_view unit) {
  const auto at = [unit](std::size_t i) { return static_cast<unsigned char>(unit[i]); };
  if (unit.size() == 1) return at(0) < 0x20 || at(0) >= 0x7F;  // a single byte above is not UTF-8
  if (unit.size() == 2) return at(0) == 0xC2 && at(1) < 0xA0;
  if (unit.size() != 3 || at(0) != 0xE2) return false;
  if (at(1) == 0x80) return at(2) == 0x8E || at(2) == 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAE);
  return at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9;
}

// The bytes that make one character, or one byte that makes none.
std::string_view first_unit(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length) {
    if (is_utf8(text.substr(0, length))) return text.substr(0, length);
  }
  return text.substr(0, 1);
}

std::string clean_line(std::string_view line) {
  std::string clean;
  while (!line.empty()) {
    const std::string_view unit = first_unit(line);
    if (unit == "\t") {
      clean += ' ';
    } else if (!is_unwanted(unit)) {
      clean += unit;
    }
    line.remove_prefix(unit.size());
  }
  return collapse_space(clean);
}

}  // namespace

std::string clean_remote_text(std::string_view text, std::size_t max_bytes) {
  std::string words;
  while (!text.empty() && words.size() <= max_bytes) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    std::string line = clean_line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("remote: ")) line.erase(0, 8);
    if (line.empty()) continue;
    if (!words.empty()) words += "; ";
    words += line;
  }
  if (words.size() <= max_bytes) return words;
  words.resize(max_bytes);
  while (!words.empty() && !is_utf8(words))
    words.pop_back();
  return words + "…";
}

std::string first_remote_line(std::string_view text) {
  constexpr std::size_t line_bytes = 200;
  text = trim(text);
  return clean_remote_text(text.substr(0, text.find_first_of("\r\n")), line_bytes);
}

}  // namespace dandelion
