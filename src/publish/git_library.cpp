// SPDX-License-Identifier: MIT
#include <array>
#include <stdexcept>

#include "publish/git_handles.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion {
namespace {

// Where git looks for configuration outside the repository. A user's or an administrator's settings
// (an insteadOf, a proxy, a name) must not change what is committed or where it is sent.
constexpr std::array config_levels = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                                      GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL};

}  // namespace

GitLibrary::GitLibrary() {
  if (git_libgit2_init() < 0) throw std::runtime_error("libgit2 cannot start: " + git_reason());
  for (const auto level : config_levels)
    git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
  // Git refuses repositories of another user because their configuration could name programs to
  // run. libgit2 runs none (no hooks, filters or helpers), and with the search paths empty nobody
  // could lift the refusal: a mirror on a mounted disk, or one that cron opens as another user,
  // would be lost.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // libgit2 would map packs up to 8 GB at a time; a small server has other uses for its memory.
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, std::size_t{16} << 20);
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, std::size_t{128} << 20);
  // It keeps every pack it has read open, and a process may have no more than 1,024 files.
  git_libgit2_opts(GIT_OPT_SET_MWINDOW_FILE_LIMIT, std::size_t{64});
  // Refs and the repository's own files reach the disk before we say that they did.
  git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
}

GitLibrary::~GitLibrary() {
  git_libgit2_shutdown();
}

std::string git_reason() {
  const git_error* last = git_error_last();
  return last != nullptr && last->message != nullptr ? last->message : "no reason given";
}

tl::unexpected<Error> git_failure(std::string_view doing, ErrorKind kind) {
  return fail(kind, "{}: {}", doing, git_reason());
}

Result<GitRepository> open_repository(const std::filesystem::path& folder) {
  GitRepository repository;
  if (git_repository_open(out(repository), folder.c_str()) < 0)
    return git_failure(fmt::format("open {}", folder.string()));
  return repository;
}

std::filesystem::path objects_of(git_repository* repository) {
  return std::filesystem::path(git_repository_commondir(repository)) / "objects";
}

std::string hex(const git_oid& id) {
  std::string text(GIT_OID_HEXSZ, '0');
  git_oid_fmt(text.data(), &id);
  return text;
}

}  // namespace dandelion
