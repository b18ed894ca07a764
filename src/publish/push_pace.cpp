// SPDX-License-Identifier: MIT
#include "publish/push_pace.hpp"

#include <algorithm>

namespace dandelion {

std::chrono::milliseconds PushPace::book(const std::string& host,
                                         std::chrono::milliseconds interval,
                                         Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto [next, is_first] = next_.try_emplace(host, now);
  const Clock::time_point at = std::max(next->second, now);
  next->second = at + interval;
  return std::chrono::ceil<std::chrono::milliseconds>(at - now);
}

}  // namespace dandelion
