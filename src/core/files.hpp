// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// The whole file. not_found, too_large above `max_bytes`, storage otherwise; the message names the
// path.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes);

// Everything on standard input, up to `max_bytes`.
[[nodiscard]] Result<std::string> read_standard_input(std::size_t max_bytes);

// Writes a new file, for its owner alone where `is_private`; an existing one is left as it is
// (conflict).
[[nodiscard]] Result<void> create_file(const std::filesystem::path& path, std::string_view content,
                                       bool is_private = false);

[[nodiscard]] Result<void> create_folders(const std::filesystem::path& path);

// The running program's own file.
[[nodiscard]] std::filesystem::path own_executable();

// Where this installation keeps its data (themes): ../share/dandelion beside the running binary's
// folder.
[[nodiscard]] std::filesystem::path data_folder();

// One path segment that cannot leave its folder and checks out on every file system: ASCII
// characters other than letters, digits, `.`, `_` and `-` become `-`, other UTF-8 stays but for
// invisible characters; no dots or hyphens at its ends, no device name of Windows, no name of Git's
// own, at most 120 bytes, never empty. Two inputs may give one segment: it is for the caller to
// tell collisions apart.
[[nodiscard]] std::string safe_path_segment(std::string_view text);

// Whether `path` is relative, in normal form with `/`, valid UTF-8, at most 1,024 bytes, and free
// of what Git or a file system refuses (`..`, `.git`, control and invisible characters, `\ : * ? "
// < > |`, device names). Everything that is written to a mirror passes here. Unlike
// safe_path_segment it allows a leading dot: `.nojekyll`.
[[nodiscard]] bool is_safe_relative_path(std::string_view path);

}  // namespace dandelion
