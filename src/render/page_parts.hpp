// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace dandelion
