// SPDX-License-Identifier: MIT
#include "extract/page_joiner.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string_view>

#include "core/text.hpp"
#include "extract/next_page.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::array<std::string_view, 29> page_words = {
    "page",     "pages", "seite",  "página", "pagina",  "страница", "Страница", "стр",
    "сторінка", "sayfa", "trang",  "หน้า",    "halaman", "strona",   "sida",     "side",
    "sivu",     "oldal", "strana", "σελίδα", "الصفحة",  "صفحه",     "页",       "頁",
    "第",       "共",    "ページ", "페이지", "쪽"};
constexpr std::array<std::string_view, 6> words_between = {"of", "von", "de", "sur", "из", "/"};

struct PageMark {
  bool number = false;
  bool named = false;  // by a word, or as `2/5`, or in brackets
};

// Nothing where a part of the text is anything but a page's number and what belongs to it.
std::optional<PageMark> read_page_mark(std::string_view text) {
  PageMark mark;
  while (!text.empty()) {
    const auto begins = [&text](std::string_view word) {
      return equals_ignoring_case(text.substr(0, word.size()), word);
    };
    const auto* word = std::find_if(page_words.begin(), page_words.end(), begins);
    const auto* between = std::find_if(words_between.begin(), words_between.end(), begins);
    if (word != page_words.end()) {
      mark.named = true;
      text.remove_prefix(word->size());
    } else if (between != words_between.end()) {
      mark.named = mark.named || text.front() == '/';
      text.remove_prefix(between->size());
    } else if (const CodePoint c = read_utf8(text);
               is_ascii_letter(text.front()) ||
               (c.value >= 0x80 && leading_space(text) == 0 &&
                std::u32string_view(U"（）【】–—－｜·»›").find(c.value) ==
                    std::u32string_view::npos)) {
      return std::nullopt;
    } else {
      mark.number = mark.number || is_digit(text.front());
      mark.named = mark.named || text.front() == '(' || text.front() == '[' || c.value == U'（';
      text.remove_prefix(c.length);
    }
  }
  return mark;
}

bool is_word_boundary(std::string_view text, std::size_t at) {
  const auto is_word = [](char c) { return is_ascii_letter(c) || is_digit(c); };
  return at == 0 || at == text.size() || !is_word(text[at - 1]) || !is_word(text[at]);
}

// "Headline (2)", "Headline - page 2 of 5", "标题 第2页": without what says which page it is.
std::string_view without_page_mark(std::string_view title) {
  for (std::size_t at = 1; at < title.size(); ++at) {
    if (!is_word_boundary(title, at) || (static_cast<unsigned char>(title[at]) & 0xC0U) == 0x80)
      continue;
    const auto mark = read_page_mark(title.substr(at));
    if (mark && mark->number && mark->named) return trim(title.substr(0, at));
  }
  return title;
}

bool same_headline(std::string_view first, std::string_view next) {
  constexpr std::size_t longest = 500;
  if (first == next) return true;
  if (first.empty() || first.size() > longest || next.size() > longest) return false;
  if (without_page_mark(first) == without_page_mark(next)) return true;
  const bool begins = next.starts_with(first);
  if (!begins && !next.ends_with(first)) return false;
  const std::size_t cut = begins ? first.size() : next.size() - first.size();
  const auto mark = read_page_mark(begins ? next.substr(cut) : next.substr(0, cut));
  return is_word_boundary(next, cut) && mark && mark->number;
}

// A site's name as the title is none.
bool has_headline(const html::Article& article) {
  return !article.title.empty() && article.title != article.site_name;
}

bool continues(const html::Article& first, const html::Article& next) {
  const PageAddress address = page_address(first.url, next.url);
  if (address == PageAddress::named) return true;
  if (!has_headline(next)) return has_headline(first) || address == PageAddress::numbered;
  return same_headline(first.title, next.title);
}

}  // namespace

PageJoiner::PageJoiner(html::Article& first) : first_(first) {
  static_cast<void>(repeats(*first.body));
}

// Notes what the body shows. Whether nearly all of it was there before: a page that is asked for by
// another number may have another advertisement in it.
bool PageJoiner::repeats(const Node& body) {
  std::size_t bytes = 0;
  std::size_t new_bytes = 0;
  bool has_new_picture = false;
  const auto is_new = [this](std::string_view seen) {
    return seen_.insert(std::hash<std::string_view>()(seen)).second;
  };
  for (const Node* at = &body; at != nullptr; at = html::next_in_tree(*at, body)) {
    if (at->is_element(Tag::img_) && is_new(at->attribute_or_empty("src"))) has_new_picture = true;
    if (!at->is_text() || is_blank(at->text)) continue;
    const std::string_view text = trim(at->text);
    bytes += text.size();
    if (is_new(text)) new_bytes += text.size();
  }
  return !has_new_picture && 10 * new_bytes <= bytes;
}

bool PageJoiner::add(const html::Article& next) {
  if (!continues(first_, next) || repeats(*next.body)) return false;
  for (const Node* child = next.body->first_child; child != nullptr; child = child->next)
    html::append_child(*first_.body, *first_.document->clone(*child));
  first_.links.insert(first_.links.end(), next.links.begin(), next.links.end());
  first_.images.insert(first_.images.end(), next.images.begin(), next.images.end());
  first_.next_page = next.next_page;
  return true;
}

}  // namespace dandelion
