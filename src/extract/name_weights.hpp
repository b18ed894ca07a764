// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "html/dom.hpp"

namespace dandelion {

// How much a word in an element's class, id, role or itemprop speaks for the article's text
// (positive) or against it (negative), as the logarithm of odds. Learned (scripts/train), with
// words of other languages added by hand.
class NameWeights {
 public:
  struct Entry {
    std::string_view word;  // lower-case ASCII letters, two to sixteen
    float weight;
  };

  // The words must outlive the object.
  explicit NameWeights(const std::vector<Entry>& entries);

  // The built-in table.
  [[nodiscard]] static const NameWeights& built_in();

  // 0 for a word that is not in the table.
  [[nodiscard]] float weight_of_word(std::string_view word) const;

  // Of all the names of an element: the most negative word with the most positive one.
  [[nodiscard]] float weight_of(const html::Node& element) const;

 private:
  struct Slot {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    float weight = 0;
  };
  std::vector<Slot> slots_;  // open addressing, a power of two
};

// Calls take(word) for every word in a list of names: "post-body entryContent2" gives post, body,
// entry, content. Words are made lower case; longer ones than sixteen letters are left out.
template <typename Take>
void each_name_word(std::string_view names, const Take& take) {
  char word[16];
  std::size_t length = 0;
  bool was_small = false;
  const auto end_word = [&] {
    if (length >= 2 && length <= sizeof word) take(std::string_view(word, length));
    length = 0;
  };
  for (const char c : names) {
    const bool small = c >= 'a' && c <= 'z';
    const bool capital = c >= 'A' && c <= 'Z';
    if (!small && !capital) {
      end_word();
    } else {
      if (capital && was_small) end_word();
      if (length < sizeof word) word[length] = static_cast<char>(small ? c : c - 'A' + 'a');
      ++length;
    }
    was_small = small;
  }
  end_word();
}

}  // namespace dandelion
