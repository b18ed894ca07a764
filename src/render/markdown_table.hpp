// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "html/dom.hpp"

namespace dandelion {

// What a <table> is to Markdown. GFM's tables have one header row, a fixed number of columns and
// cells of one line.
struct TableGrid {
  enum class Kind {
    plain,    // GFM can write it
    complex,  // stays HTML
    layout,   // no table but a way to place things: its cells' content counts
  };
  Kind kind = Kind::complex;
  std::vector<const html::Node*> rows;
  std::size_t columns = 0;
  std::vector<std::uint8_t> alignments;  // one a column: 'l', 'c', 'r' or 0
};

[[nodiscard]] TableGrid grid_of(const html::Node& table);

}  // namespace dandelion
