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

// Sanitised, written and read again, nothing is outside the table; and what goes into Markdown
// never ends its HTML block.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  html::Document page = html::parse_fragment({reinterpret_cast<const char*>(data), size});
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
