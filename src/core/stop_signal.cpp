// SPDX-License-Identifier: MIT
#include "core/stop_signal.hpp"

#include <atomic>
#include <csignal>

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

}  // namespace dandelion
