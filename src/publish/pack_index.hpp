// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

struct PackedObject {
  git_oid id{};
  std::uint64_t offset = 0;  // where its entry begins in the pack
  std::uint32_t crc = 0;     // CRC-32 of the entry
  std::uint64_t bytes = 0;   // as it lies in the pack: compressed, maybe as a difference to another
};

// What a pack holds, by the index (of version 2, see gitformat-pack(5)) that stands beside it under
// the same name. storage where either cannot be read or does not fit.
[[nodiscard]] Result<std::vector<PackedObject>> read_pack_index(const std::filesystem::path& index);

// The indexes of all packs of a repository, or of a folder of objects, in the order of their names.
[[nodiscard]] std::vector<std::filesystem::path> pack_indexes(git_repository* repository);
[[nodiscard]] std::vector<std::filesystem::path> pack_indexes(
    const std::filesystem::path& objects_folder);

}  // namespace dandelion
