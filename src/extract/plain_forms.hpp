// SPDX-License-Identifier: MIT
#pragma once

#include "html/dom.hpp"

namespace dandelion {

// Puts plain HTML in the place of what a page's scripts, or elements that no allow-list knows,
// would show: formulas become their TeX, posts and players from elsewhere quotes and frames with
// their address, code in tables of numbered lines one <pre>. Comes before text is looked for, since
// all that is text then. Linear in the page's size.
void write_plainly(html::Document& document, html::Node& root);

}  // namespace dandelion
