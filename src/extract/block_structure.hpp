// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "extract/text_blocks.hpp"

// What the features of blocks are counted with.
namespace dandelion {

[[nodiscard]] inline float ratio(float part, float whole) {
  return whole > 0 ? part / whole : 0;
}

// Sums over neighbouring blocks by two look-ups.
class BlockSums {
 public:
  explicit BlockSums(std::size_t blocks) { sums_.reserve(blocks + 1); }
  void add(float value) { sums_.push_back(sums_.back() + static_cast<double>(value)); }
  [[nodiscard]] float between(std::size_t begin, std::size_t end) const {
    return static_cast<float>(sums_[end] - sums_[begin]);
  }

 private:
  std::vector<double> sums_{0.0};
};

[[nodiscard]] inline std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  std::uint64_t hash = (seed ^ value) * 0x9E3779B97F4A7C15ULL;
  return hash ^ (hash >> 29);
}

[[nodiscard]] inline std::uint64_t hash_of(std::string_view text, std::uint64_t seed = 7) {
  std::uint64_t hash = seed;
  for (const char c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return mix(hash, text.size());
}

// Sums by a hash; two hashes in one place share it, which a table four times too large makes rare.
template <typename Value>
class ByHash {
 public:
  explicit ByHash(std::size_t expected) : values_(std::bit_ceil(expected * 4 + 4)) {}
  Value& operator[](std::uint64_t hash) {
    return values_[static_cast<std::size_t>(hash ^ (hash >> 32)) & (values_.size() - 1)];
  }

 private:
  std::vector<Value> values_;
};

// The structure around the blocks of a page, which must outlive it. One serves all that ask.
class BlockStructure {
 public:
  explicit BlockStructure(const PageText& page);

  [[nodiscard]] const PageText& page() const { return page_; }

  // The nearest element around it that holds more blocks.
  [[nodiscard]] std::uint32_t wider(std::uint32_t element) const { return wider_[element]; }

  // The elements around a block whose text its features sum up: the nearest with another block in
  // it, then each that holds more, up to the page.
  template <std::size_t levels>
  [[nodiscard]] std::array<std::uint32_t, levels> containers(const TextBlock& block) const {
    std::array<std::uint32_t, levels> result{};
    std::uint32_t at = block.element;
    const PageElement& element = page_.elements[at];
    if (element.end_block - element.first_block == 1) at = wider(at);
    for (std::uint32_t& level : result) {
      level = at;
      at = wider(at);
    }
    return result;
  }

  // Hash of the element names from the root to each element.
  [[nodiscard]] const std::vector<std::uint64_t>& paths() const { return paths_; }

  // Hash of how each element looks: its name and its classes.
  [[nodiscard]] const std::vector<std::uint64_t>& looks() const { return looks_; }

 private:
  const PageText& page_;
  std::vector<std::uint32_t> wider_;
  std::vector<std::uint64_t> paths_;
  std::vector<std::uint64_t> looks_;
};

// Calls take(begin, end) for each stretch of blocks that a heading begins, and for what stands
// before the first.
template <typename Take>
void each_section(const PageText& page, const Take& take) {
  std::size_t begin = 0;
  while (begin < page.blocks.size()) {
    std::size_t end = begin + 1;
    while (end < page.blocks.size() && (page.blocks[end].around & around::heading) == 0)
      ++end;
    take(begin, end);
    begin = end;
  }
}

}  // namespace dandelion
