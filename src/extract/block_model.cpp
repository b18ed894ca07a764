// SPDX-License-Identifier: MIT
#include "extract/block_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "extract/block_groups.hpp"
#include "extract/block_model_data.hpp"

namespace dandelion {
namespace {

// Leaves are whole numbers of this part of a logarithm of odds, so that sums are exact.
constexpr float leaf_unit = 1.0F / 4096;

// The logistic function, rounded, so that the last bit of a library's exp() decides nothing.
float probability(std::int32_t sum) {
  static const auto table = [] {
    std::array<float, 2049> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double odds = (static_cast<double>(i) - 1024) / 128;
      values.at(i) = static_cast<float>(std::round(65536 / (1 + std::exp(-odds))) / 65536);
    }
    return values;
  }();
  const float odds = static_cast<float>(sum) * leaf_unit;
  const auto at = static_cast<std::ptrdiff_t>(std::lround(odds * 128)) + 1024;
  return table[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(at, 0, 2048))];
}

std::vector<float> rate_with(std::span<const BlockTree> trees, std::int32_t bias,
                             const BlockFeatures& features) {
  const std::size_t blocks = features.blocks();
  std::vector<std::int32_t> sums(blocks, bias);
  std::vector<std::uint8_t> leaves(blocks);
  for (const BlockTree& tree : trees) {
    std::fill(leaves.begin(), leaves.end(), std::uint8_t{0});
    for (std::size_t level = 0; level < block_tree_depth; ++level) {
      const float* column = features.column(static_cast<Feature>(tree.features[level]));
      const float threshold = tree.thresholds[level];
      const auto bit = static_cast<std::uint8_t>(1U << level);
      for (std::size_t i = 0; i < blocks; ++i)
        leaves[i] = static_cast<std::uint8_t>(leaves[i] | (column[i] > threshold ? bit : 0));
    }
    for (std::size_t i = 0; i < blocks; ++i)
      sums[i] += tree.leaves[leaves[i]];
  }
  std::vector<float> rates(blocks);
  std::transform(sums.begin(), sums.end(), rates.begin(), probability);
  return rates;
}

// Taking all blocks down to some rate.
struct Taking {
  std::size_t blocks = 0;
  double weight = 0;
  double hits = 0;  // of the weight, what is expected to be text
  double rate = 0;  // the lowest
};

// From the fewest blocks on, in steps of a rate that a reader would not tell apart.
std::vector<Taking> possible_takings(const PageText& page, const std::vector<float>& rates,
                                     const std::vector<std::uint32_t>& order) {
  const auto step_of = [&](std::size_t at) { return std::ceil(rates[order[at]] * 64); };
  std::vector<Taking> takings;
  Taking all;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto weight = static_cast<double>(page.blocks[order[i]].count.weight);
    all.rate = static_cast<double>(rates[order[i]]);
    all.blocks = i + 1;
    all.weight += weight;
    all.hits += weight * all.rate;
    if (i + 1 == order.size() || step_of(i) != step_of(i + 1)) takings.push_back(all);
  }
  return takings;
}

// The F1 to be expected if every block were text or not by itself: 2 * hits / (taken + text).
double f1_if_apart(const std::vector<Taking>& takings, std::size_t taken) {
  return 2 * takings[taken].hits / (takings[taken].weight + takings.back().hits);
}

// The same if what is text were always all above some rate, and the rates said how likely each such
// taking is the right one. A list of headlines is text as a whole or not at all: a hundred blocks
// that are as likely as not are no fifty blocks of text.
double f1_if_together(const std::vector<Taking>& takings, std::size_t taken) {
  const double mine = takings[taken].weight;
  double f1 = 0;
  for (std::size_t i = 0; i < takings.size(); ++i) {
    const double next = i + 1 < takings.size() ? takings[i + 1].rate : 0;
    const double right = takings[i].weight;
    f1 += (takings[i].rate - next) * 2 * std::min(mine, right) / (mine + right);
  }
  return f1;
}

}  // namespace

std::vector<float> rate_blocks(const BlockStructure& structure, BlockFeatures& features) {
  const std::vector<float> first = rate_with(first_trees, first_tree_bias, features);
  describe_rates(structure, first, features);
  std::vector<float> rates = rate_with(second_trees, second_tree_bias, features);
  // Where the first was misled, the second is too: the mean of both does better than either.
  for (std::size_t i = 0; i < rates.size(); ++i)
    rates[i] = (rates[i] + first[i]) / 2;
  even_out_lists(structure.page(), rates);
  return rates;
}

std::vector<bool> choose_blocks(const BlockStructure& structure, const std::vector<float>& rates) {
  const PageText& page = structure.page();
  std::vector<std::uint32_t> order(rates.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&rates](std::uint32_t a, std::uint32_t b) { return rates[a] > rates[b]; });
  const std::vector<Taking> takings = possible_takings(page, rates, order);
  double best = -1;
  std::size_t best_count = 0;
  for (std::size_t i = 0; i < takings.size(); ++i) {
    const double f1 = f1_if_apart(takings, i) + f1_if_together(takings, i);
    if (f1 > best) {
      best = f1;
      best_count = takings[i].blocks;
    }
  }
  std::vector<bool> taken(rates.size(), false);
  for (std::size_t i = 0; i < best_count; ++i)
    taken[order[i]] = true;
  close_gaps(structure, rates, taken);
  settle_insets(structure, rates, taken);
  settle_tables(page, rates, taken);
  drop_labels(page, taken);
  return taken;
}

}  // namespace dandelion
