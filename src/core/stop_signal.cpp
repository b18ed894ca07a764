// SPDX-License-Identifier: MIT
#include "core/stop_signal.hpp"

#include <atomic>
#include <csignal>
#include <thread>

namespace dandelion {
namespace {

// Lock-free, so that a signal handler may touch it.
std::atomic<bool> stop_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void ask_to_stop(int signal_number) {
  stop_asked.store(true);
  std::signal(signal_number, SIG_DFL);
}

}  // namespace

void watch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // A broken pipe is an error that write() returns, not a reason to die.
  std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() {
  return stop_asked.load();
}

bool waited_without_stop(std::chrono::milliseconds time) {
  using std::chrono::milliseconds;
  using std::chrono::steady_clock;
  constexpr milliseconds step{100};
  const auto until = steady_clock::now() + time;
  for (;;) {
    if (stop_requested()) return false;
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left.count() <= 0) return true;
    std::this_thread::sleep_for(std::min(step, left));
  }
}

}  // namespace dandelion
