// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "html/allowed.hpp"
#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "html/serialize.hpp"
#include "render/markdown.hpp"

namespace html = dandelion::html;

namespace {

// Whether anything under `root` is not what html/allowed.hpp lets out.
bool is_outside_the_table(const html::Node& root) {
  for (const html::Node* at = html::next_in_tree(root, root); at != nullptr;
       at = html::next_in_tree(*at, root)) {
    if (!at->is_element()) continue;
    if (html::fate_of(*at) != html::Fate::keep) return true;
    for (const html::Attribute& attribute : at->attributes) {
      if (!html::may_have(*at, attribute.name)) return true;
      if (attribute.name == "href" && !html::is_safe_link(attribute.value)) return true;
    }
  }
  return false;
}

bool has_blank_line(const std::string& text) {
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
    const auto next = text.find_first_not_of(" \t", at + 1);
    if (next != std::string::npos && (text[next] == '\n' || text[next] == '\r')) return true;
  }
  return false;
}

}  // namespace

// Whether the links of the tree agree with each other, and its depth is what the parser promises.
bool is_sound(const html::Node& root) {
  constexpr std::size_t deepest = 2 * 512;
  std::size_t depth = 0;
  const html::Node* at = &root;
  for (;;) {
    if (depth > deepest) return false;
    if (at->first_child != nullptr) {
      if (at->is_text() || at->first_child->previous != nullptr) return false;
      if (at->first_child->parent != at) return false;
      at = at->first_child;
      ++depth;
      continue;
    }
    if (at->last_child != nullptr) return false;
    while (at->next == nullptr) {
      if (at == &root) return true;
      if (at->parent->last_child != at) return false;
      at = at->parent;
      --depth;
    }
    if (at->next->previous != at || at->next->parent != at->parent) return false;
    at = at->next;
  }
}

// Every page gives a sound tree, whole or as a fragment. Sanitised, written and read again, nothing
// is outside the table; and what goes into Markdown never ends its HTML block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (!is_sound(html::parse(text).root())) std::abort();
  html::Document page = html::parse_fragment(text);
  if (!is_sound(page.root())) std::abort();
  html::neutralize(page, page.root());
  if (is_outside_the_table(page.root())) std::abort();
  if (is_outside_the_table(html::parse_fragment(html::to_html(page.root())).root())) std::abort();
  if (const html::Node* top = page.root().first_element()) {
    for (const std::string& written : {html::prettify(*top), html::to_html_block(*top)}) {
      if (has_blank_line(written)) std::abort();
      if (is_outside_the_table(html::parse_fragment(written).root())) std::abort();
    }
  }
  return 0;
}
