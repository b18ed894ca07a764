// SPDX-License-Identifier: MIT
#include "extract/block_groups.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "extract/block_structure.hpp"

namespace dandelion {
namespace {

using html::Tag;
using html::TagSet;

constexpr std::uint64_t same_element = 0x9D8A5F3C11B7E26DULL;  // unlike any element's number
constexpr float longest_entry = 400;                           // a list's, in letters
constexpr std::uint32_t fewest_entries = 3;
constexpr float least_paragraph_rate = 0.1F;
constexpr float least_table_rate = 0.3F;
constexpr std::uint32_t reach = 2;  // blocks beside a table that tell whether it stands in the text

const TagSet& list_elements() {
  static const TagSet tags = {Tag::table_, Tag::ul_, Tag::ol_, Tag::dl_};
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

// Rows of cells and nothing else: no table that lays out the page.
bool is_data_table(const PageText& page, std::uint32_t index) {
  static const TagSet layout = {Tag::table_, Tag::form_, Tag::article_};
  const PageElement& table = page.elements[index];
  if (!table.node->is_element(Tag::table_) || table.first_block == table.end_block) return false;
  std::size_t cells = 0;
  std::size_t rows = 0;
  for (std::uint32_t i = index + 1; i < table.end_element; ++i) {
    const html::Node& node = *page.elements[i].node;
    if (layout.has(node.tag)) return false;
    cells += node.is_element(Tag::td_) || node.is_element(Tag::th_) ? 1U : 0U;
    rows += node.is_element(Tag::tr_) ? 1U : 0U;
  }
  return rows >= 2 && cells >= 4 && table.end_block - table.first_block <= 2 * cells;
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

}  // namespace

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
  const auto is_list = [&](const PageElement& element) {
    return element.node->is_element() && list_elements().has(element.node->tag) &&
           element.end_block - element.first_block >= fewest_entries &&
           paragraphs.between(element.first_block, element.end_block) == 0;
  };
  // The innermost list around each element; 0 for none.
  std::vector<std::uint32_t> lists(page.elements.size(), 0);
  for (std::uint32_t i = 1; i < page.elements.size(); ++i)
    lists[i] = is_list(page.elements[i]) ? i : lists[page.elements[i].parent];
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const std::uint32_t list = lists[page.blocks[i].element];
    if (list == 0) continue;
    const PageElement& element = page.elements[list];
    const float mean = ratio(expected.between(element.first_block, element.end_block),
                             weights.between(element.first_block, element.end_block));
    rates[i] = (rates[i] + mean) / 2;
  }
}

void close_gaps(const PageText& page, const std::vector<float>& rates, std::vector<bool>& taken) {
  const std::vector<std::uint64_t> looks = BlockStructure(page).looks();
  std::vector<std::uint64_t> groups;
  groups.reserve(taken.size());
  std::unordered_map<std::uint64_t, Share> shares;
  for (std::size_t i = 0; i < taken.size(); ++i) {
    groups.push_back(paragraph_group(page, looks, page.blocks[i]));
    if (groups[i] != 0) shares[groups[i]].add(page.blocks[i], taken[i] ? 1 : 0);
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    if (groups[i] != 0 && rates[i] >= least_paragraph_rate && shares[groups[i]].value() >= 0.5)
      taken[i] = true;
  }
}

void settle_tables(const PageText& page, const std::vector<float>& rates,
                   std::vector<bool>& taken) {
  for (std::uint32_t at = 0; at < page.elements.size(); ++at) {
    if (!is_data_table(page, at)) continue;
    const PageElement& table = page.elements[at];
    Share likely;
    Share chosen;
    for (std::uint32_t i = table.first_block; i < table.end_block; ++i) {
      likely.add(page.blocks[i], static_cast<double>(rates[i]));
      chosen.add(page.blocks[i], taken[i] ? 1 : 0);
    }
    const bool in_text = likely.value() >= static_cast<double>(least_table_rate) &&
                         stands_between_taken(table, taken);
    std::fill(taken.begin() + table.first_block, taken.begin() + table.end_block,
              chosen.value() >= 0.5 || in_text);
  }
}

}  // namespace dandelion
