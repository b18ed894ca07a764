// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "html/serialize.hpp"
#include "render/markdown.hpp"

namespace html = dandelion::html;

namespace {

bool acts(const html::Node& root) {
  for (const html::Node* at = &root; at != nullptr; at = html::next_in_tree(*at, root)) {
    if (!at->is_element()) continue;
    if (at->tag == html::Tag::script_ || at->tag == html::Tag::iframe_ ||
        at->ns != html::Namespace::html)
      return true;
    for (const html::Attribute& attribute : at->attributes) {
      if (attribute.name.starts_with("on")) return true;
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

// Neutralised, written and read again, nothing acts; and what goes into Markdown never ends its
// HTML block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  html::Document page = html::parse({reinterpret_cast<const char*>(data), size});
  html::neutralize(page, page.root());
  if (acts(page.root())) std::abort();
  if (acts(html::parse_fragment(html::to_html(page.root())).root())) std::abort();
  if (const html::Node* top = page.root().first_element()) {
    const std::string pretty = html::prettify(*top);
    if (has_blank_line(pretty)) std::abort();
    if (acts(html::parse_fragment(pretty).root())) std::abort();
    static_cast<void>(dandelion::to_markdown(*top));
  }
  return 0;
}
