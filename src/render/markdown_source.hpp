// SPDX-License-Identifier: MIT
// What the Markdown writer asks of the tree that it writes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>

#include "html/dom.hpp"

namespace dandelion {

// Elements that Markdown has no sign for and that Git hosts show: written as bare tags around
// Markdown.
[[nodiscard]] const html::TagSet& tagged_elements();

// Inline elements around blocks, found once: looking for them at each would be quadratic.
[[nodiscard]] std::unordered_set<const html::Node*> inlines_around_blocks(const html::Node& body);

struct Content {
  bool any = false;                // something under the node would show
  bool begins_with_space = false;  // where that is text: white space comes first
};

[[nodiscard]] Content content_of(const html::Node& node);

// In bytes.
[[nodiscard]] std::size_t longest_line(std::string_view text);

// Whether a heading's child is a block that says more than that it is one.
[[nodiscard]] bool has_block_child(const html::Node& node);

// GFM's definition of a footnote from the Markdown that it holds; on the line of its label where it
// begins with text.
[[nodiscard]] std::string footnote_definition(std::size_t number, std::string_view markdown,
                                              bool begins_with_text);

}  // namespace dandelion
