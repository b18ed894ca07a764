// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

struct MirrorHealth {
  enum class State {
    live,
    behind,       // it is there, but not where we left it, or has not got what is committed
    moved,        // the host knows it under another address
    geo_blocked,  // the host says that it is there, and a reader does not get it
    taken_down,
    gone,
    refused,       // our token or key is not taken, or it takes no pushes any more
    rate_limited,  // the host does not want to be asked now
    unreachable
  };
  std::string site;
  std::string mirror;
  State state = State::unreachable;
  std::string detail;  // the reason; empty where there is nothing to say
};

// "live", "geo-blocked", "taken-down" …
[[nodiscard]] std::string_view state_name(MirrorHealth::State state);

struct MirrorCheckOptions {
  std::vector<std::string> mirrors;           // empty: all
  std::optional<ProxyAddress> readers_proxy;  // where the reader sits; absent: as for all else
};

// Looks at the mirrors, all at once, without changing any: asks the host's own interface where it
// has one, looks at the branch over git, and fetches the addresses that readers have (front page,
// its raw file, Pages) without an account: what readers see is not what the owner sees. bad_input
// for a mirror that does not exist.
[[nodiscard]] Result<std::vector<MirrorHealth>> check_mirrors(const Config& config,
                                                              const MirrorCheckOptions& options,
                                                              const Clock& clock);

}  // namespace dandelion
