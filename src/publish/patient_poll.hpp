// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <span>

#include <poll.h>

#include "core/error.hpp"

namespace dandelion {

// poll(2) until something is ready, which the `revents` tell: a while of many system calls, between
// which the user may ask us to stop (stopped). transient once it is past `until`.
[[nodiscard]] Result<void> poll_patiently(std::span<pollfd> waiting,
                                          std::chrono::steady_clock::time_point until);

}  // namespace dandelion
