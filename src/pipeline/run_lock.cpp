// SPDX-License-Identifier: MIT
#include "pipeline/run_lock.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/files.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

// "process 123 since 2026-11-24T12:00:00Z" with how long that is.
std::string described(std::string_view note, Timestamp now) {
  if (note.empty()) return "it has just begun";
  const auto blank = note.rfind(' ');
  const auto since = parse_iso8601(note.substr(blank == std::string_view::npos ? 0 : blank + 1));
  if (!since || *since > now) return std::string(note);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(now - *since).count();
  const auto age =
      minutes < 120 ? fmt::format("{} min", minutes) : fmt::format("{} h", minutes / 60);
  return fmt::format("{}, for {}", note, age);
}

}  // namespace

Result<RunLock> RunLock::take(const std::filesystem::path& state_file, Timestamp now) {
  const auto path = std::filesystem::path(state_file).concat(".lock");
  if (auto made = create_folders(path.parent_path()); !made) return tl::unexpected(made.error());
  RunLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (lock.fd_ < 0) {
    return fail(ErrorKind::storage, "{}: {}", path.string(),
                std::generic_category().message(errno));
  }
  if (::flock(lock.fd_, LOCK_EX | LOCK_NB) != 0) {
    const auto holder = read_file(path, 256);
    return fail(ErrorKind::conflict, "another run holds {}: {}", path.string(),
                holder ? described(trim(*holder), now) : std::string("it has just begun"));
  }
  const std::string note = fmt::format("process {} since {}\n", ::getpid(), format_rfc3339(now));
  if (::ftruncate(lock.fd_, 0) != 0 || ::write(lock.fd_, note.data(), note.size()) < 0) {
    return fail(ErrorKind::storage, "{}: {}", path.string(),
                std::generic_category().message(errno));
  }
  return lock;
}

RunLock::RunLock(RunLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

RunLock::~RunLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace dandelion
