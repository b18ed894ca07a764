// SPDX-License-Identifier: MIT
// Which elements and attributes of a source page an article's HTML keeps. Inside render/ only.
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// 1 to 6 for h1 to h6, 0 for all others.
[[nodiscard]] int heading_level(html::Tag tag);

// Blocks that are written as what they are; all others give way to their content.
[[nodiscard]] bool is_text_block(html::Tag tag);

// The notes of footnotes that link_footnotes wrote.
[[nodiscard]] bool is_endnotes(const html::Node& node);

// The name that an inline element is written by; empty where only its content is.
[[nodiscard]] std::string_view inline_name(html::Tag tag);

// Attributes that carry meaning, by element; `lang` and `dir` may stand anywhere.
[[nodiscard]] bool keeps_attribute(const html::Node& element, std::string_view name);

// A whole number of at most five digits.
[[nodiscard]] bool is_number(std::string_view text);

// Not so for values that a validator, and some browsers, would not take.
[[nodiscard]] bool is_valid_value(const html::Node& element, std::string_view name,
                                  std::string_view value);

}  // namespace dandelion
