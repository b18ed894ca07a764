// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "pipeline/run.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/push.hpp"
#include "publish/push_pace.hpp"
#include "sign/signing_key.hpp"
#include "state/store.hpp"

namespace dandelion {

// Identity, time and key of a commit as `operator:` wants them, and the scan for secrets that it
// has to pass. bad_input where the key cannot be read.
[[nodiscard]] Result<CommitSettings> commit_settings(const Config& config, Timestamp now,
                                                     std::string message);

// What signs the commits; null where nothing is to be signed. bad_input where it cannot be read.
[[nodiscard]] Result<std::shared_ptr<const SigningKey>> signing_key(const Operator& op);

// The key that readers check the commits with; nullopt where nothing is signed.
[[nodiscard]] Result<std::optional<PublicKey>> published_key(const Operator& op);

struct PublishContext {
  const Config& config;
  Store& store;
  const Clock& clock;
  PushPace& pace;
  const PushListener& progress;
  bool looks_anyway = false;  // mirrors are asked where they are, whatever is remembered of them
};

// Brings the mirrors to the repository's head, all at once, each on its own: what stops one stops
// no other. What each was brought to is in the state as soon as it is there, so that a run that is
// killed begins where this one ended; a mirror that missed runs catches up by one push. A mirror
// that was left where it should be costs no connection, unless it was seen elsewhere since: behind,
// gone, or otherwise not to be reached by us. The outcomes come in the order of `mirrors`.
[[nodiscard]] Result<std::vector<MirrorOutcome>> publish_site(
    const PublishContext& context, const std::string& site, MirrorRepository& repository,
    const std::vector<MirrorSettings>& mirrors);

struct PublishOptions {
  std::vector<std::string> sites;    // empty: all
  std::vector<std::string> mirrors;  // empty: all of the sites'; those named are looked at anyway
  bool dry_run = false;              // says what would be pushed; opens no connection
  PushListener progress;
};

// Pushes what is committed, and does nothing else. An Error where nothing could be begun: an
// unknown site or mirror, a lock that is held.
[[nodiscard]] Result<RunReport> run_publishing(const Config& config, const PublishOptions& options,
                                               const Clock& clock);

}  // namespace dandelion
