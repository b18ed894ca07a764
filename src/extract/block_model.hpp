// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "extract/block_features.hpp"
#include "extract/block_structure.hpp"

namespace dandelion {

// How likely each block of the page belongs to what its readers came for, from 0 to 1: the sum of
// what small decision trees say (gradient boosting; every tree asks the same question of all blocks
// on a level, so that it is a few comparisons and one look-up). A second sum also knows what the
// first one made of the blocks around; `features` gets that filled in. scripts/train makes both.
// The same page gives the same numbers on every machine.
[[nodiscard]] std::vector<float> rate_blocks(const BlockStructure& structure,
                                             BlockFeatures& features);

// Sorts blocks into text and the rest so that the F1 to be expected is highest, halfway between
// what it were if blocks had nothing to do with each other and if they stood and fell together.
// Then what is read as one is kept as one: see block_groups.
[[nodiscard]] std::vector<bool> choose_blocks(const BlockStructure& structure,
                                              const std::vector<float>& rates);

}  // namespace dandelion
