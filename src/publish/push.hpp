// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "core/network_settings.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion {

struct PushOutcome {
  std::string commit;       // what the mirror's branch is at now
  bool up_to_date = false;  // it already was
};

// Brings the mirror's branch to the repository's HEAD. http and https go through our own libgit2
// subtransport over libcurl, set up by make_easy_handle: the same proxies as for pages, and nothing
// beside them. file:// and absolute paths are local. ssh and every other scheme is refused, with
// the reason. Never forces: a branch that moved on is `conflict`; a wrong token, a read-only remote
// or a hook that says no is `refused`, with the remote's own words; an unreachable host is
// transient.
[[nodiscard]] Result<PushOutcome> push(MirrorRepository& repository, const MirrorSettings& mirror,
                                       const NetworkSettings& network);

}  // namespace dandelion
