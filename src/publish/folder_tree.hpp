// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/error.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {

// A commit's tree. storage where it cannot be read.
[[nodiscard]] Result<GitTree> commit_tree(git_repository* repository, const git_oid& id);

// The tree of a folder ("pages/news") below `root`; empty where no folder stands there. storage
// where it cannot be read.
[[nodiscard]] Result<GitTree> folder_tree(git_repository* repository, const git_tree* root,
                                          const std::string& folder);

}  // namespace dandelion
