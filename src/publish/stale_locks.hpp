// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include <git2.h>

namespace dandelion {

// Moving a ref takes milliseconds. While it lasts a file `<ref>.lock` keeps others away; one that
// is there for longer than ten seconds was left by a process that was killed, and stops everybody
// for ever.

// Whether the lock is as old as that.
[[nodiscard]] bool is_stale_lock(const std::filesystem::path& lock);

// Whether a lock was left behind and is gone now.
bool remove_stale_lock(const std::filesystem::path& lock);

// Takes such locks away from what is ours alone, refs/dandelion/, and from the list of packed refs.
// A younger one is waited for, until it is gone or as old, or we are asked to stop: git may be
// tidying up. To be called where no other process of ours works in the repository.
void clear_own_locks(git_repository* repository);

}  // namespace dandelion
