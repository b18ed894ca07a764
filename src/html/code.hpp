// SPDX-License-Identifier: MIT
// Code as pages show it, in whatever elements their highlighter left it.
#pragma once

#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// Text of <pre>, its line breaks as such; elements that are shown as blocks of their own are lines.
[[nodiscard]] std::string code_text(const Node& node);

// The language that highlighters are told, as they write it: class="language-x", "lang-x",
// "hljs x", "brush: x", data-lang="x" …, at the <pre>, its <code>, or the boxes around it. Empty
// where none is named.
[[nodiscard]] std::string code_language(const Node& pre);

// Whether the element, within code, is a line: a block, or an inline element that Docusaurus shows
// as one.
[[nodiscard]] bool is_line_of_code(const Node& element);

// Whether the element counts lines beside code: its class says so, and no letter is in it.
[[nodiscard]] bool is_line_number(const Node& element);

}  // namespace dandelion::html
