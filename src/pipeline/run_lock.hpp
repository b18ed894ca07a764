// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

// Held while a run works on a state file, so that there is one at a time. The kernel lets go of it
// when the process ends, however it ends: there are no stale locks.
class RunLock {
 public:
  // conflict, naming the holder's process id, since when and for how long, where another run holds
  // it.
  [[nodiscard]] static Result<RunLock> take(const std::filesystem::path& state_file, Timestamp now);

  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace dandelion
