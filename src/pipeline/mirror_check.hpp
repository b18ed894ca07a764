// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "pipeline/mirror_life.hpp"
#include "publish/push.hpp"

namespace dandelion {

// What one look at a mirror showed.
struct MirrorHealth {
  enum class State {
    live,
    behind,       // it is there, but not where we left it, or has not got what is committed
    moved,        // the host knows it under another address
    geo_blocked,  // we get it, and a reader does not
    taken_down,
    gone,
    refused,       // our token or key is not taken, or it takes no pushes any more
    rate_limited,  // the host does not want to be asked now
    unreachable,
    unseen,  // our own network, or the reader's proxy, shows nothing at all
  };
  std::string site;
  std::string mirror;
  State state = State::unreachable;
  std::string detail;  // the reason; empty where there is nothing to say
  MirrorLife life;     // what is believed, this look taken into account
};

// "live", "geo-blocked", "taken-down" …
[[nodiscard]] std::string_view state_name(MirrorHealth::State state);

struct MirrorCheckOptions {
  std::vector<std::string> mirrors;           // empty: all
  std::optional<ProxyAddress> readers_proxy;  // where a reader sits whose view counts too
};

// Looks at the mirrors, all at once, without changing any: asks the host's own interface where it
// has one, looks at the branch over git, and fetches the addresses that readers have (front page,
// its raw file, Pages) without an account, by our own way and then through the reader's proxy: what
// readers see is not what the owner sees. What was seen goes into the state (note_sightings).
// bad_input for a mirror that does not exist.
[[nodiscard]] Result<std::vector<MirrorHealth>> check_mirrors(const Config& config,
                                                              const MirrorCheckOptions& options,
                                                              const Clock& clock);

// Where a push, or a look over git, was sent on to for good; empty: nowhere, nullopt where that
// says nothing. A host with an interface of its own may serve a moved repository under its old
// address.
[[nodiscard]] std::optional<std::string> moved_to(const MirrorSettings& mirror,
                                                  const Result<PushOutcome>& pushed);

// What a push tells of the mirror. Where it failed, the host is asked for the reason. nullopt where
// it tells nothing: the host wants to be left alone for a while, or our token is not taken.
[[nodiscard]] std::optional<Sighting> sighting_of_push(const MirrorSettings& mirror,
                                                       const NetworkSettings& network,
                                                       const Result<PushOutcome>& pushed,
                                                       Timestamp now);

}  // namespace dandelion
