// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// What sanitising does with an element.
enum class Fate : std::uint8_t {
  keep,    // it stays, with the attributes that its row names
  unwrap,  // it gives way to its content: text, with nothing to be said for the element
  drop,    // it goes with all it holds: code, controls, another document
};

// The fate of an element of the page. Foreign content (SVG, MathML) is dropped; names that no row
// has are unwrapped.
[[nodiscard]] Fate fate_of(const Node& element);

// Whether the element, which is kept, may have an attribute of that name.
[[nodiscard]] bool may_have(const Node& element, std::string_view attribute);

// Whether GitHub's filter (html-pipeline's SanitizationFilter) leaves the element, and on it the
// attribute, in a Markdown page.
[[nodiscard]] bool is_shown_by_git_hosts(const Node& element);
[[nodiscard]] bool is_shown_by_git_hosts(const Node& element, std::string_view attribute);

}  // namespace dandelion::html
