// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// Makes every run of white space in a page's text one character, a line break where the run has
// one: what CSS does with it before it is shown (CSS Text 3, 4.1.1). Text that is shown as it
// stands keeps all of it: preformatted elements, foreign content, and a whole page whose style
// sheets give `white-space` to anything but these. Attributes are left alone.
void collapse_page_space(html::Document& page);

// Whether a style sheet may have other elements than preformatted ones show their white space.
// Sheets that import others, which are not looked at, may.
[[nodiscard]] bool preserves_space(std::string_view css);

}  // namespace dandelion
