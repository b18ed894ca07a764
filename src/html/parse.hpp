// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "core/error.hpp"
#include "html/dom.hpp"

namespace dandelion::html {

// Elements, texts and comments of a page that are parsed. The largest pages that people read, whole
// standards in one, have half a million; a tag takes three bytes of a page but a hundred of memory.
inline constexpr std::size_t max_nodes = 1'000'000;

// Parses a whole page by the HTML Standard's rules, scripting off (so that <noscript> holds
// elements). Every input gives a tree, of its beginning where it has more than max_nodes. `text` is
// UTF-8 and need not outlive the call. The parser stands behind this one function, so that it can
// be replaced.
[[nodiscard]] Document parse(std::string_view text);

// Parses text as the inner HTML of a <body>: what stands in it hangs directly under the document's
// root.
[[nodiscard]] Document parse_fragment(std::string_view text);

// too_large where the tree holds only the beginning of its page.
[[nodiscard]] Result<void> check_whole(const Document& document);

}  // namespace dandelion::html
