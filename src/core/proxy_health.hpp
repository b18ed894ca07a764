// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "core/clock.hpp"

namespace dandelion {

// How a proxy did lately for one site: what the next run begins with, and what `status` shows.
struct ProxyHealth {
  std::string proxy;  // "socks5h://127.0.0.1:9050": never with a user name
  std::string site;   // or a mirror's name
  double score = 1;   // share of good answers, the recent ones weighing most: 0 … 1
  std::optional<Timestamp> last_success;
  std::optional<Timestamp> last_failure;
  int failures = 0;        // in a row, of the proxy itself (whatever the site)
  std::string last_error;  // of the last failure, without credentials
};

}  // namespace dandelion
