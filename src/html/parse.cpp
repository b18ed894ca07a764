// SPDX-License-Identifier: MIT
#include "html/parse.hpp"

#include <algorithm>
#include <span>

#include "html/byte_scan.hpp"
#include "html/tree_builder.hpp"

namespace dandelion::html {
namespace {

constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

bool is_c1(std::string_view text) {
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

// How much longer the page becomes, at most: by two bytes for each control character.
std::size_t count_controls(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && !is_html_space(c)) || c == '\x7F' ||
           c == '\xC2';
  }));
}

// Writes the page as the parser takes it to `to`, which has room for it, and gives its end; nullptr
// where a control character stands in it and there is room for the text alone.
char* write_page(std::string_view text, char* to, bool has_room) {
  while (!text.empty()) {
    const char* control = find_control(text.data(), text.data() + text.size());
    to = std::copy(text.data(), control, to);
    text.remove_prefix(static_cast<std::size_t>(control - text.data()));
    if (text.empty()) break;
    if (text.front() == '\r') {
      *to++ = '\n';
      text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
    } else if (text.front() == '\xC2' && !is_c1(text)) {
      *to++ = text.front();
      text.remove_prefix(1);
    } else if (has_room) {
      to = std::copy(replacement_character.begin(), replacement_character.end(), to);
      text.remove_prefix(text.front() == '\xC2' ? 2 : 1);
    } else {
      return nullptr;
    }
  }
  return to;
}

// The Document's own copy, each CR LF and each CR in it made LF (HTML Standard, 13.2.3.5). Control
// characters, which few pages have, become U+FFFD, as the Standard leaves it to what shows the
// page: XML and terminals do not bear them.
std::span<char> stored_page(Document& document, std::string_view text) {
  if (text.empty()) return {};
  auto* page = static_cast<char*>(document.arena()->allocate(text.size(), 1));
  char* end = write_page(text, page, false);
  if (end == nullptr) {
    const std::size_t room = text.size() + 2 * count_controls(text);
    page = static_cast<char*>(document.arena()->allocate(room, 1));
    end = write_page(text, page, true);
  }
  return {page, static_cast<std::size_t>(end - page)};
}

}  // namespace

Document parse(std::string_view text) {
  Document document;
  TreeBuilder(document, stored_page(document, text)).build_page();
  return document;
}

Document parse_fragment(std::string_view text) {
  Document document;
  TreeBuilder(document, stored_page(document, text)).build_fragment();
  return document;
}

Result<void> check_whole(const Document& document) {
  if (!document.is_cut()) return {};
  return fail(ErrorKind::too_large,
              "the page has more than {} elements, texts and comments, the most that are read",
              max_nodes);
}

}  // namespace dandelion::html
