// SPDX-License-Identifier: MIT
#include "extract/find_article.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "extract/block_model.hpp"
#include "extract/media.hpp"
#include "extract/name_weights.hpp"
#include "extract/text_blocks.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;
using html::TagSet;

// Shown, though there is no text in them.
const TagSet& media_elements() {
  static const TagSet tags = {Tag::img_,    Tag::picture_, Tag::video_,  Tag::audio_,
                              Tag::iframe_, Tag::hr_,      Tag::source_, Tag::track_};
  return tags;
}

// May be empty without being a remnant.
const TagSet& empty_elements() {
  static const TagSet tags = {Tag::br_,    Tag::wbr_,   Tag::td_,   Tag::th_,
                              Tag::tr_,    Tag::tbody_, Tag::col_,  Tag::colgroup_,
                              Tag::table_, Tag::thead_, Tag::tfoot_};
  return tags;
}

constexpr float longest_caption = 500;
// Below what names of lists' entries and of galleries weigh, which are an article's as often.
constexpr float lowest_figure_name = -2.2F;

class Pruner {
 public:
  Pruner(const PageText& page, const std::vector<bool>& chosen) : page_(page), chosen_(chosen) {
    kept_.reserve(page.blocks.size() + 1);
    all_.reserve(page.blocks.size() + 1);
    text_.reserve(page.blocks.size() + 1);
    for (std::size_t i = 0; i < page.blocks.size(); ++i) {
      const auto weight = static_cast<double>(page.blocks[i].count.weight);
      kept_.push_back(kept_.back() + (chosen_[i] ? weight : 0));
      all_.push_back(all_.back() + weight);
      const bool is_caption = !chosen_[i] && (page.blocks[i].around & around::figure) != 0;
      text_.push_back(text_.back() + (is_caption ? 0 : weight));
    }
  }

  // The deepest element around every block that was chosen, pruned; nullptr where none was.
  Node* prune() {
    const auto first = std::find(chosen_.begin(), chosen_.end(), true);
    if (first == chosen_.end()) return nullptr;
    const auto last = std::find(chosen_.rbegin(), chosen_.rend(), true);
    const auto begin = static_cast<std::uint32_t>(first - chosen_.begin());
    const auto end = static_cast<std::uint32_t>(chosen_.rend() - last);
    std::uint32_t body = page_.blocks[begin].element;
    while (page_.elements[body].end_block < end)
      body = page_.elements[body].parent;
    // A lone paragraph in its own element: what stands beside it may be its picture.
    if (body != 0 && page_.elements[body].node->is_element(Tag::p_))
      body = page_.elements[body].parent;
    body_ = body;
    drop_texts(page_.elements[body]);
    for (std::uint32_t i = body + 1; i < page_.elements[body].end_element;)
      i = visit(i);
    Node* node = page_.elements[body].node;
    remove_remnants(*node);
    return node;
  }

 private:
  [[nodiscard]] double kept_in(const PageElement& element) const {
    return kept_[element.end_block] - kept_[element.first_block];
  }
  [[nodiscard]] double all_in(const PageElement& element) const {
    return all_[element.end_block] - all_[element.first_block];
  }

  // Without captions: those of pictures beside a picture say nothing of where it stands.
  [[nodiscard]] double text_in(const PageElement& element) const {
    return text_[element.end_block] - text_[element.first_block];
  }

  void drop_texts(const PageElement& body) {
    for (std::uint32_t i = body.first_block; i < body.end_block; ++i) {
      if (chosen_[i] || is_in_kept_figure(i)) continue;
      for (std::uint32_t at = page_.blocks[i].first_text; at < page_.blocks[i].end_text; ++at)
        html::remove(*page_.texts[at]);
    }
  }

  // The next element to look at, after those inside where the element was taken out.
  std::uint32_t visit(std::uint32_t index) {
    const PageElement& element = page_.elements[index];
    // With its caption, whatever of it was chosen.
    if (is_figure(element) && stands_in_text(index)) return element.end_element;
    if (kept_in(element) > 0) return index + 1;
    if (element.first_block == element.end_block) {
      // Nothing to rate: a picture, a rule, a break.
      if (html::is_block(element.node->tag) || media_elements().has(element.node->tag)) {
        if (!stands_in_text(index)) {
          html::remove(*element.node);
          return element.end_element;
        }
      }
      return index + 1;
    }
    if (block_level(element) && !holds_only_figures(index)) {
      html::remove(*element.node);
      return element.end_element;
    }
    return index + 1;
  }

  // Whether all text in the element is of figures in the midst of the text: a wrapper of theirs.
  [[nodiscard]] bool holds_only_figures(std::uint32_t index) const {
    const PageElement& element = page_.elements[index];
    std::uint32_t block = element.first_block;
    for (std::uint32_t i = index + 1; i < element.end_element && block < element.end_block;) {
      const PageElement& inner = page_.elements[i];
      const bool is_kept = inner.first_block == block && is_figure(inner) && stands_in_text(i);
      if (is_kept) block = inner.end_block;
      i = is_kept || inner.first_block == inner.end_block ? inner.end_element : i + 1;
    }
    return block == element.end_block;
  }

  [[nodiscard]] static bool block_level(const PageElement& element) {
    return html::is_block(element.node->tag) || element.node->tag == Tag::noscript_ ||
           element.node->tag == Tag::a_ || element.node->tag == Tag::button_;
  }

  // A picture that leads elsewhere, or whose names say that it is none of the article's.
  [[nodiscard]] bool is_promotion(const PageElement& figure) const {
    double in_links = 0;
    for (std::uint32_t i = figure.first_block; i < figure.end_block; ++i)
      in_links += static_cast<double>(page_.blocks[i].count.in_links);
    // What the names around the text say is said of the text as well.
    const bool is_lower = figure.name_low < page_.elements[body_].name_low;
    return 2 * in_links > all_in(figure) || (is_lower && figure.name_low < lowest_figure_name);
  }

  [[nodiscard]] bool is_figure(const PageElement& element) const {
    return element.node->is_element(Tag::figure_) && !is_promotion(element) &&
           all_in(element) <= static_cast<double>(longest_caption);
  }

  [[nodiscard]] bool is_in_kept_figure(std::uint32_t block) const {
    std::uint32_t at = page_.blocks[block].element;
    for (int up = 0; up < 6 && at != no_index && at > body_; ++up) {
      if (is_figure(page_.elements[at])) return stands_in_text(at);
      at = page_.elements[at].parent;
    }
    return false;
  }

  // Whether most of the text around the element, its own left out, was chosen.
  [[nodiscard]] bool stands_in_text(std::uint32_t index) const {
    const PageElement& element = page_.elements[index];
    if ((element.around & (around::nav | around::aside | around::hidden | around::dialog)) != 0 &&
        (page_.elements[body_].around &
         (around::nav | around::aside | around::hidden | around::dialog)) == 0)
      return false;
    const double own = text_in(element);
    std::uint32_t at = index;
    // Deeper than this a page is not an article's but an attack on our time.
    for (int up = 0; up < 64 && at > body_; ++up) {
      at = page_.elements[at].parent;
      const double all = text_in(page_.elements[at]) - own;
      if (all <= 0) continue;
      return 2 * (kept_in(page_.elements[at]) - kept_in(element)) >= all;
    }
    return true;
  }

  // Elements that were emptied, from the inside out.
  static void remove_remnants(Node& body) {
    Node* at = &body;
    while (at->first_child != nullptr)
      at = at->first_child;
    while (at != &body) {
      Node* next = at->next;
      if (next == nullptr) {
        next = at->parent;
      } else {
        while (next->first_child != nullptr)
          next = next->first_child;
      }
      const bool remnant = at->is_element() && !holds_something(*at) &&
                           !media_elements().has(at->tag) && !empty_elements().has(at->tag) &&
                           at->ns == html::Namespace::html;
      if (remnant) html::remove(*at);
      at = next;
    }
  }

  static bool holds_something(const Node& element) {
    for (const Node* child = element.first_child; child != nullptr; child = child->next) {
      if (child->is_element() && child->tag != Tag::br_) return true;
      if (child->is_text() && !is_blank(child->text)) return true;
    }
    return false;
  }

  const PageText& page_;
  const std::vector<bool>& chosen_;
  std::vector<double> kept_{0.0};  // chosen weight before each block
  std::vector<double> all_{0.0};
  std::vector<double> text_{0.0};
  std::uint32_t body_ = 0;
};

// A heading that repeats the title in front of all other text is the page's, not the text's.
void leave_title_out(const PageText& page, const BlockFeatures& features,
                     std::vector<bool>& chosen) {
  const float* repeats = features.column(Feature::is_title);
  const float* level = features.column(Feature::heading_level);
  for (std::size_t i = 0; i < page.blocks.size(); ++i) {
    if (!chosen[i]) continue;
    if (repeats[i] == 0.0F || level[i] == 0.0F || level[i] > 2.0F) return;
    chosen[i] = false;
  }
}

Node* caption_of(const Node& image) {
  Node* figure = image.parent;
  while (figure != nullptr && !figure->is_element(Tag::figure_))
    figure = figure->parent;
  if (figure == nullptr) return nullptr;
  for (Node* at = figure; at != nullptr; at = html::next_in_tree(*at, *figure)) {
    if (at->is_element(Tag::figcaption_)) return at;
  }
  return nullptr;
}

// The picture between the title's heading and the body, where the body begins without one.
void find_lead(const PageText& page, const BlockFeatures& features, const std::vector<bool>& chosen,
               FoundArticle& found) {
  const float* level = features.column(Feature::heading_level);
  std::size_t title = page.blocks.size();
  std::size_t begin = 0;
  while (begin < chosen.size() && !chosen[begin]) {
    if (level[begin] == 1.0F) title = begin;
    ++begin;
  }
  if (title >= begin || begin == chosen.size()) return;
  for (std::uint32_t i = page.blocks[title].element; i < page.blocks[begin].element; ++i) {
    const PageElement& element = page.elements[i];
    const bool aside = (element.around & (around::nav | around::aside | around::hidden |
                                          around::form | around::footer)) != 0;
    if (!element.node->is_element(Tag::img_) || aside || is_small_picture(*element.node)) continue;
    if (element.name_low < -1.5F || html::contains(*found.body, *element.node)) continue;
    found.lead = element.node;
    found.lead_caption = caption_of(*element.node);
    return;
  }
}

// What describing blocks costs, half a kilobyte each, is for pages; this is some fifty times what
// the longest articles have.
constexpr std::size_t most_rated_blocks = 100'000;

// Of a page too long to rate: all but what the page itself calls something else.
std::vector<bool> choose_unrated(const PageText& page) {
  constexpr std::uint32_t not_text = around::nav | around::footer | around::aside | around::button |
                                     around::hidden | around::dialog;
  // Some systems put the whole page into one form.
  for (const std::uint32_t bits : {not_text | around::header | around::form, not_text}) {
    std::vector<bool> chosen;
    chosen.reserve(page.blocks.size());
    for (const TextBlock& block : page.blocks)
      chosen.push_back((block.around & bits) == 0);
    if (2 * std::count(chosen.begin(), chosen.end(), true) > std::ssize(chosen)) return chosen;
  }
  return std::vector<bool>(page.blocks.size(), true);
}

}  // namespace

FoundArticle find_article(Document& document, std::string_view title, PageKind kind) {
  const PageText page = collect_text(document.root(), NameWeights::built_in());
  FoundArticle found;
  if (page.blocks.empty()) return found;
  if (page.blocks.size() > most_rated_blocks) {
    found.body = Pruner(page, choose_unrated(page)).prune();
    return found;
  }
  const BlockStructure structure(page);
  BlockFeatures features = describe_blocks(structure, title, kind);
  std::vector<bool> chosen = choose_blocks(structure, rate_blocks(structure, features));
  const std::vector<bool> with_title = chosen;
  leave_title_out(page, features, chosen);
  if (std::find(chosen.begin(), chosen.end(), true) == chosen.end()) chosen = with_title;
  found.body = Pruner(page, chosen).prune();
  if (found.body != nullptr) find_lead(page, features, chosen, found);
  return found;
}

}  // namespace dandelion
