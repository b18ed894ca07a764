// SPDX-License-Identifier: MIT
#include "extract/block_groups.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "extract/block_structure.hpp"
#include "extract/label_words.hpp"

namespace dandelion {
namespace {

using html::Tag;
using html::TagSet;

constexpr std::uint64_t same_element = 0x9D8A5F3C11B7E26DULL;  // unlike any element's number
constexpr float longest_entry = 200;                           // a list's, in letters
constexpr std::uint32_t fewest_entries = 3;
constexpr float longest_label = 300;  // of a line that holds one
constexpr float longest_label_line = 60;
constexpr float least_paragraph_rate = 0.1F;
constexpr float least_table_rate = 0.3F;
constexpr double least_inset_rate = 0.1;
constexpr int most_wrappers = 3;
constexpr float least_share_around = 0.7F;
constexpr std::uint32_t reach = 2;  // blocks beside a table that tell whether it stands in the text

const TagSet& list_elements() {
  static const TagSet tags = {Tag::ul_, Tag::ol_, Tag::dl_};
  return tags;
}

struct Share {
  double weight = 0;
  double part = 0;
  void add(const TextBlock& block, double of_it) {
    const auto own = static_cast<double>(block.count.weight);
    weight += own;
    part += own * of_it;
  }
  [[nodiscard]] double value() const { return weight > 0 ? part / weight : 0; }
};

// Blocks of the same group are paragraphs of one text: parts of one element, or the like of each
// other in one; 0 for a block that is no paragraph of text.
std::uint64_t paragraph_group(const PageText& page, const std::vector<std::uint64_t>& looks,
                              const TextBlock& block) {
  if (2 * block.count.in_links > block.count.weight) return 0;
  const PageElement& element = page.elements[block.element];
  if (element.end_block - element.first_block > 1) return mix(block.element, same_element);
  return element.node->is_element(Tag::p_) ? mix(looks[block.element], element.parent) : 0;
}

// Whether a table, or a part of one, holds what tables of data do not: whole parts of a page.
bool lays_out(const PageText& page, std::uint32_t index) {
  static const TagSet layout = {Tag::table_, Tag::form_, Tag::article_, Tag::h1_, Tag::h2_,
                                Tag::h3_,    Tag::h4_,   Tag::h5_,      Tag::h6_};
  for (std::uint32_t i = index + 1; i < page.elements[index].end_element; ++i) {
    if (layout.has(page.elements[i].node->tag)) return true;
  }
  return false;
}

// Rows of cells that hold one thing each: no table that lays out the page, whose cells hold
// paragraphs, menus and whole articles.
bool is_data_table(const PageText& page, std::uint32_t index) {
  static const TagSet layout = {Tag::table_, Tag::form_, Tag::article_, Tag::ul_,
                                Tag::ol_,    Tag::h1_,   Tag::h2_,      Tag::h3_,
                                Tag::h4_,    Tag::h5_,   Tag::h6_};
  const PageElement& table = page.elements[index];
  if (!table.node->is_element(Tag::table_) || table.first_block == table.end_block) return false;
  std::size_t rows = 0;  // those of two or more cells with text
  std::size_t cells = 0;
  std::size_t cells_in_row = 0;
  for (std::uint32_t i = index + 1; i < table.end_element; ++i) {
    const PageElement& element = page.elements[i];
    if (layout.has(element.node->tag)) return false;
    if (element.node->is_element(Tag::tr_)) cells_in_row = 0;
    if (!element.node->is_element(Tag::td_) && !element.node->is_element(Tag::th_)) continue;
    const std::uint32_t blocks = element.end_block - element.first_block;
    if (blocks > 1) return false;
    if (blocks == 0) continue;
    ++cells;
    rows += ++cells_in_row == 2 ? 1U : 0U;
  }
  return rows >= 2 && cells >= 4;
}

// "Share this", "Related": words that no sentence needs.
bool has_label(const PageText& page, const TextBlock& block) {
  return block.count.weight < longest_label &&
         label_weight(page.texts.data() + block.first_text, block.end_text - block.first_text) < 0;
}

// A heading in the element that the block behind it stands in, too.
bool heads_its_neighbour(const PageText& page, std::size_t i) {
  const TextBlock& block = page.blocks[i];
  if ((block.around & around::heading) == 0 || has_label(page, block)) return false;
  const PageElement& holder = page.elements[page.elements[block.element].parent];
  return holder.end_block > i + 1;
}

bool stands_between_taken(const PageElement& table, const std::vector<bool>& taken) {
  bool before = false;
  bool behind = false;
  for (std::uint32_t away = 0; away < reach; ++away) {
    before = before || (table.first_block > away && taken[table.first_block - away - 1]);
    behind = behind || (table.end_block + away < taken.size() && taken[table.end_block + away]);
  }
  return before && behind;
}

// What a writer puts between two paragraphs, with names and a look of its own: code, quotes, tables
// and lists.
enum class Inset : std::uint8_t { none, code, quote, list, table };

Inset inset_of(const PageText& page, std::uint32_t index) {
  const html::Node& node = *page.elements[index].node;
  if (!node.is_element()) return Inset::none;
  switch (node.tag) {
    case Tag::pre_:
      return Inset::code;
    case Tag::blockquote_:
      return Inset::quote;
    case Tag::ul_:
    case Tag::ol_:
    case Tag::dl_:
      return Inset::list;
    case Tag::table_:
      return lays_out(page, index) ? Inset::none : Inset::table;
    default:
      return Inset::none;
  }
}

// A list of links, or of things that each have one for a title, is the site's more often than the
// writer's.
bool may_be_text(const PageText& page, const std::vector<float>& rates, const PageElement& inset,
                 Inset kind) {
  if (kind == Inset::code) return true;
  Share likely;
  std::uint32_t links = 0;
  for (std::uint32_t i = inset.first_block; i < inset.end_block; ++i) {
    const TextBlock& block = page.blocks[i];
    if (kind == Inset::list && has_label(page, block)) return false;
    likely.add(block, static_cast<double>(rates[i]));
    links += 2 * block.count.in_links > block.count.weight ? 1U : 0U;
  }
  return 4 * links <= inset.end_block - inset.first_block && likely.value() >= least_inset_rate;
}

// The text of an element, all of it and what of it was taken, as sums over blocks.
class Taken {
 public:
  Taken(const PageText& page, const std::vector<bool>& taken)
      : weights_(taken.size()), taken_(taken.size()) {
    for (std::size_t i = 0; i < taken.size(); ++i) {
      weights_.add(page.blocks[i].count.weight);
      taken_.add(taken[i] ? page.blocks[i].count.weight : 0);
    }
  }
  [[nodiscard]] float share(const PageElement& element) const {
    return ratio(taken_.between(element.first_block, element.end_block),
                 weights_.between(element.first_block, element.end_block));
  }
  // Of the text around `inner` in `outer`.
  [[nodiscard]] float share_around(const PageElement& inner, const PageElement& outer) const {
    const auto around = [&](const BlockSums& sums) {
      return sums.between(outer.first_block, outer.end_block) -
             sums.between(inner.first_block, inner.end_block);
    };
    return ratio(around(taken_), around(weights_));
  }

 private:
  BlockSums weights_;
  BlockSums taken_;
};

// Whether the text before and behind it in its holder was taken, and most of that; `may_end` where
// nothing has to stand behind it.
bool stands_among_taken(const PageElement& inset, const PageElement& holder, const Taken& before,
                        const std::vector<bool>& taken, bool may_end) {
  if (inset.first_block == holder.first_block || !taken[inset.first_block - 1]) return false;
  const bool is_last = inset.end_block == holder.end_block;
  if (is_last ? !may_end : !taken[inset.end_block]) return false;
  return before.share_around(inset, holder) >= least_share_around;
}

}  // namespace

void settle_insets(const BlockStructure& structure, const std::vector<float>& rates,
                   std::vector<bool>& taken) {
  const PageText& page = structure.page();
  const Taken before(page, taken);
  for (std::uint32_t at = 1; at < page.elements.size(); ++at) {
    const PageElement& inset = page.elements[at];
    if (inset.first_block == inset.end_block) continue;
    const Inset kind = inset_of(page, at);
    if (kind == Inset::none) continue;
    // With what else is in its wrapper: a button that copies it, the language's name.
    std::uint32_t wrapper = at;
    std::uint32_t holder = structure.wider(at);
    for (int up = 0; up < most_wrappers && before.share(page.elements[holder]) == 0; ++up) {
      wrapper = holder;
      holder = structure.wider(holder);
    }
    const bool among_taken = stands_among_taken(page.elements[wrapper], page.elements[holder],
                                                before, taken, kind == Inset::code);
    const bool is_taken_quote = kind == Inset::quote && before.share(inset) >= 0.5F;
    if (!is_taken_quote && !(among_taken && may_be_text(page, rates, inset, kind))) continue;
    std::fill(taken.begin() + inset.first_block, taken.begin() + inset.end_block, true);
  }
}

void even_out_lists(const PageText& page, std::vector<float>& rates) {
  BlockSums weights(rates.size());
  BlockSums expected(rates.size());
  BlockSums paragraphs(rates.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const float weight = page.blocks[i].count.weight;
    weights.add(weight);
    expected.add(weight * rates[i]);
    paragraphs.add(weight > longest_entry ? 1.0F : 0.0F);
  }
  const auto is_list = [&](std::uint32_t index) {
    const PageElement& element = page.elements[index];
    return element.end_block - element.first_block >= fewest_entries &&
           paragraphs.between(element.first_block, element.end_block) == 0 &&
           ((element.node->is_element() && list_elements().has(element.node->tag)) ||
            is_data_table(page, index));
  };
  // The innermost list around each element; 0 for none.
  std::vector<std::uint32_t> lists(page.elements.size(), 0);
  for (std::uint32_t i = 1; i < page.elements.size(); ++i)
    lists[i] = is_list(i) ? i : lists[page.elements[i].parent];
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const std::uint32_t list = lists[page.blocks[i].element];
    if (list == 0) continue;
    const PageElement& element = page.elements[list];
    const float mean = ratio(expected.between(element.first_block, element.end_block),
                             weights.between(element.first_block, element.end_block));
    rates[i] = (rates[i] + mean) / 2;
  }
}

void close_gaps(const BlockStructure& structure, const std::vector<float>& rates,
                std::vector<bool>& taken) {
  const PageText& page = structure.page();
  std::vector<std::uint64_t> groups;
  groups.reserve(taken.size());
  std::unordered_map<std::uint64_t, Share> shares;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    groups.push_back(paragraph_group(page, structure.looks(), page.blocks[i]));
    if (groups[i] != 0) shares[groups[i]].add(page.blocks[i], taken[i] ? 1 : 0);
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (taken[i] || groups[i] == 0 || rates[i] < least_paragraph_rate) continue;
    taken[i] = shares[groups[i]].value() >= 0.5 && !has_label(page, page.blocks[i]);
  }
  for (std::size_t i = 1; i + 1 < taken.size(); ++i) {
    if (taken[i - 1] && taken[i + 1] && rates[i] >= least_paragraph_rate &&
        heads_its_neighbour(page, i))
      taken[i] = true;
  }
}

void drop_labels(const PageText& page, std::vector<bool>& taken) {
  if (std::count(taken.begin(), taken.end(), true) < 2) return;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    const TextBlock& block = page.blocks[i];
    const bool is_line = taken[i] && block.count.weight < longest_label_line &&
                         (block.around & (around::heading | around::table)) == 0;
    if (is_line &&
        is_label(page.texts.data() + block.first_text, block.end_text - block.first_text))
      taken[i] = false;
  }
}

void settle_tables(const PageText& page, const std::vector<float>& rates,
                   std::vector<bool>& taken) {
  auto taken_in_all = std::count(taken.begin(), taken.end(), true);
  for (std::uint32_t at = 0; at < page.elements.size(); ++at) {
    if (!is_data_table(page, at)) continue;
    const PageElement& table = page.elements[at];
    const auto begin = taken.begin() + table.first_block;
    const auto end = taken.begin() + table.end_block;
    const auto taken_here = std::count(begin, end, true);
    Share likely;
    Share chosen;
    for (std::uint32_t i = table.first_block; i < table.end_block; ++i) {
      likely.add(page.blocks[i], static_cast<double>(rates[i]));
      chosen.add(page.blocks[i], taken[i] ? 1 : 0);
    }
    // All that was taken: who is sure of nothing else should not lose that.
    if (taken_here == taken_in_all) continue;
    const bool in_text = likely.value() >= static_cast<double>(least_table_rate) &&
                         stands_between_taken(table, taken);
    const bool is_taken = chosen.value() >= 0.5 || in_text;
    std::fill(begin, end, is_taken);
    taken_in_all += (is_taken ? end - begin : 0) - taken_here;
  }
}

}  // namespace dandelion
