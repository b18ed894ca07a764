// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <cmark-gfm.h>

#include "core/handle.hpp"
#include "html/allowed.hpp"
#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "render/markdown.hpp"

namespace html = dandelion::html;

namespace {

// As the most trusting of hosts reads it: raw HTML and all addresses are let through.
std::string read_markdown(const std::string& markdown) {
  const dandelion::Handle<char, std::free> text(cmark_markdown_to_html(
      markdown.data(), markdown.size(), CMARK_OPT_UNSAFE | CMARK_OPT_FOOTNOTES));
  return text.get();
}

}  // namespace

// A sanitised page, written as Markdown and read again, holds nothing that the sanitiser would not
// have let through.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  html::Document page = html::parse_fragment({reinterpret_cast<const char*>(data), size});
  html::neutralize(page, page.root());
  const std::string shown = read_markdown(dandelion::to_markdown(page.root()));
  const html::Document again = html::parse_fragment(shown);
  for (const html::Node* at = html::next_in_tree(again.root(), again.root()); at != nullptr;
       at = html::next_in_tree(*at, again.root())) {
    if (!at->is_element()) continue;
    if (html::fate_of(*at) != html::Fate::keep) std::abort();
    for (const html::Attribute& attribute : at->attributes) {
      if (!html::may_have(*at, attribute.name)) std::abort();
      if (attribute.name == "href" && !html::is_safe_link(attribute.value)) std::abort();
    }
  }
  return 0;
}
