// SPDX-License-Identifier: MIT
#pragma once

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// Every commit writes a small pack of whole objects. Where many have piled up, this makes one of
// them, with similar objects stored as differences: successive versions of a folder's tree are
// nearly the same. The new pack is on the disk before the old ones go; a process killed in between
// leaves objects stored twice, which the next folding mends. What it costs is bounded: packs above
// a size are only put behind each other as they are, when there are some of them, and left alone
// above another; as are those that git was told to keep.
[[nodiscard]] Result<void> fold_packs(git_repository* repository);

}  // namespace dandelion
