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

// Puts the packs behind each other in one, entry by entry as they are: nothing is unpacked, and a
// few hundred kilobytes of memory do. That can be, since differences lead to objects of the same
// pack only, by how far they lie before. Nothing happens where an object is in two of the packs, or
// all together are above 2^31 bytes. storage where one is damaged, which is then left as it is.
[[nodiscard]] Result<void> join_packs(const std::vector<PackFiles>& packs);

}  // namespace dandelion
