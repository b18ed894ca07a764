// SPDX-License-Identifier: MIT
#include "core/c_strings.hpp"

namespace dandelion {

std::vector<char*> c_strings(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace dandelion
