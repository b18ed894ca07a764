// SPDX-License-Identifier: MIT
#include "extract/next_page.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/base_url.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

constexpr std::array<std::string_view, 32> next_words = {
    "next",          "next page", "continue", "下一页",     "下一頁",   "下页",
    "下頁",          "后页",      "次へ",     "次のページ", "次ページ", "다음",
    "다음 페이지",   "следующая", "далее",    "вперед",     "التالي",   "الصفحة التالية",
    "بعدی",          "صفحه بعد",  "suivant",  "siguiente",  "próxima",  "weiter",
    "nächste seite", "avanti",    "sonraki",  "trang sau",  "ถัดไป",     "selanjutnya",
    "наступна",      "seguinte"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool says_next(const Node& link) {
  const std::string words = ascii_lower(collapse_space(html::text_content(link)));
  std::string_view text = words;
  for (const std::string_view sign : {">", "»", "›", "→", "≫", "..."}) {
    while (text.ends_with(sign))
      text = trim(text.substr(0, text.size() - sign.size()));
  }
  return std::find(next_words.begin(), next_words.end(), text) != next_words.end();
}

bool has_next_relation(const Node& element) {
  std::string_view words = element.attribute_or_empty("rel");
  while (!(words = trim(words)).empty()) {
    const auto end = std::min(words.find_first_of(" \t\n"), words.size());
    if (equals_ignoring_case(words.substr(0, end), "next")) return true;
    words.remove_prefix(end);
  }
  return false;
}

// The number that the text is, within what surrounds a page's number in an address: `_2`, `-2`,
// `/2`, `?page=2`, `&p=2`; -1 where it is anything else.
int page_number(std::string_view text) {
  while (text.ends_with('/'))
    text.remove_suffix(1);
  std::size_t begin = text.size();
  while (begin > 0 && is_digit(text[begin - 1]))
    --begin;
  const std::string digits(text.substr(begin));
  if (digits.empty() || digits.size() > 3) return -1;
  const std::string_view sign = text.substr(0, begin);
  static constexpr std::array<std::string_view, 16> signs = {
      "",       "_",   "-",   "/",    "/page/",  "_page_", "-page-", "?page=",
      "&page=", "?p=", "&p=", "?pg=", "?paged=", "?pn=",   "_p",     "/p"};
  if (std::find(signs.begin(), signs.end(), sign) == signs.end()) return -1;
  return std::atoi(digits.c_str());
}

}  // namespace

bool is_following_page(std::string_view current, std::string_view next) {
  current = current.substr(0, current.find('#'));
  next = next.substr(0, next.find('#'));
  if (current == next) return false;
  // What both end with (.html) and begin with is the article's own; a number that is part of its
  // name is not cut in two.
  std::size_t prefix = 0;
  while (prefix < current.size() && prefix < next.size() && current[prefix] == next[prefix])
    ++prefix;
  std::size_t suffix = 0;
  while (suffix < current.size() - prefix && suffix < next.size() - prefix &&
         current[current.size() - 1 - suffix] == next[next.size() - 1 - suffix])
    ++suffix;
  std::string_view mine = current.substr(prefix, current.size() - prefix - suffix);
  std::string_view its = next.substr(prefix, next.size() - prefix - suffix);
  if (mine.empty() || mine == "/") {
    // The first page has no number; the second is 2, or 1 where one counts from 0.
    if (!its.empty() && is_digit(its.front()) && prefix > 0 && is_digit(next[prefix - 1]))
      return false;
    const bool has_sign = !its.empty() && !is_digit(its.front());
    const int number = page_number(its);
    const bool after_slash = prefix > 0 && next[prefix - 1] == '/';
    return (has_sign || after_slash) && (number == 1 || number == 2);
  }
  // Both have one: `…_2` and `…_3`, `…_9` and `…_10`.
  std::size_t begin = prefix;
  while (begin > 0 && is_digit(next[begin - 1]))
    --begin;
  mine = current.substr(begin, current.size() - suffix - begin);
  its = next.substr(begin, next.size() - suffix - begin);
  const auto all_digits = [](std::string_view text) {
    return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_digit);
  };
  if (!all_digits(mine) || !all_digits(its) || begin == 0) return false;
  constexpr std::string_view signs = "_-/=p";
  return signs.find(next[begin - 1]) != std::string_view::npos &&
         std::atoi(std::string(its).c_str()) == std::atoi(std::string(mine).c_str()) + 1;
}

std::string find_next_page(const Node& page, std::string_view url) {
  const auto own = parse_url(url);
  if (!own) return {};
  const std::string base = html::base_url(page, url);
  for (const Node* at = &page; at != nullptr; at = html::next_in_tree(*at, page)) {
    const bool link = at->is_element(Tag::link_);
    if (!link && !at->is_element(Tag::a_)) continue;
    const auto href = at->attribute("href");
    if (!href || href->starts_with('#')) continue;
    if (!has_next_relation(*at) && (link || !says_next(*at))) continue;
    const auto target = resolve_url(base, *href);
    if (!target || !is_following_page(url, *target)) continue;
    const auto there = parse_url(*target);
    if (there && there->authority() == own->authority()) return without_fragment(*target);
  }
  return {};
}

void join_page(html::Article& first, const html::Article& next) {
  for (const Node* child = next.body->first_child; child != nullptr; child = child->next)
    html::append_child(*first.body, *first.document->clone(*child));
  first.links.insert(first.links.end(), next.links.begin(), next.links.end());
  first.images.insert(first.images.end(), next.images.begin(), next.images.end());
  first.next_page = next.next_page;
}

}  // namespace dandelion
