// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "extract/block_features.hpp"
#include "html/dom.hpp"

namespace dandelion {

// What was found of an article on a page: nodes of the page's own tree.
struct FoundArticle {
  html::Node* body = nullptr;  // holds the article's text and nothing else; nullptr: none found
  html::Node* lead = nullptr;  // an <img> that stands between title and body, or nullptr
  html::Node* lead_caption = nullptr;
};

// Finds what the page's readers came for and takes everything else out of the element that holds
// it: menus, comments, related links, share bars, notices. Every block of text is rated
// (extract/block_model.hpp); the element around all that is chosen becomes the body. Pictures,
// rules and embeds have no text to be rated by: they stay where most of the text around them does.
// A page of more than 100,000 blocks is not rated: all of it stays but menus, headers, footers,
// asides and forms. `title` is what the page calls itself; a heading that only repeats it in front
// of the text goes.
[[nodiscard]] FoundArticle find_article(html::Document& document, std::string_view title,
                                        PageKind kind);

}  // namespace dandelion
