// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "core/network_settings.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion {

// How far a push is. `done` of `total` objects; `bytes` of the pack are on their way.
struct PushProgress {
  enum class Stage { packing, sending };
  Stage stage = Stage::packing;
  std::size_t done = 0;
  std::size_t total = 0;
  std::uint64_t bytes = 0;
};

struct PushOptions {
  std::string commit;       // what the branch is brought to; empty: the repository's HEAD
  std::string goal;         // where later pushes will bring it; a branch on the way there is fine
  std::string last_pushed;  // where our last push left the branch; empty: we never did
  bool only_from_there = false;  // nothing is pushed where the branch is not at `last_pushed`
  bool is_derived = false;       // not one of the repository's own, but of a mirror_line.hpp
  bool looks_only = false;  // nothing is pushed: the outcome is where the branch is; "": nowhere
  std::string fetch_to;  // a ref that gets the mirror's branch instead; the outcome is its commit
  // How long nothing may move once a push has begun. While a pack goes out, local proxies and
  // socket buffers swallow megabytes that a slow line takes minutes to carry, and after its last
  // byte the server unpacks and runs its hooks: nothing moves here, and nothing is wrong. Before,
  // and where it is longer, `timeout` of the network counts.
  std::chrono::milliseconds patience = std::chrono::minutes(10);
  std::vector<std::string> tunnel;  // what carries ssh through the proxies; see ssh_command.hpp
  std::function<void(const PushProgress&)> progress;  // called often, from the pushing thread
};

struct PushOutcome {
  std::string commit;         // what the mirror's branch is at now
  bool up_to_date = false;    // it already was
  bool is_elsewhere = false;  // and not at `last_pushed`, as it had to be; it was left there
  std::string replaced{};     // the commit that `on_conflict: overwrite` took the branch from
  std::string adopted{};      // the commit of others that `on_conflict: adopt` merged
  // Where the server sent us on to for good; empty: nowhere. nullopt where no server could.
  std::optional<std::string> moved_to{};
};

// Brings the mirror's branch to the repository's HEAD. http and https go through our own libgit2
// subtransport over libcurl, set up by make_easy_handle: the same proxies as for pages, and nothing
// beside them. ssh goes through the system's ssh, and where there are proxies through
// `options.tunnel`, without which it is refused. git:// is for this machine and its network, where
// no proxy is configured. file:// and absolute paths are local.
//
// A branch that has commits which ours lacks and which are not ours (mirror_memory.hpp says what
// is) is `conflict`, and the message tells whether somebody pushed after us, ours fell back, or the
// two have nothing to do with each other. Only a mirror with `on_conflict: overwrite` is forced
// then. Whatever is left behind, it is left from the commit that was just seen there: what comes in
// between is never lost. (`adopt` is for the caller: fetch, merge, push again. What is fetched is
// bounded at 64 MB.) A wrong token, a read-only remote or a hook that says no is `refused`, with
// the remote's own words; an unreachable host is transient.
[[nodiscard]] Result<PushOutcome> push(MirrorRepository& repository, const MirrorSettings& mirror,
                                       const NetworkSettings& network,
                                       const PushOptions& options = {});

}  // namespace dandelion
