// SPDX-License-Identifier: MIT
#include "publish/folder_push.hpp"

#include <chrono>
#include <filesystem>

#include <dirent.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "publish/git_handles.hpp"
#include "publish/pack_folding.hpp"
#include "publish/stale_locks.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

using OpenFolder = Handle<DIR, ::closedir>;

constexpr std::chrono::seconds longest_wait{10};

int report(const FolderPush& push, const PushProgress& progress) noexcept {
  try {
    if (stop_requested()) return GIT_EUSER;
    if (push.progress) push.progress(progress);
    return 0;
  } catch (...) {  // out of memory; nothing may cross libgit2
    return -1;
  }
}

int on_packing(int stage, unsigned int done, unsigned int total, void* push) noexcept {
  // While it counts objects, it does not know how many there are.
  if (stage != GIT_PACKBUILDER_DELTAFICATION) total = 0;
  return report(*static_cast<const FolderPush*>(push),
                {.stage = PushProgress::Stage::packing, .done = done, .total = total});
}

int on_writing(const git_indexer_progress* progress, void* push) noexcept {
  return report(*static_cast<const FolderPush*>(push), {.stage = PushProgress::Stage::sending,
                                                        .done = progress->received_objects,
                                                        .total = progress->total_objects,
                                                        .bytes = progress->received_bytes});
}

// What leads to everything that the folder has already.
int hide_known(git_revwalk* walk, const FolderPush& push) {
  GitReferences references;
  int code = git_reference_iterator_new(out(references), push.folder);
  const char* name = nullptr;
  while (code == 0 && (code = git_reference_next_name(&name, references.get())) == 0) {
    git_oid id{};
    GitCommit known;
    if (git_reference_name_to_id(&id, push.folder, name) == 0 &&
        git_commit_lookup(out(known), push.from, &id) == 0) {
      code = git_revwalk_hide(walk, &id);
    }
  }
  return code == GIT_ITEROVER ? 0 : code;
}

Result<void> write_objects(FolderPush& push) {
  GitWalk walk;
  GitPackBuilder builder;
  int code = git_revwalk_new(out(walk), push.from);
  if (code == 0) code = git_revwalk_push(walk.get(), &push.commit);
  if (code == 0) code = hide_known(walk.get(), push);
  if (code == 0) code = git_packbuilder_new(out(builder), push.from);
  if (code == 0) {
    git_packbuilder_set_threads(builder.get(), 0);
    code = git_packbuilder_set_callbacks(builder.get(), &on_packing, &push);
  }
  if (code == 0) code = git_packbuilder_insert_walk(builder.get(), walk.get());
  if (code == 0 && git_packbuilder_object_count(builder.get()) != 0) {
    const fs::path packs = objects_of(push.folder) / "pack";
    code = git_packbuilder_write(builder.get(), packs.c_str(), 0, &on_writing, &push);
  }
  if (code == 0) return {};
  if (stop_requested()) return fail(ErrorKind::stopped, "stopped while pushing");
  return git_failure("write what the mirror lacks");
}

int try_move(const FolderPush& push) {
  GitReference moved;
  return push.seen ? git_reference_create_matching(out(moved), push.folder, push.ref.c_str(),
                                                   &push.commit, 1, &*push.seen, nullptr)
                   : git_reference_create(out(moved), push.folder, push.ref.c_str(), &push.commit,
                                          0, nullptr);
}

Result<void> move_branch(const FolderPush& push) {
  const fs::path lock = fs::path(git_repository_commondir(push.folder)) / (push.ref + ".lock");
  const auto give_up = std::chrono::steady_clock::now() + longest_wait;
  int code = try_move(push);
  while (code == GIT_ELOCKED && !is_stale_lock(lock) &&
         std::chrono::steady_clock::now() < give_up &&
         waited_without_stop(std::chrono::milliseconds(50))) {
    code = try_move(push);
  }
  if (code == 0) return {};
  const std::string reason = git_reason();
  if (stop_requested()) return fail(ErrorKind::stopped, "stopped while pushing");
  if (code == GIT_ELOCKED) {
    return fail(ErrorKind::storage,
                "{} is in the way: another push moves the branch, or was killed while it did; "
                "remove the file if none is under way",
                lock.string());
  }
  if (code == GIT_EMODIFIED || code == GIT_EEXISTS || code == GIT_ENOTFOUND) {
    return fail(ErrorKind::conflict,
                "the mirror's {} was moved by another push at the same time: {}", push.ref, reason);
  }
  return fail(ErrorKind::storage, "move {}: {}", push.ref, reason);
}

// Every push leaves a pack. One process at a time folds them; who reads meanwhile finds each object
// in the old packs or in the new one, and looks again where a pack is gone, as with `git gc`.
// Nothing is held up or lost where it does not work, so the folder of somebody else, from which we
// could not take a pack away, is left alone.
void fold_heap(git_repository* folder) {
  const fs::path packs = objects_of(folder) / "pack";
  struct stat about {};
  const OpenFolder lock(::opendir(packs.c_str()));
  if (!lock || ::fstat(::dirfd(lock.get()), &about) != 0 || (about.st_mode & S_ISVTX) != 0 ||
      ::flock(::dirfd(lock.get()), LOCK_EX | LOCK_NB) != 0) {
    return;
  }
  if (auto folded = fold_packs(folder); !folded)
    log_warning("{}: {}", packs.parent_path().parent_path().string(), folded.error().message);
}

}  // namespace

Result<void> push_to_folder(FolderPush push) {
  auto done = write_objects(push);
  if (done) done = move_branch(push);
  if (done) fold_heap(push.folder);
  return done;
}

}  // namespace dandelion
