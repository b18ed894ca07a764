// SPDX-License-Identifier: MIT
#pragma once

#include "publish/push.hpp"
#include "publish/push_pace.hpp"

namespace dandelion {

// push() as a host likes it. What its limits forbid is too_large before anything is sent; what is
// more than one push may hold goes in several, along the history; see push_plan.hpp; that is
// planned anew where the mirror is not at `options.last_pushed`. Each is tried
// again where that may help: `network.retries` times after a transient failure, with
// growing pauses, not before the moment that the host asked for, and never faster than its limits
// allow (see host_limits.hpp). A host that wants to be left alone for longer than two minutes is:
// a run after that comes back. A conflict is looked at twice: the other push may have been on its
// way. `pace` is shared by all pushes of the process.
[[nodiscard]] Result<PushOutcome> push_patiently(MirrorRepository& repository,
                                                 const MirrorSettings& mirror,
                                                 const NetworkSettings& network,
                                                 const PushOptions& options, PushPace& pace);

}  // namespace dandelion
