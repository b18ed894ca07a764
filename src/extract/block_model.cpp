// SPDX-License-Identifier: MIT
#include "extract/block_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

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

}  // namespace

std::vector<float> rate_blocks(const BlockFeatures& features) {
  const std::size_t blocks = features.blocks();
  std::vector<std::int32_t> sums(blocks, block_tree_bias);
  std::vector<std::uint8_t> leaves(blocks);
  for (const BlockTree& tree : block_trees) {
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

std::vector<bool> choose_blocks(const PageText& page, const std::vector<float>& rates) {
  std::vector<std::uint32_t> order(rates.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&rates](std::uint32_t a, std::uint32_t b) { return rates[a] > rates[b]; });
  double expected = 0;
  for (std::size_t i = 0; i < rates.size(); ++i)
    expected += static_cast<double>(page.blocks[i].count.weight * rates[i]);
  // F1 = 2 * hits / (chosen + expected): taking blocks from the surest on, it rises to one peak.
  double hits = 0;
  double chosen = 0;
  double best = -1;
  std::size_t best_count = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double weight = static_cast<double>(page.blocks[order[i]].count.weight);
    hits += weight * static_cast<double>(rates[order[i]]);
    chosen += weight;
    if (const double f1 = 2 * hits / (chosen + expected); f1 > best) {
      best = f1;
      best_count = i + 1;
    }
  }
  std::vector<bool> taken(rates.size(), false);
  for (std::size_t i = 0; i < best_count; ++i)
    taken[order[i]] = true;
  return taken;
}

}  // namespace dandelion
