// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace dandelion {

// Turns SIGINT and SIGTERM into a request that long work looks at between steps. Once asked, it
// stays asked; a second signal ends the process at once, as the shell's user expects.
void watch_stop_signals();
[[nodiscard]] bool stop_requested();

// Waits so long; false, at once, where we are asked to stop.
[[nodiscard]] bool waited_without_stop(std::chrono::milliseconds time);

}  // namespace dandelion
