// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/error.hpp"

namespace dandelion {

// A file of a folder at HEAD that is new or different since another commit, or one that is gone.
struct FileDifference {
  std::string path;
  bool gone = false;
  std::string content;  // empty where it is gone
};

// Tells `visit` of every file under `folder` in which HEAD of the repository differs from `commit`;
// of all files there where `commit` is empty or unknown to the repository, as after a restored
// backup. Whether `commit` was known is the answer. Costs as much as there are differences: equal
// subtrees are never read. An error of `visit` ends it and is the outcome.
[[nodiscard]] Result<bool> visit_differences(
    const std::filesystem::path& repository, const std::string& commit, const std::string& folder,
    const std::function<Result<void>(FileDifference)>& visit);

}  // namespace dandelion
