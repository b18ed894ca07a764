// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html/dom.hpp"

namespace dandelion {

// Git hosts show "generally less than 2 MB" of Markdown and time out on less; a phone on a slow
// line gives up earlier. Larger bodies are split.
constexpr std::size_t max_part_bytes = 350'000;

// The body in parts of at most `max_bytes` of HTML each, cut between its blocks and moved into
// elements of their own; the body itself where it is small enough. A single block that is larger
// makes a part alone.
[[nodiscard]] std::vector<html::Node*> split_body(html::Document& document, html::Node& body,
                                                  std::size_t max_bytes = max_part_bytes);

// The Markdown file of a page's part, from 0: "a/story.md", "a/story.part2.md", …
[[nodiscard]] std::string part_path(const std::string& markdown_path, std::size_t part);

// The Markdown file of the page that a later part belongs to, in either format: "a/story.md" for
// "a/story.part2.html". nullopt for a file that is no later part.
[[nodiscard]] std::optional<std::string> whole_page_of(std::string_view path);

}  // namespace dandelion
