// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "html/dom.hpp"

namespace dandelion {

// The tree under `body` as GitHub-flavoured Markdown, through a cmark-gfm syntax tree and its own
// writer, so that what is escaped where is the library's business. Blocks that Markdown knows
// become such; tables without a plain grid stay HTML. `rename` is the site's: an element renamed to
// one that Markdown cannot write stays as it is, a heading renamed to another level takes that
// level, and links renamed to anything but `a` keep only their text.
[[nodiscard]] std::string to_markdown(const html::Node& body,
                                      const std::map<std::string, std::string>& rename = {});

// The text alone: a blank line between blocks, "- " before list items, nothing else.
[[nodiscard]] std::string to_plain_text(const html::Node& body);

}  // namespace dandelion
