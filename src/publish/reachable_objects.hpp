// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include <git2.h>

#include "core/error.hpp"
#include "publish/id_set.hpp"

namespace dandelion {

// All that the objects need, themselves among it: commits their parents and trees, trees their
// entries. Takes some 50 bytes an object. storage where one of them is missing; stopped when the
// user asked us to stop.
[[nodiscard]] Result<IdSet> reachable_from(git_repository* repository, std::vector<git_oid> tips);

}  // namespace dandelion
