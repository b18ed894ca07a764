// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "publish/mirror_repository.hpp"
#include "state/store.hpp"

namespace dandelion {

struct Recovery {
  std::size_t taken_over = 0;  // pages that the repository has and the state did not know so
  std::size_t lost = 0;        // pages that the state knew and the repository does not have: wanted
  std::size_t unrecorded =
      0;  // pages of an older version: known and there, not yet described there
};

// Brings what the state knows of a site's pages in line with its repository, which is the truth. It
// does nothing where the state names the repository's newest commit; where a run was killed between
// the two it reads what that run changed; where the state or the repository is lost, new, or from a
// backup, all of it. Pages taken over are checked within 30 days, spread out.
[[nodiscard]] Result<Recovery> recover_state(Store& store, const std::string& site,
                                             const MirrorRepository& repository, Timestamp now);

}  // namespace dandelion
