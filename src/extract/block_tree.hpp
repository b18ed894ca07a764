// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dandelion {

constexpr std::size_t block_tree_depth = 5;

// Asks `features[level] > thresholds[level]` at each level; the answers are the bits of the leaf's
// place, the first the lowest.
struct BlockTree {
  std::array<std::uint8_t, block_tree_depth> features;
  std::array<float, block_tree_depth> thresholds;
  std::array<std::int16_t, 1U << block_tree_depth> leaves;  // in 4096ths of a logarithm of odds
};

}  // namespace dandelion
