// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "pipeline/given_page.hpp"
#include "publish/push.hpp"

namespace dandelion {

class NetworkMemory;

// Tells a person how far the push to a mirror is; called often, from several threads, one at a
// time.
using PushListener = std::function<void(const std::string& site, const std::string& mirror,
                                        const PushProgress& progress)>;

struct RunOptions {
  std::vector<std::string> sites;  // empty: all; a site that is named runs even before it is due
  bool push = true;
  bool dry_run = false;   // fetches the indexes, says what it would do, touches nothing
  std::size_t limit = 0;  // new pages a site at the most; 0: no limit
  PushListener push_progress;
  // Where there are any, nothing is discovered or checked: these go into the mirrors of `sites`, to
  // be kept there for good. It is no run that `every:` or the state's list of runs would count.
  std::vector<GivenPage> given;
};

struct PageFailure {
  std::string url;
  std::string message;
};

struct MirrorOutcome {
  enum class State { pushed, up_to_date, failed, skipped };
  std::string mirror;
  State state = State::skipped;
  std::string message;  // why it failed; or, skipped in a dry run, what would be done
};

struct SiteOutcome {
  std::string site;
  bool passed_over = false;  // not due yet; nothing else is set
  std::string due;           // RFC 3339, with passed_over
  std::size_t listed = 0;    // addresses that feeds, sitemaps and index pages name
  std::size_t known = 0;     // of these, already in the mirror
  // Paths in the mirror (in a dry run addresses that would be fetched).
  std::vector<std::string> added;
  std::vector<std::string> corrected;  // changed at the source
  std::vector<std::string> withdrawn;  // gone at the source
  std::size_t checked = 0;             // pages that the source was asked for again
  std::size_t left = 0;  // new ones that --limit, a stop or a source that hangs left for later
  std::vector<PageFailure> failed;
  std::vector<std::string> errors;  // what went wrong with the site as a whole
  std::string commit;               // the last one made; empty: none
  std::vector<MirrorOutcome> mirrors;

  [[nodiscard]] bool ok() const;
};

struct RunReport {
  std::vector<SiteOutcome> sites;
  bool stopped = false;  // by a signal; what was done is saved

  [[nodiscard]] bool ok() const;
};

// Tells a person how far the run is; called often.
using ProgressListener =
    std::function<void(const std::string& site, std::size_t done, std::size_t total)>;

// The site of that name; bad_input, naming the nearest and all others, where there is none.
[[nodiscard]] Result<const SiteConfig*> site_named(const Config& config, const std::string& name);

// One mirroring run, from discover to publish. Sites, pages and mirrors fail on their own: an Error
// comes back only where nothing could be begun (an unknown site, a lock that is held, a state or
// proxy password that cannot be read). `memory`, if given, is the one that the engine was made
// with; what the engine learnt is kept in the state.
[[nodiscard]] Result<RunReport> run_mirroring(const Config& config, const RunOptions& options,
                                              TransferEngine& engine, const Clock& clock,
                                              const ProgressListener& progress,
                                              NetworkMemory* memory = nullptr);

}  // namespace dandelion
