// SPDX-License-Identifier: MIT
#pragma once

#include "html/dom.hpp"

namespace dandelion {

// Takes line numbers out of a <pre>, and makes lines that are elements of their own lines of text.
void settle_code(html::Document& document, html::Node& pre);

// Makes a table that holds code beside the numbers of its lines, as highlighters and hosts of code
// write it, one <pre>. Returns what stands in its place; nullptr where the table is another.
[[nodiscard]] html::Node* settle_code_table(html::Document& document, html::Node& table);

}  // namespace dandelion
