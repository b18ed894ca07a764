// SPDX-License-Identifier: MIT
#pragma once

#include "html/dom.hpp"

namespace dandelion {

// Puts what reads as text in the place of a post or player from elsewhere that the page's scripts
// would show: a post whose text the page has becomes a quote of one paragraph that ends with its
// author, day and link; all others a frame with their address, for link_embeds. Returns what stands
// in the element's place; nullptr where it is none.
[[nodiscard]] html::Node* settle_embed(html::Document& document, html::Node& element);

// Makes players and posts from elsewhere (<iframe>, <video>, <audio>, <embed>) links to them:
// frames do not survive sanitising, and what was quoted should not vanish with them. Frames of
// unknown hosts are advertisements more often than not, and go.
void link_embeds(html::Document& document, html::Node& root);

}  // namespace dandelion
