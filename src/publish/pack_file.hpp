// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// An object that the repository does not have yet. `content` belongs to the caller.
struct NewObject {
  git_object_t type = GIT_OBJECT_BLOB;
  git_oid id{};
  std::string_view content;
};

// Writes the objects as one pack (several above `max_pack_bytes` of content) with its index into
// `objects/pack`, and brings it to the disk. The objects become visible all at once when the index
// gets its name; a process killed before leaves only tmp_* files, which git's own housekeeping
// removes. No id may occur twice.
//
// Why a pack of our own: loose objects are a file and an fsync each, thousands on a first commit.
// git_packbuilder looks for deltas that we do not want to wait for on every run, and
// git_mempack_dump packs the whole tree of the repository again. Ours holds the new objects whole,
// compressed for speed; `git gc` may make it smaller at leisure.
[[nodiscard]] Result<void> write_pack(const std::filesystem::path& objects_folder,
                                      std::span<const NewObject> objects);

// Keeps every offset in a pack below 2^31, so that the index needs no 64-bit table, and is far
// above a usual commit.
constexpr std::size_t max_pack_bytes = std::size_t{1} << 30;

}  // namespace dandelion
