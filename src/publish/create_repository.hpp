// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include "core/error.hpp"

namespace dandelion {

// Makes an empty bare repository whose HEAD is `branch`, with the folders above it. It is made
// beside its place and renamed: a process killed in the middle leaves no half repository, only a
// hidden folder that a later call sweeps up. Where another process was first, theirs stays.
// `folder` must not exist or be empty.
[[nodiscard]] Result<void> create_repository(const std::filesystem::path& folder,
                                             const std::string& branch);

}  // namespace dandelion
