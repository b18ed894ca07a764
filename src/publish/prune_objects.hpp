// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.hpp"

namespace dandelion {

struct PruneOutcome {
  std::size_t objects = 0;
  std::uint64_t bytes = 0;  // as they lay in their packs
};

// Takes away objects in packs that nobody needs any more: neither a ref (HEAD, branches, and what
// is known of mirrors under refs/dandelion) nor `commits`, ids of which the repository need not
// have all. Packs that others may be about to name, younger than an hour, are left alone, as are
// those that git was told to keep, and loose objects, which git's own housekeeping looks after.
//
// Looks at every object once, and writes packs of 64 MB at the most anew, those first that gain
// most; the rest is for the next time. What stays is on the disk before anything goes, so that a
// reader, or a process killed in between, loses nothing. Does nothing where a work tree, a grafted
// history or objects shared with other repositories have needs that are not looked into.
[[nodiscard]] Result<PruneOutcome> prune_objects(const std::filesystem::path& folder,
                                                 const std::vector<std::string>& commits);

}  // namespace dandelion
