// SPDX-License-Identifier: MIT
#include "core/held_folder.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/files.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// Names that may be taken: a process makes one folder at a time.
constexpr int most_names = 100;

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// Whether the lock is ours, or there are no locks here; not where another process holds it.
bool lock(int fd) {
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

// Between its making and its lock another process may have swept the folder away.
bool is_still_there(int fd, const fs::path& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(fd, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

bool is_own(int fd) {
  struct stat held {};
  return ::fstat(fd, &held) == 0 && held.st_uid == ::geteuid();
}

}  // namespace

Result<HeldFolder> HeldFolder::create(const fs::path& under, std::string_view prefix,
                                      bool is_private) {
  if (auto made = create_folders(under); !made) return tl::unexpected(made.error());
  for (int number = 1; number <= most_names; ++number) {
    const fs::path path = under / fmt::format("{}{}-{}", prefix, ::getpid(), number);
    if (::mkdir(path.c_str(), is_private ? 0700 : 0777) != 0) {
      if (errno == EEXIST) continue;
      return fail(ErrorKind::storage, "{}: {}", path.string(),
                  std::generic_category().message(errno));
    }
    const int fd = open_folder(path);
    if (fd < 0) continue;
    if (lock(fd) && is_still_there(fd, path)) return HeldFolder(path, fd);
    ::close(fd);
  }
  return fail(ErrorKind::storage, "{}: no folder can be made in it", under.string());
}

void HeldFolder::sweep(const fs::path& under, std::string_view prefix) {
  std::error_code error;
  for (fs::directory_iterator at(under, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    if (!at->path().filename().string().starts_with(prefix)) continue;
    const int fd = open_folder(at->path());
    if (fd < 0) continue;
    std::error_code ignored;
    if (is_own(fd) && ::flock(fd, LOCK_EX | LOCK_NB) == 0) fs::remove_all(at->path(), ignored);
    ::close(fd);
  }
}

HeldFolder::HeldFolder(HeldFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)) {}

HeldFolder::~HeldFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
  if (fd_ >= 0) ::close(fd_);
}

Result<void> HeldFolder::become(const fs::path& name) {
  std::error_code error;
  // An empty folder of that name would give way.
  if (fs::exists(fs::symlink_status(name, error)))
    return fail(ErrorKind::conflict, "{} is there already", name.string());
  fs::rename(path_, name, error);
  if (error == std::errc::directory_not_empty || error == std::errc::file_exists ||
      error == std::errc::not_a_directory) {
    return fail(ErrorKind::conflict, "{} is there already", name.string());
  }
  if (error) return fail(ErrorKind::storage, "{}: {}", name.string(), error.message());
  path_.clear();
  return {};
}

}  // namespace dandelion
