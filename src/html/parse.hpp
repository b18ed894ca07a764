// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// Parses a whole page by the HTML Standard's rules, scripting off (so that <noscript> holds
// elements). Every input gives a tree. `text` is UTF-8 and need not outlive the call. The parser
// stands behind this one function, so that it can be replaced.
[[nodiscard]] Document parse(std::string_view text);

// Parses text as the inner HTML of a <body>: what stands in it hangs directly under the document's
// root.
[[nodiscard]] Document parse_fragment(std::string_view text);

}  // namespace dandelion::html
