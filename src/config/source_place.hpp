// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/yaml_tree.hpp"

namespace dandelion {

// The place of the first byte that is not well-formed UTF-8, or is NUL; nullopt where there is
// none.
[[nodiscard]] std::optional<YamlMark> first_odd_byte(std::string_view text);

// Columns in bytes made columns in characters: a mistake far along a line of Chinese stands where
// the editor says. `sorted` are in the order of the text; one walk serves them all.
void count_characters(std::string_view text, std::vector<Diagnostic>& sorted);

}  // namespace dandelion
