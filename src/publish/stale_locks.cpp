// SPDX-License-Identifier: MIT
#include "publish/stale_locks.hpp"

#include <chrono>
#include <system_error>
#include <vector>

#include "core/log.hpp"
#include "core/stop_signal.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds stale_lock_age{10};

std::vector<fs::path> own_locks(const fs::path& home) {
  std::vector<fs::path> found;
  std::error_code error;
  if (fs::exists(home / "packed-refs.lock", error)) found.push_back(home / "packed-refs.lock");
  for (fs::recursive_directory_iterator each(home / "refs/dandelion", error), end;
       !error && each != end; each.increment(error)) {
    if (each->path().extension() == ".lock") found.push_back(each->path());
  }
  return found;
}

}  // namespace

bool is_stale_lock(const fs::path& lock) {
  std::error_code error;
  const auto written = fs::last_write_time(lock, error);
  return !error && fs::file_time_type::clock::now() - written >= stale_lock_age;
}

bool remove_stale_lock(const fs::path& lock) {
  std::error_code error;
  return is_stale_lock(lock) && fs::remove(lock, error);
}

void clear_own_locks(git_repository* repository) {
  for (const fs::path& lock : own_locks(git_repository_commondir(repository))) {
    // Seen for as long as that it is old, whatever its clock says.
    const auto give_up = std::chrono::steady_clock::now() + stale_lock_age;
    std::error_code error;
    while (fs::exists(lock, error) && !is_stale_lock(lock) &&
           std::chrono::steady_clock::now() < give_up) {
      if (!waited_without_stop(std::chrono::milliseconds(100))) return;
    }
    if (fs::remove(lock, error)) log_info("took {} away: a killed process left it", lock.string());
    if (error)
      log_warning("{} is in the way and cannot be removed: {}", lock.string(), error.message());
  }
}

}  // namespace dandelion
