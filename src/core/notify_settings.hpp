// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/secret.hpp"

namespace dandelion {

// An address that is asked for to tell something. Who knows it can tell the same, so that it may be
// kept out of sites.yaml: then `source` says where it is.
struct NotifyAddress {
  std::string url;
  std::optional<SecretSource> source;

  [[nodiscard]] bool empty() const { return url.empty() && !source; }
};

// `notify:` in sites.yaml: who hears of it when a run fails.
struct NotifySettings {
  std::string command;    // for /bin/sh, when a run failed; the messages are its standard input
  NotifyAddress failure;  // asked for when a run failed
  NotifyAddress
      success;  // asked for when a run did not: for services that miss it (dead man's switch)
};

}  // namespace dandelion
