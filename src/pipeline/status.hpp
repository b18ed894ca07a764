// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "core/error.hpp"
#include "state/store.hpp"

namespace dandelion {

struct MirrorStatus {
  std::string name;
  std::string url;  // without credentials
  bool behind = false;
  // How long it has been behind: since it was last brought up to date.
  std::optional<std::chrono::seconds> lag;
  MirrorRecord record;
  MirrorLife life;
  bool is_spare = false;
  bool is_named = true;               // whether readers are told of it
  std::vector<MirrorChange> changes;  // the last ones, the newest first
};

struct SiteStatus {
  std::string name;
  std::string repository;  // its folder
  std::string head;        // commit; empty: none yet
  std::optional<Timestamp> next_due;
  SiteRecord record;
  SiteCounts counts;
  // How long ago the last run without an error began; absent where there was none.
  std::optional<std::chrono::seconds> lag;
  std::optional<RunRecord> last;  // what the last run did
  std::vector<FailureRecord> failures;
  std::vector<QuarantineRecord> quarantine;
  std::vector<MirrorStatus> mirrors;
};

// What the state and the repositories say of every configured site. Reads only.
[[nodiscard]] Result<std::vector<SiteStatus>> read_status(const Config& config, Timestamp now);

// How the configured proxies did, each for each site and mirror that met it. Reads only.
[[nodiscard]] Result<std::vector<ProxyHealth>> read_proxy_status(const Config& config);

}  // namespace dandelion
