// SPDX-License-Identifier: MIT
#include "archive/page_space.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

constexpr std::array<std::string_view, 10> preformatted = {
    "pre", "code", "kbd", "samp", "tt", "textarea", "listing", "xmp", "plaintext", "script"};

bool is_preformatted(std::string_view name) {
  return std::find(preformatted.begin(), preformatted.end(), name) != preformatted.end();
}

// Whether the value that begins here keeps white space; one that is computed may.
bool keeps_space(std::string_view value) {
  value = trim(value);
  return value.starts_with("pre") || value.starts_with("break-spaces") || value.starts_with("var(");
}

// Whether a selector's subject can only be a preformatted element.
bool is_of_preformatted(std::string_view selector) {
  selector = trim(selector);
  const auto combinator = selector.find_last_of(" >+~\t\n");
  if (combinator != std::string_view::npos) selector.remove_prefix(combinator + 1);
  const auto end = std::find_if_not(selector.begin(), selector.end(), is_ascii_letter);
  return is_preformatted(selector.substr(0, static_cast<std::size_t>(end - selector.begin())));
}

bool all_of_preformatted(std::string_view selectors) {
  while (true) {
    const auto comma = selectors.find(',');
    if (!is_of_preformatted(selectors.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    selectors.remove_prefix(comma + 1);
  }
}

bool shows_as_it_stands(const Node& element) {
  if (element.ns != html::Namespace::html || is_preformatted(element.name) ||
      element.is_element(Tag::style_))
    return true;
  return preserves_space(element.attribute_or_empty("style"));
}

void collapse(html::Document& page, Node& text) {
  constexpr std::string_view white = " \t\n\r\f";
  std::string collapsed;
  collapsed.reserve(text.text.size());
  for (std::size_t i = 0; i < text.text.size();) {
    const auto end = std::min(text.text.find_first_not_of(white, i), text.text.size());
    if (end > i) {
      const std::string_view run = text.text.substr(i, end - i);
      collapsed += run.find_first_of("\n\r") == std::string_view::npos ? ' ' : '\n';
    }
    i = std::min(text.text.find_first_of(white, end), text.text.size());
    collapsed += text.text.substr(end, i - end);
  }
  if (collapsed.size() != text.text.size()) page.set_text(text, collapsed);
}

}  // namespace

bool preserves_space(std::string_view css) {
  const std::string lower = ascii_lower(css);
  if (lower.find("@import") != std::string::npos) return true;
  const std::string_view sheet = lower;
  constexpr std::string_view property = "white-space";
  for (auto at = sheet.find(property); at != std::string_view::npos;
       at = sheet.find(property, at + 1)) {
    const auto colon = sheet.find_first_not_of("-abcdefghijklmnopqrstuvwxyz \t\r\n", at);
    if (colon == std::string_view::npos || sheet[colon] != ':') continue;
    if (!keeps_space(sheet.substr(colon + 1, 40))) continue;
    // No rule around it: an element's own style.
    const auto open = sheet.rfind('{', at);
    if (open == std::string_view::npos) return true;
    const auto before = open == 0 ? std::string_view::npos : sheet.find_last_of("{};/", open - 1);
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    if (!all_of_preformatted(sheet.substr(begin, open - begin))) return true;
  }
  return false;
}

void collapse_page_space(html::Document& page) {
  Node& root = page.root();
  for (Node* at = &root; at != nullptr; at = html::next_in_tree(*at, root)) {
    if (at->is_element(Tag::style_) && preserves_space(html::text_content(*at))) return;
  }
  for (Node* at = &root; at != nullptr;) {
    if (at->is_element() && shows_as_it_stands(*at)) {
      at = html::next_skipping_children(*at, root);
      continue;
    }
    if (at->is_text()) collapse(page, *at);
    at = html::next_in_tree(*at, root);
  }
}

}  // namespace dandelion
