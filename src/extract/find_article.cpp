// SPDX-License-Identifier: MIT
#include "extract/find_article.hpp"

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using html::TagSet;

// Words in class and id. What they stand for on real pages is near enough the same in all
// languages, since class names are mostly English.
constexpr std::array<std::string_view, 20> content_words = {
    "article", "artbody", "body",    "content", "entry",    "main",   "news",
    "post",    "story",   "text",    "detail",  "zhengwen", "nrong",  "hentry",
    "reading", "prose",   "noidung", "contenu", "inhalt",   "beitrag"};
constexpr std::array<std::string_view, 36> boilerplate_words = {
    "advert",     "banner",  "breadcrumb", "comment",   "cookie",   "disqus",
    "footer",     "hidden",  "masthead",   "menu",      "modal",    "nav",
    "newsletter", "pager",   "pagination", "popup",     "promo",    "recommend",
    "related",    "share",   "sharing",    "sidebar",   "signup",   "skip",
    "social",     "sponsor", "subscribe",  "tags",      "toolbar",  "widget",
    "outbrain",   "taboola", "consent",    "copyright", "hot-list", "rank"};

const TagSet& ignored_elements() {
  static const TagSet tags = {
      Tag::script_, Tag::style_,  Tag::noscript_, Tag::template_, Tag::head_,   Tag::nav_,
      Tag::footer_, Tag::aside_,  Tag::form_,     Tag::button_,   Tag::select_, Tag::textarea_,
      Tag::svg_,    Tag::iframe_, Tag::object_,   Tag::menu_,     Tag::dialog_};
  return tags;
}

template <std::size_t N>
int count_words(std::string_view names, const std::array<std::string_view, N>& words) {
  int found = 0;
  for (const auto word : words)
    found += names.find(word) != std::string_view::npos ? 1 : 0;
  return found;
}

std::string names_of(const Node& element) {
  return ascii_lower(std::string(element.attribute_or_empty("class")) + " " +
                     std::string(element.attribute_or_empty("id")));
}

bool is_hidden(const Node& element) {
  const std::string style = ascii_lower(element.attribute_or_empty("style"));
  return element.attribute("hidden") || element.attribute_or_empty("aria-hidden") == "true" ||
         style.find("display:none") != std::string::npos ||
         style.find("display: none") != std::string::npos;
}

// An ideograph or syllable says about as much as two and a half letters.
double weight_of(std::string_view text) {
  double weight = 0;
  for (const char c : trim(text)) {
    const auto byte = static_cast<unsigned char>(c);
    // One for each character, counted at its first byte.
    if (byte >= 0xE1) {
      weight += 2.5;
    } else if (byte < 0x80 || byte >= 0xC2) {
      weight += 1;
    }
  }
  return weight;
}

struct Score {
  double text = 0;   // weight of all text under the element
  double links = 0;  // the part of it that stands in links
  double value = 0;  // what its paragraphs give it
};

class Scorer {
 public:
  explicit Scorer(Node& page) : page_(page) {}

  Node* best() {
    measure();
    for (Node* paragraph : paragraphs_)
      credit(*paragraph);
    Node* winner = nullptr;
    double highest = 0;
    for (auto& [element, score] : scores_) {
      if (score.value <= 0) continue;
      const double value = score.value * (1 - link_share(score)) * name_factor(*element);
      // Elements are hashed by address: a tie goes to the one that stands first in the page, not to
      // chance.
      if (value > highest ||
          (value == highest && winner != nullptr && order_[element] < order_[winner])) {
        highest = value;
        winner = element;
      }
    }
    return winner;
  }

 private:
  static double link_share(const Score& score) {
    return score.text > 0 ? score.links / score.text : 0;
  }

  static double name_factor(const Node& element) {
    const std::string names = names_of(element);
    double factor = 1 + 0.15 * std::min(2, count_words(names, content_words)) -
                    0.3 * std::min(2, count_words(names, boilerplate_words));
    if (element.tag == Tag::article_ || element.attribute_or_empty("itemprop") == "articleBody")
      factor += 0.3;
    if (element.tag == Tag::body_) factor -= 0.2;
    return factor;
  }

  void measure() {
    Node* at = html::next_in_tree(page_, page_);
    while (at != nullptr) {
      if (at->is_element() && (ignored_elements().has(at->tag) || is_hidden(*at))) {
        at = html::next_skipping_children(*at, page_);
        continue;
      }
      if (at->is_element()) order_.emplace(at, order_.size());
      if (at->is_text()) add_text(*at);
      at = html::next_in_tree(*at, page_);
    }
  }

  void add_text(const Node& text) {
    const double weight = weight_of(text.text);
    if (weight == 0) return;
    bool linked = false;
    Node* block = nullptr;
    int depth = 0;
    for (Node* up = text.parent; up != nullptr && depth < max_depth; up = up->parent, ++depth) {
      linked = linked || up->is_element(Tag::a_);
      if (block == nullptr && html::is_block(up->tag)) block = up;
      Score& score = scores_[up];
      score.text += weight;
      if (linked) score.links += weight;
    }
    if (block != nullptr && (paragraphs_.empty() || paragraphs_.back() != block))
      paragraphs_.push_back(block);
  }

  // A block with text gives its parent its weight, the next two a part: siblings add up where the
  // article is.
  void credit(Node& paragraph) {
    const Score& own = scores_[&paragraph];
    if (credited_[&paragraph]++ > 0 || own.text < 25 || link_share(own) > 0.6) return;
    const double value = std::min(own.text, 600.0) * (1 - link_share(own));
    constexpr std::array<double, 4> shares = {1, 0.6, 0.25, 0.1};
    Node* up =
        html::is_block(paragraph.tag) && paragraph.tag != Tag::div_ ? paragraph.parent : &paragraph;
    for (const double share : shares) {
      if (up == nullptr || !up->is_element()) return;
      scores_[up].value += value * share;
      up = up->parent;
    }
  }

  // Deeper than this a page is not an article's but an attack on our time.
  static constexpr int max_depth = 256;

  Node& page_;
  std::unordered_map<Node*, Score> scores_;
  std::unordered_map<Node*, std::size_t> order_;
  std::unordered_map<Node*, int> credited_;
  std::vector<Node*> paragraphs_;
};

bool is_boilerplate(const Node& element) {
  static const TagSet tags = {Tag::nav_,  Tag::footer_, Tag::aside_,
                              Tag::form_, Tag::button_, Tag::dialog_};
  if (tags.has(element.tag) || is_hidden(element)) return true;
  if (!html::is_block(element.tag) || element.tag == Tag::p_) return false;
  const std::string names = names_of(element);
  return count_words(names, boilerplate_words) > 0 && count_words(names, content_words) == 0;
}

}  // namespace

Node* find_article_body(Node& page) {
  return Scorer(page).best();
}

void remove_boilerplate(Node& body) {
  Node* at = html::next_in_tree(body, body);
  while (at != nullptr) {
    if (!at->is_element() || !is_boilerplate(*at)) {
      at = html::next_in_tree(*at, body);
      continue;
    }
    Node* next = html::next_skipping_children(*at, body);
    html::remove(*at);
    at = next;
  }
}

}  // namespace dandelion
