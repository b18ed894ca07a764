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

// How much longer the page can become: by two bytes for each control character of one.
std::size_t count_controls(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && !is_html_space(c)) || c == '\x7F' ||
           c == '\xC2';
  }));
}

// The Document's own copy, each CR LF and each CR in it made LF (HTML Standard, 13.2.3.5). Control
// characters become U+FFFD, which the Standard leaves to what shows the page: XML and terminals do
// not bear them.
std::span<char> stored_page(Document& document, std::string_view text) {
  const char* at = text.data();
  const char* end = at + text.size();
  const char* first = find_control(at, end);
  const std::size_t room =
      text.size() + 2 * count_controls(text.substr(static_cast<std::size_t>(first - at)));
  if (room == 0) return {};
  auto* page = static_cast<char*>(document.arena()->allocate(room, 1));
  char* to = page;
  while (at != end) {
    const char* control = find_control(at, end);
    to = std::copy(at, control, to);
    at = control;
    if (at == end) break;
    const std::string_view rest(at, static_cast<std::size_t>(end - at));
    if (*at == '\r') {
      *to++ = '\n';
      at += rest.starts_with("\r\n") ? 2 : 1;
    } else if (*at == '\xC2' && !is_c1(rest)) {
      *to++ = *at++;
    } else {
      to = std::copy(replacement_character.begin(), replacement_character.end(), to);
      at += *at == '\xC2' ? 2 : 1;
    }
  }
  return {page, static_cast<std::size_t>(to - page)};
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

}  // namespace dandelion::html
