// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// The whole file. not_found, too_large above `max_bytes`, storage otherwise; the message names the path.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

// Everything on standard input, up to `max_bytes`.
[[nodiscard]] Result<std::string> read_standard_input(std::size_t max_bytes);

// Writes a new file, for its owner alone where `is_private`; an existing one is left as it is (conflict).
[[nodiscard]] Result<void> create_file(const std::filesystem::path& path, std::string_view content,
                                       bool is_private = false);

[[nodiscard]] Result<void> create_folders(const std::filesystem::path& path);

// Where this installation keeps its data (themes): ../share/dandelion beside the running binary's folder.
[[nodiscard]] std::filesystem::path data_folder();

// One path segment that cannot leave its folder on any file system or Git host: what is not a letter, digit,
// `.`, `_` or `-` (ASCII), or any UTF-8 sequence, becomes `-`; no leading dot, no `..`, no reserved Windows or
// `.git` names, at most 120 bytes, never empty. Two inputs may give one segment: the caller tells collisions apart.
[[nodiscard]] std::string safe_path_segment(std::string_view text);

// Whether `path` is relative, in normal form with `/`, and made of safe segments only (as above, but non-empty
// segments are compared, not changed). Everything that is written to a mirror passes here.
[[nodiscard]] bool is_safe_relative_path(std::string_view path);

}  // namespace dandelion
