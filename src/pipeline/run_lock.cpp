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
    return fail(
        ErrorKind::conflict, "another run holds {}: {}", path.string(),
        holder && !holder->empty() ? std::string(trim(*holder)) : std::string("it has just begun"));
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
