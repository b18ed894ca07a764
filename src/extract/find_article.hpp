// SPDX-License-Identifier: MIT
#pragma once

#include "html/dom.hpp"

namespace dandelion {

// The element that most likely holds the page's article, or nullptr where no text stands out. Every
// element with text gives its parents a score that grows with the text's weight and shrinks with
// the share of it that is links; words in class and id, and the elements of the HTML Standard that
// mean content or not, shift it. Weight counts characters of scripts without spaces for more than
// letters, so that no rule needs spaces between words.
[[nodiscard]] html::Node* find_article_body(html::Node& page);

// Takes out of a body that was found automatically what is not its text: navigation, share bars,
// related links, comments, forms, what is hidden.
void remove_boilerplate(html::Node& body);

}  // namespace dandelion
