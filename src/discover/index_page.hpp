// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/article_rules.hpp"
#include "core/error.hpp"

namespace dandelion {

struct DiscoveredArticle {
  std::string url;    // absolute, without fragment
  std::string title;  // the link's text; may be empty
};

struct IndexPage {
  std::vector<DiscoveredArticle> articles;  // in the page's order, each address once
  std::string next;  // address of the next index page; empty: this is the last
};

// Finds the article addresses on an index page. `page` is UTF-8, `url` is where it was fetched.
// malformed where the item selector matches nothing: a site that changed its layout must not look
// like a site without news.
[[nodiscard]] Result<IndexPage> read_index_page(std::string_view page, std::string_view url,
                                                const SourceRules& rules);

}  // namespace dandelion
