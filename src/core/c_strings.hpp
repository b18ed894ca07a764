// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace dandelion {

// Words as exec() and its kin take them: pointers into the words, which must outlive them, and a
// null pointer behind the last.
[[nodiscard]] std::vector<char*> c_strings(std::vector<std::string>& words);

}  // namespace dandelion
