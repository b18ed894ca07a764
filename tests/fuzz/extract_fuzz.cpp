// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "extract/extract.hpp"
#include "html/allowed.hpp"
#include "html/charset.hpp"
#include "render/markdown.hpp"

namespace html = dandelion::html;

// Any bytes as a page: found or not, what comes out is allowed, and its text and Markdown can be
// written.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const html::DecodedText page = html::decode({reinterpret_cast<const char*>(data), size}, {});
  const auto article = dandelion::extract_article(page.text, "https://page.example/a.html", {});
  if (!article) return 0;
  const html::Node& body = *article->body;
  for (const html::Node* at = html::next_in_tree(body, body); at != nullptr;
       at = html::next_in_tree(*at, body)) {
    if (at->is_element() && html::fate_of(*at) != html::Fate::keep) std::abort();
  }
  static_cast<void>(dandelion::to_markdown(body));
  static_cast<void>(dandelion::to_plain_text(body));
  return 0;
}
