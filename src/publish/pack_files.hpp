// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// A pack and its index, which have one name.
struct PackFiles {
  std::filesystem::path index;
  std::filesystem::path pack;
  std::uintmax_t bytes = 0;  // of the pack
};

// The packs that may be replaced by others with the same objects, smallest first: not those that
// git was told to keep. None at all where an index over several packs names them: who made one
// looks after the packs himself.
[[nodiscard]] std::vector<PackFiles> replaceable_packs(git_repository* repository);

// Makes one pack of the objects (which must be in the repository, and may be none), with similar
// ones stored as differences, and then takes away `packs`. The new one is on the disk before: a
// process that is killed in between leaves objects stored twice. Who reads meanwhile finds every
// object of `objects` in one or the other.
[[nodiscard]] Result<void> replace_packs(git_repository* repository,
                                         const std::vector<PackFiles>& packs,
                                         const std::vector<git_oid>& objects);

}  // namespace dandelion
