// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "publish/mirror_repository.hpp"
#include "state/store.hpp"

namespace dandelion {

struct Recovery {
  std::size_t taken_over = 0;  // pages that the repository has and the state did not know so
  std::size_t lost = 0;        // pages that the state knew and the repository does not have: wanted
  std::size_t unrecorded =
      0;  // pages of an older version: known and there, not yet described there
};

// Of a repository that is a copy of a mirror with a `folder`: all that is kept lies in that folder,
// a run would not find it, and make all of it anew beside. bad_input, with what to do.
[[nodiscard]] Result<void> check_root(const MirrorRepository& repository,
                                      const std::vector<MirrorSettings>& mirrors);

// Brings what the state knows of a site's pages in line with its repository, which is the truth. It
// does nothing where the state names the repository's newest commit; where a run was killed between
// the two it reads what that run changed; where the state or the repository is lost, new, or from a
// backup, all of it. Pages taken over are checked within 30 days, spread out.
[[nodiscard]] Result<Recovery> recover_state(Store& store, const std::string& site,
                                             const MirrorRepository& repository, Timestamp now);

}  // namespace dandelion
