// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// A Markdown page as a Git host shows it: rendered by cmark-gfm with GitHub's extensions, then cut
// down to what GitHub's sanitizer leaves (html/sanitize.hpp), as a whole HTML document titled
// `title`. For looking at a mirror at home; nothing that is published is made with it.
[[nodiscard]] std::string preview_markdown(std::string_view markdown, std::string_view title);

}  // namespace dandelion
