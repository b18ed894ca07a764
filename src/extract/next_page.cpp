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

// In lower case; of other alphabets than the Latin both ways to begin.
constexpr std::array<std::string_view, 44> next_words = {
    "next",   "continue",   "下一页",   "下一頁",    "下页",      "下頁",      "后页",
    "次へ",   "次のページ", "次ページ", "다음",      "следующая", "Следующая", "далее",
    "Далее",  "вперед",     "Вперед",   "наступна",  "Наступна",  "التالي",    "بعدی",
    "הבא",    "suivant",    "suivante", "siguiente", "próxima",   "seguinte",  "weiter",
    "avanti", "volgende",   "nästa",    "neste",     "næste",     "seuraava",  "następna",
    "další",  "következő",  "επόμενη",  "Επόμενη",   "sonraki",   "ถัดไป",      "หน้าถัดไป",
    "अगला",   "selanjutnya"};
constexpr std::array<std::string_view, 35> next_phrases = {
    "next page",         "다음 페이지",         "следующая страница", "Следующая страница",
    "наступна сторінка", "Наступна сторінка",   "الصفحة التالية",     "صفحه بعد",
    "صفحه بعدی",         "העמוד הבא",           "page suivante",      "siguiente página",
    "página siguiente",  "próxima página",      "página seguinte",    "nächste seite",
    "pagina successiva", "pagina seguente",     "volgende pagina",    "nästa sida",
    "neste side",        "næste side",          "seuraava sivu",      "następna strona",
    "další strana",      "következő oldal",     "pagina următoare",   "επόμενη σελίδα",
    "Επόμενη σελίδα",    "sonraki sayfa",       "trang sau",          "trang tiếp",
    "अगला पृष्ठ",          "halaman selanjutnya", "halaman berikutnya"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

// What a link says, in lower case and without the arrows behind it.
std::string words_of(const Node& link) {
  std::string words = ascii_lower(collapse_space(html::text_content(link)));
  std::string_view text = words;
  for (const std::string_view sign : {">", "»", "›", "→", "≫", "..."}) {
    while (text.ends_with(sign))
      text = trim(text.substr(0, text.size() - sign.size()));
  }
  words.resize(text.size());
  return words;
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

constexpr std::size_t most_digits = 3;

std::size_t first_of_last_digits(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && is_digit(text[begin - 1]))
    --begin;
  return begin;
}

// A number and what stands before it in an address: `_2`, `/page/2`, `?page=2`.
struct Numbered {
  std::string_view sign;
  int number = -1;  // none, or longer than a page's
};

Numbered read_number(std::string_view text) {
  while (text.ends_with('/'))
    text.remove_suffix(1);
  const std::size_t begin = first_of_last_digits(text);
  const std::string digits(text.substr(begin));
  const bool is_number = !digits.empty() && digits.size() <= most_digits;
  return {text.substr(0, begin), is_number ? std::atoi(digits.c_str()) : -1};
}

// What stands between an address and the number of one of its pages, where only a page's does …
constexpr std::array<std::string_view, 13> page_signs = {
    "page/", "/page/",  "_page_",  "-page-", "?page=", "&page=", "?pg=",
    "&pg=",  "?paged=", "&paged=", "?pn=",   "&pn=",   "/page-"};
// … and where something else's may.
constexpr std::array<std::string_view, 8> number_signs = {"",    "_",   "-",  "/",
                                                          "?p=", "&p=", "_p", "/p"};
// What a page begins with is counted.
constexpr std::array<std::string_view, 4> offset_signs = {
    "?start=", "&start=", "?offset=", "&offset="};

// What two addresses begin and end with (.html) is the article's own.
struct Difference {
  std::size_t prefix = 0;
  std::size_t suffix = 0;
};

Difference difference(std::string_view current, std::string_view next) {
  Difference found;
  const std::size_t least = std::min(current.size(), next.size());
  while (found.prefix < least && current[found.prefix] == next[found.prefix])
    ++found.prefix;
  while (found.suffix < least - found.prefix &&
         current[current.size() - 1 - found.suffix] == next[next.size() - 1 - found.suffix])
    ++found.suffix;
  return found;
}

std::string_view without_hash(std::string_view url) {
  return url.substr(0, url.find('#'));
}

// `…part-one` and `…part-two`, `?start=10`: too little for a link that only says "next".
bool is_related_page(std::string_view current, std::string_view next) {
  static constexpr std::array<std::string_view, 10> numbers = {
      "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"};
  current = without_hash(current);
  next = without_hash(next);
  for (const std::string_view sign : offset_signs) {
    const auto at = next.rfind(sign);
    if (at == std::string_view::npos) continue;
    const Numbered here = read_number(current.substr(std::min(at, current.size())));
    const Numbered there = read_number(next.substr(at));
    if (current.substr(0, at) != next.substr(0, at) || there.sign != sign) continue;
    if (current.size() == at ? there.number > 0 : here.sign == sign && there.number > here.number)
      return true;
  }
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i) {
    for (const std::string_view sign : {"part-", "page-", "part_", "page_"}) {
      const auto at = current.rfind(sign);
      if (at == std::string_view::npos) continue;
      const std::string_view rest = current.substr(at + sign.size());
      if (rest.starts_with(numbers[i]) && next == std::string(current.substr(0, at + sign.size())) +
                                                      std::string(numbers[i + 1]) +
                                                      std::string(rest.substr(numbers[i].size())))
        return true;
    }
  }
  return false;
}

// Whether a link is one of a pager: in its words, or by the second page's number.
bool leads_on(const Node& link) {
  const std::string words = words_of(link);
  return is_one_of(words, next_words) || is_one_of(words, next_phrases) ||
         (!words.empty() && words.size() <= most_digits &&
          std::all_of(words.begin(), words.end(), is_digit));
}

}  // namespace

bool is_following_page(std::string_view current, std::string_view next) {
  current = without_hash(current);
  next = without_hash(next);
  if (current == next) return false;
  const auto [prefix, suffix] = difference(current, next);
  std::string_view mine = current.substr(prefix, current.size() - prefix - suffix);
  std::string_view its = next.substr(prefix, next.size() - prefix - suffix);
  if (mine.empty() || mine == "/") {
    // The first page has no number; the second is 2, or 1 where one counts from 0.
    if (!its.empty() && is_digit(its.front()) && prefix > 0 && is_digit(next[prefix - 1]))
      return false;
    const bool has_sign = !its.empty() && !is_digit(its.front());
    const auto [sign, number] = read_number(its);
    const bool after_slash = prefix > 0 && next[prefix - 1] == '/';
    const bool is_sign = is_one_of(sign, page_signs) || is_one_of(sign, number_signs);
    return is_sign && (has_sign || after_slash) && (number == 1 || number == 2);
  }
  // Both have one: `…_2` and `…_3`, `…_9` and `…_10`. A number that is part of the article's name
  // is not cut in two.
  const std::size_t begin = first_of_last_digits(next.substr(0, prefix));
  mine = current.substr(begin, current.size() - suffix - begin);
  its = next.substr(begin, next.size() - suffix - begin);
  const auto all_digits = [](std::string_view text) {
    return !text.empty() && text.size() <= most_digits &&
           std::all_of(text.begin(), text.end(), is_digit);
  };
  if (!all_digits(mine) || !all_digits(its) || begin == 0) return false;
  constexpr std::string_view signs = "_-/=p";
  return signs.find(next[begin - 1]) != std::string_view::npos &&
         std::atoi(std::string(its).c_str()) == std::atoi(std::string(mine).c_str()) + 1;
}

PageAddress page_address(std::string_view first, std::string_view next) {
  first = without_hash(first);
  next = without_hash(next);
  const auto [prefix, suffix] = difference(first, next);
  if (prefix + suffix < first.size()) return PageAddress::other;
  const Numbered its = read_number(next.substr(prefix, next.size() - prefix - suffix));
  if (its.number < 0) return PageAddress::other;
  const bool is_named = is_one_of(its.sign, page_signs) || is_one_of(its.sign, offset_signs);
  return is_named ? PageAddress::named : PageAddress::numbered;
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
    const bool is_related = has_next_relation(*at);
    if (!is_related && (link || !leads_on(*at))) continue;
    const auto target = resolve_url(base, *href);
    if (!target) continue;
    if (!is_following_page(url, *target) && !(is_related && is_related_page(url, *target)))
      continue;
    const auto there = parse_url(*target);
    if (there && there->authority() == own->authority()) return without_fragment(*target);
  }
  return {};
}

}  // namespace dandelion
