// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dandelion::html {

// Where a character reference stands: a named one without `;` counts for less in an attribute,
// where it may be a part of an address (`?a=1&copy=2`).
enum class ReferencePlace { text, attribute };

// Reads the reference that `text` begins with (its first character is `&`) by the HTML Standard,
// 13.2.5.72 to 80, and appends what it stands for to `out`. Returns the length of the reference in
// bytes; 0 where there is none, with nothing appended.
std::size_t append_reference(std::string& out, std::string_view text, ReferencePlace place);

// Appends `text` with every reference in it replaced.
void append_decoded(std::string& out, std::string_view text, ReferencePlace place);

}  // namespace dandelion::html
