// SPDX-License-Identifier: MIT
#include "extract/name_weights.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "extract/name_weights_data.hpp"

namespace dandelion {
namespace {

struct Key {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

Key key_of(std::string_view word) {
  Key key;
  std::memcpy(&key.low, word.data(), std::min<std::size_t>(word.size(), 8));
  if (word.size() > 8)
    std::memcpy(&key.high, word.data() + 8, std::min<std::size_t>(word.size() - 8, 8));
  return key;
}

std::size_t hash_of(const Key& key) {
  std::uint64_t mixed = (key.low ^ std::rotl(key.high, 23)) * 0x9E3779B97F4A7C15ULL;
  mixed ^= mixed >> 32;
  return static_cast<std::size_t>(mixed);
}

}  // namespace

NameWeights::NameWeights(const std::vector<Entry>& entries)
    : slots_(std::bit_ceil(entries.size() * 4 + 16)) {
  for (const Entry& entry : entries) {
    const Key key = key_of(entry.word);
    std::size_t at = hash_of(key);
    while (slots_[at & (slots_.size() - 1)].low != 0)
      ++at;
    slots_[at & (slots_.size() - 1)] = {key.low, key.high, entry.weight};
  }
}

const NameWeights& NameWeights::built_in() {
  static const NameWeights table(
      std::vector<Entry>(std::begin(name_weights_data), std::end(name_weights_data)));
  return table;
}

float NameWeights::weight_of_word(std::string_view word) const {
  const Key key = key_of(word);
  for (std::size_t at = hash_of(key);; ++at) {
    const Slot& slot = slots_[at & (slots_.size() - 1)];
    if (slot.low == key.low && slot.high == key.high) return slot.weight;
    if (slot.low == 0) return 0;
  }
}

float NameWeights::weight_of(const html::Node& element) const {
  float low = 0;
  float high = 0;
  for (const html::Attribute& attribute : element.attributes) {
    if (attribute.name != "class" && attribute.name != "id" && attribute.name != "role" &&
        attribute.name != "itemprop") {
      continue;
    }
    // Longer lists are a style framework's, and their words say nothing.
    each_name_word(attribute.value.substr(0, 200), [&](std::string_view word) {
      const float weight = weight_of_word(word);
      low = std::min(low, weight);
      high = std::max(high, weight);
    });
  }
  return low + high;
}

}  // namespace dandelion
