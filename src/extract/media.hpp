// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// Not an address of a picture worth keeping: none, one written into the page, a loading image.
[[nodiscard]] bool is_placeholder_picture(std::string_view address);

// By its width or height, of at most two digits: an icon.
[[nodiscard]] bool is_small_picture(const html::Node& image);

// Gives an <img> the address that a browser with scripting on would end up with: pages that load
// pictures late leave it in data-src and its kin, in srcset, in the <source> elements of a
// <picture>, or in a <noscript> that follows. Returns whether it has one then that is not a
// placeholder's.
bool settle_picture(html::Document& document, html::Node& image);

// The same for every <img> under `root`. A picture that is left without an address goes.
void settle_pictures(html::Document& document, html::Node& root);

// Puts what stands in <noscript> in the place of the element, but for pictures that `root` has a
// second time. Comes after settle_pictures.
void unwrap_noscript(html::Node& root);

}  // namespace dandelion
