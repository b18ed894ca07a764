// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "html/article.hpp"
#include "html/dom.hpp"

namespace dandelion {

// No article goes on for longer; a chain of links that does is a calendar, or a trap.
constexpr int max_article_pages = 20;

// Where the article on the page at `url` goes on: what a `rel=next` or a link in the words of a
// pager leads to, if it is on the same host and its address is the page's own with the next number
// in it (news_2.html, ?page=2, /2/). The next article, which many sites call `next` too, is not
// meant. Empty where the article ends, or where `url` is no address.
[[nodiscard]] std::string find_next_page(const html::Node& page, std::string_view url);

// Whether `next` is the address `current` with the number of the following page in it; the first
// page often has none.
[[nodiscard]] bool is_following_page(std::string_view current, std::string_view next);

// Puts the body of an article's next page behind the first's, with its links and pictures;
// first.next_page becomes that of `next`.
void join_page(html::Article& first, const html::Article& next);

}  // namespace dandelion
