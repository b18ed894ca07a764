// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "html/dom.hpp"

namespace dandelion {

// How much the words of a short text speak for it being a label of the page (share, related,
// comments, copyright … in many languages), as a negative number; 0 where nothing does. `texts` are
// the text nodes that make it up.
[[nodiscard]] float label_weight(html::Node* const* texts, std::size_t count);

// Whether the text is one of these words and nothing else: "Advertisement", "Read more:".
[[nodiscard]] bool is_label(html::Node* const* texts, std::size_t count);

}  // namespace dandelion
