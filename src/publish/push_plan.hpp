// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "publish/host_limits.hpp"

namespace dandelion {

class ScratchObjects;

// The way by which a branch gets to a commit without asking more of its host than it takes.
struct PushPlan {
  std::vector<std::string> commits;   // one push each, the last is the one wanted
  bool depends_on_start = false;      // whether it would be another from elsewhere
  std::vector<std::string> warnings;  // what the host takes, but does not like
  // Commits that are above the host's limit for a push each on its own, and words for that. Each is
  // the last of its push.
  std::map<std::string, std::string> oversize;
};

// Looks at all that the commits after `from` (where that is empty or unknown to us: all commits) up
// to `to` add, before anything is sent. too_large, naming the file or the repository, where the
// host would refuse it. A push above the host's limit is cut along the history; sizes count before
// compression, so that a piece is never larger than planned. A single commit above the limit goes
// as it is, with a warning. What it costs grows with what is to be pushed, and is nothing for a
// host without limits. What the repository does not have is looked for in `scratch`, if given.
[[nodiscard]] Result<PushPlan> plan_push(const std::filesystem::path& repository,
                                         const std::string& from, const std::string& to,
                                         const HostLimits& limits,
                                         const ScratchObjects* scratch = nullptr);

}  // namespace dandelion
