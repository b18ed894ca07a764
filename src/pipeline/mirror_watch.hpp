// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "pipeline/mirror_life.hpp"
#include "state/store.hpp"

namespace dandelion {

// What was to be seen of one mirror. No sighting where nothing was learnt of it: the host does not
// want to be asked now, it does not take our token, the reader's proxy is dead.
struct MirrorSeen {
  std::string mirror;
  std::optional<Sighting> sighting;
  // Where its host has it now; empty: at its address. nullopt where nobody told.
  std::optional<std::string> moved_to{};
};

// Drops what says that a mirror is out of reach where that is our own network's fault, and gives
// the reason: our proxy is dead, there is no route, or mirrors at several hosts are silent at once.
// Mirrors on this machine and in its network, where no proxy is in between, tell nothing of that;
// nor does it excuse them. Empty where nothing was dropped.
[[nodiscard]] std::string drop_own_outage(const Config& config, std::vector<MirrorSeen>& seen);

// Takes into the state what was seen of a site's mirrors at one time, and lets spares step in where
// mirrors are down. Changes are logged, and kept until `notify:` was told of them.
[[nodiscard]] Result<void> note_sightings(const Config& config, const SiteConfig& site,
                                          Store& store, const std::vector<MirrorSeen>& seen,
                                          Timestamp now);

// What is believed of a site's mirror where it is now: nothing, where the state knows it under
// another address or branch; but a spare that stepped in stays what it is.
[[nodiscard]] Result<MirrorLife> life_of(const Store& store, const std::string& site,
                                         const MirrorSettings& mirror);

// What is remembered of the pushes to it, likewise.
[[nodiscard]] Result<MirrorRecord> record_of(const Store& store, const std::string& site,
                                             const MirrorSettings& mirror);

// How long a host's wish to be left alone is heeded: what asks for more does not mean to come back.
inline constexpr std::chrono::hours longest_rest{24};

// Until when the mirror's host asked to be left alone; nullopt where it may be asked now.
[[nodiscard]] std::optional<Timestamp> rest_of(const MirrorRecord& known, Timestamp now);

// To be called when a mirror's repository was made anew: what is remembered of pushes to it, or to
// another branch of it, speaks of one that is no more.
[[nodiscard]] Result<void> forget_pushes(const Config& config, const MirrorSettings& mirror);

// The mirrors of a site that readers are told of, in the order of its list: those that are not
// down, and of spares those that stepped in. Where readers would be told of no address any more
// because we cannot reach what they were told of, they go on being told of it: that nothing answers
// us may be our own sight. That is logged.
[[nodiscard]] Result<std::vector<MirrorSettings>> named_mirrors(const Config& config,
                                                                const SiteConfig& site,
                                                                const Store& store);

// "paper: mirror github is taken-down since 2026-11-24T14:11:35Z: dmca, notice https://…".
[[nodiscard]] std::string words_of(const std::string& site, const MirrorChange& change);

// Tells whom `notify:` names of each change that is news and was not told yet, the oldest first.
// What cannot be told stays for the next time, with all that came after it. Without an engine one
// is made where there is something to tell.
[[nodiscard]] Result<void> tell_mirror_changes(const Config& config,
                                               TransferEngine* engine = nullptr);

// Whether readers of a site are to be told of other mirrors than at that time.
[[nodiscard]] Result<bool> names_changed_since(const SiteConfig& site, const Store& store,
                                               Timestamp time);

// Whether somebody should hear of it: all but that a mirror fell behind or caught up.
[[nodiscard]] bool is_news(const MirrorChange& change);

}  // namespace dandelion
