// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace dandelion {

// Keeps the pushes of one process to a host apart: several accounts on one host share its patience.
// For many threads at once.
class PushPace {
 public:
  using Clock = std::chrono::steady_clock;

  // Books the next free moment for a push to `host` and gives how long it is until then. Pushes to
  // one host come at least `interval` apart; the first goes at once.
  [[nodiscard]] std::chrono::milliseconds book(const std::string& host,
                                               std::chrono::milliseconds interval,
                                               Clock::time_point now);

 private:
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> next_;
};

}  // namespace dandelion
