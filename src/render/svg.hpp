// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// A drawing with nothing but shapes, text, gradients, clips and masks: no script, handler, style
// sheet, animation, foreign content, link, embedded or referenced picture, no address but `#…`
// inside the drawing. Well-formed XML. malformed where there is no <svg>, too_large beyond a
// million elements' worth of input.
[[nodiscard]] Result<std::string> sanitize_svg(std::string_view bytes);

}  // namespace dandelion
