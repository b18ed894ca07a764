// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dandelion {

// An article that a page does not show but hands to its scripts as JSON: JSON-LD's `articleBody`
// and `text`, the state of Next, Nuxt, Inertia, Discourse and their like. Pages that scripts build
// in the browser have their text nowhere else.
struct EmbeddedArticle {
  std::string html;       // as it came, not sanitised; plain text is made paragraphs
  std::size_t bytes = 0;  // of text in it; 0: none was found
  // Whether what holds the text also names the page's title, or its name can mean nothing else.
  bool is_certain = false;
};

// `data` are texts of scripts and attributes, of which JSON alone is read, assigned or bare, and
// what is no JSON passed over; `title` is what the page calls itself. The longest text wins, what
// stands beside the title before others; comments and related articles are known by their names.
// At most 16 MB are read.
[[nodiscard]] EmbeddedArticle find_embedded_article(const std::vector<std::string_view>& data,
                                                    std::string_view title);

}  // namespace dandelion
