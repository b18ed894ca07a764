// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// What a remote says, fit for our log: one line, at most `max_bytes`, valid UTF-8, without control
// characters (a remote could otherwise move the cursor of the terminal or forge log lines) and
// without characters that turn the writing direction. Lines are joined by "; ", the "remote: " that
// git puts before them is taken off.
[[nodiscard]] std::string clean_remote_text(std::string_view text, std::size_t max_bytes = 600);

// The first line of it that is not blank.
[[nodiscard]] std::string first_remote_line(std::string_view text);

}  // namespace dandelion
