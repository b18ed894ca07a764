// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"

namespace dandelion {

// Links of a page that look like a list of articles: addresses of one shape, each with a headline.
struct ArticleLinks {
  std::string items;              // a selector that finds them; "a" where the page has none better
  std::string match;              // regular expression of their shape, on the address
  std::vector<std::string> urls;  // in the page's order, each once
};

// The best such list on a page (UTF-8, fetched from `url`); nullopt where fewer than four links
// repeat a shape that an article's address could have. Only links to the page's own site count.
[[nodiscard]] std::optional<ArticleLinks> find_article_links(std::string_view page,
                                                             std::string_view url);

// What a page tells of itself that a configuration wants to know.
struct SitePage {
  std::string title;
  std::string language;
  std::vector<std::string> feeds;  // absolute, of <link rel=alternate> with a feed's type
};

[[nodiscard]] SitePage read_site_page(std::string_view page, std::string_view url);

// The addresses of `Sitemap:` lines in a robots.txt, each once.
[[nodiscard]] std::vector<std::string> sitemaps_in_robots(std::string_view text);

// The shape of an address's path as a regular expression: runs of digits as [0-9]+, words between
// them as they are, a last part of several words as [^/]+. Empty for an address whose shape says
// nothing.
[[nodiscard]] std::string address_shape(std::string_view url);

}  // namespace dandelion
