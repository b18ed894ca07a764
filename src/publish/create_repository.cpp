// SPDX-License-Identifier: MIT
#include "publish/create_repository.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/files.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// Long enough that nobody who works on one is disturbed: making a repository takes milliseconds.
constexpr std::chrono::hours leftover_age{1};

// A push of 600 MB of pictures took 142 s and 1.2 GB without them, 14 s with them. libgit2 1.5
// takes the size above which it looks for no delta from pack.deltaCacheSize, git from
// core.bigFileThreshold.
constexpr std::array<std::pair<const char*, std::int64_t>, 3> packing_limits = {{
    {"core.bigFileThreshold", 512 << 10},
    {"pack.deltaCacheSize", 512 << 10},
    {"pack.windowMemory", 64 << 20},
}};

std::string unfinished_prefix(const fs::path& folder) {
  return "." + folder.filename().string() + ".creating-";
}

// What processes left that were killed while they made a repository here.
void sweep_leftovers(const fs::path& folder) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator each(folder.parent_path(), error), end; !error && each != end;
       each.increment(error)) {
    if (!each->path().filename().string().starts_with(unfinished_prefix(folder))) continue;
    std::error_code ignored;
    if (now - fs::last_write_time(each->path(), ignored) > leftover_age && !ignored)
      fs::remove_all(each->path(), ignored);
  }
}

void sync_path(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// After a power cut a repository is whole or absent: its few files reach the disk before its name.
void sync_all(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    sync_path(each->path());
  }
  sync_path(folder);
}

// Writes limits into the repository's own configuration, for pushes (libgit2) and `git gc` alike: a
// search for similarities among pictures costs minutes and gigabytes, and finds none.
Result<void> limit_packing(git_repository* repository) {
  GitConfig config;
  if (git_repository_config(out(config), repository) < 0)
    return git_failure("read the repository's configuration");
  for (const auto& [name, limit] : packing_limits) {
    std::int64_t set = 0;
    if (git_config_get_int64(&set, config.get(), name) != GIT_ENOTFOUND) continue;
    if (git_config_set_int64(config.get(), name, limit) < 0)
      return git_failure(fmt::format("set {}", name));
  }
  return {};
}

Result<void> initialise(const fs::path& folder, const std::string& branch) {
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags =
      GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_NO_REINIT | GIT_REPOSITORY_INIT_MKDIR;
  options.initial_head = branch.c_str();
  GitRepository repository;
  if (git_repository_init_ext(out(repository), folder.c_str(), &options) < 0) {
    return git_failure(fmt::format("make a repository in {}", folder.string()));
  }
  if (auto done = limit_packing(repository.get()); !done) return done;
  sync_all(folder);
  return {};
}

}  // namespace

Result<void> create_repository(const fs::path& folder, const std::string& branch) {
  if (auto done = create_folders(folder.parent_path()); !done) return done;
  sweep_leftovers(folder);
  // The folder that mkdtemp makes is private; the one in it is as open as the user's umask says.
  std::string unfinished = (folder.parent_path() / (unfinished_prefix(folder) + "XXXXXX")).string();
  if (::mkdtemp(unfinished.data()) == nullptr) {
    return fail(ErrorKind::storage, "make a repository in {}: {}", folder.parent_path().string(),
                std::generic_category().message(errno));
  }
  const fs::path made = fs::path(unfinished) / "repository";
  std::error_code error;
  auto done = initialise(made, branch);
  if (done) fs::rename(made, folder, error);
  if (done && !error) sync_path(folder.parent_path());
  std::error_code ignored;
  fs::remove_all(unfinished, ignored);
  const bool another_was_first =
      error == std::errc::directory_not_empty || error == std::errc::file_exists;
  if (!done || !error || another_was_first) return done;
  return fail(ErrorKind::storage, "make the repository {}: {}", folder.string(), error.message());
}

}  // namespace dandelion
