// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// Gives every <img> under `root` the address that a browser with scripting on would end up with:
// pages that load pictures late leave it in data-src and its kin, in srcset, in the <source>
// elements of a <picture>, or in a <noscript> that follows. A picture that is left without an
// address goes.
void settle_pictures(html::Document& document, html::Node& root);

// Makes players and posts from elsewhere (<iframe>, <video>, <audio>, <embed>) links to them:
// frames do not survive sanitising, and what was quoted should not vanish with them. Frames of
// unknown hosts are advertisements more often than not, and go.
void link_embeds(html::Document& document, html::Node& root);

// Puts what stands in <noscript> in the place of the element.
void unwrap_noscript(html::Node& root);

}  // namespace dandelion
