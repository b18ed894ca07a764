// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <git2.h>

#include "core/error.hpp"
#include "publish/push.hpp"

namespace dandelion {

// A push into a repository on this machine, whose files we write ourselves.
struct FolderPush {
  git_repository* from;
  git_oid commit;
  git_repository* folder;
  std::string ref;              // the branch there
  std::optional<git_oid> seen;  // where it was when we looked; nullopt: nowhere
  std::function<void(const PushProgress&)> progress;
};

// Brings the branch to the commit: what the folder lacks is written as one pack, then the branch
// moves, from where it was seen alone. No other ref is made there, so that any number may push at
// once. conflict where another push moved the branch; storage where the folder cannot be written,
// or a lock is in the way, which is waited for while it is younger than ten seconds. Packs that
// have piled up in the folder are folded then, as pack_folding.hpp says.
[[nodiscard]] Result<void> push_to_folder(FolderPush push);

}  // namespace dandelion
