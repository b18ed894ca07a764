// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <iosfwd>

#include "core/article_rules.hpp"

namespace dandelion {

// Answers lines like {"file": "page.html", "url": "https://…"} with the articles' JSON (see
// article_json and failure_json), one line each, in the order of the questions. All cores work at
// once, on a bounded number of pages; whoever waits for the answers to all that was asked so far
// gets them without asking more. False where any page failed.
[[nodiscard]] bool extract_batch(std::istream& questions, std::ostream& answers,
                                 const ArticleRules& rules, std::size_t max_page_bytes);

}  // namespace dandelion
