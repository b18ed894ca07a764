// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// No article goes on for longer; a chain of links that does is a calendar, or a trap.
constexpr int max_article_pages = 20;

// Where the article on the page at `url` goes on: what a `rel=next`, a link in the words of a pager
// or one that is a number leads to, if it is on the same host and its address is the page's own
// with the next number in it (news_2.html, ?page=2, /2/). The next article's address may look like
// that too, so that PageJoiner has the last word. Empty where the article ends, or where `url` is
// no address.
[[nodiscard]] std::string find_next_page(const html::Node& page, std::string_view url);

// Whether `next` is the address `current` with the number of the following page in it; the first
// page often has none.
[[nodiscard]] bool is_following_page(std::string_view current, std::string_view next);

// How an address is made of that of an article's first page: with a page's number behind it
// (?page=2), with a number that may be another thing's (_2), or not at all.
enum class PageAddress { other, numbered, named };
[[nodiscard]] PageAddress page_address(std::string_view first, std::string_view next);

}  // namespace dandelion
