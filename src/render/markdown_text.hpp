// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// One line of text that Markdown (GFM) shows as it is: in a heading, in a link's text, in a list.
// Only what would be markup where it stands is escaped, so that ordinary titles stay as they were
// written: "[Photos] A & B" needs nothing,
// "[x](y)" and "<b>" do. Line breaks become spaces.
[[nodiscard]] std::string escape_markdown(std::string_view text);

}  // namespace dandelion
