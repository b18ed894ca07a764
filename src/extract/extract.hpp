// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/article_rules.hpp"
#include "core/error.hpp"
#include "html/article.hpp"

namespace dandelion {

// Cuts the article out of a page. `page` is UTF-8; `url` is where it came from, and may be empty
// for a saved page: the address that it calls canonical then stands in; without one links stay as
// they are.
//
// A title or body that the rules name but the page does not have is `malformed`: better no page
// than a wrong one. What the rules do not name is found automatically (extract/find_article.hpp);
// `malformed` where nothing looks like an article. A hero that is not there is none; so is one
// whose picture has no address.
[[nodiscard]] Result<html::Article> extract_article(std::string_view page, std::string_view url,
                                                    const ArticleRules& rules);

}  // namespace dandelion
