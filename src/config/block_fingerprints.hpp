// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/block_fingerprint.hpp"
#include "core/error.hpp"

namespace dandelion {

// Reads a file of known block pages: a YAML list of maps with `name` and any of `title`, `body` and
// `address`. bad_input, with all that is wrong with it a line each as file:line:column.
[[nodiscard]] Result<std::vector<BlockFingerprint>> load_block_fingerprints(
    const std::filesystem::path& file);

// The same on text; `name` stands for the file in messages.
[[nodiscard]] Result<std::vector<BlockFingerprint>> parse_block_fingerprints(
    std::string_view text, const std::string& name);

}  // namespace dandelion
