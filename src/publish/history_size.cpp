// SPDX-License-Identifier: MIT
#include "publish/history_size.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <zlib.h>

#include "core/files.hpp"
#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "publish/folder_tree.hpp"
#include "publish/git_handles.hpp"
#include "publish/id_set.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr int compression_level = 1;            // as pack_file writes
constexpr std::uint64_t object_bytes = 24;      // a header, and a line of the index
constexpr std::uint64_t tree_entry_bytes = 28;  // a mode and an id, which no compression shortens
constexpr std::size_t many_commits = 2'000;     // takes seconds

// The first parent; nullopt for a first commit.
Result<std::optional<git_oid>> parent_of(git_repository* repository, const git_oid& id) {
  GitCommit commit;
  if (git_commit_lookup(out(commit), repository, &id) < 0)
    return git_failure(fmt::format("read the commit {}", hex(id)));
  if (git_commit_parentcount(commit.get()) == 0) return std::nullopt;
  return *git_commit_parent_id(commit.get(), 0);
}

std::string_view text_of(git_odb_object* object) {
  return {static_cast<const char*>(git_odb_object_data(object)), git_odb_object_size(object)};
}

// What two files do not share at their beginnings and ends.
std::string_view changed_part(std::string_view text, std::string_view before) {
  const auto begin = std::mismatch(text.begin(), text.end(), before.begin(), before.end()).first;
  const auto same = static_cast<std::size_t>(begin - text.begin());
  text.remove_prefix(same);
  before.remove_prefix(same);
  const auto end = std::mismatch(text.rbegin(), text.rend(), before.rbegin(), before.rend()).first;
  text.remove_suffix(static_cast<std::size_t>(end - text.rbegin()));
  return text;
}

// Weighs trees, each object once.
class Scale {
 public:
  Scale(git_repository* repository, git_odb* store) : repository_(repository), store_(store) {}

  // The bytes that a commit adds beside another one; to none where that is nullopt.
  Result<std::uint64_t> weigh(const git_oid& commit, const std::optional<git_oid>& beside) {
    auto tree = commit_tree(repository_, commit);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    Result<GitTree> other = GitTree{};
    if (beside) other = commit_tree(repository_, *beside);
    if (!other) return tl::unexpected(std::move(other.error()));
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, store_, &commit) < 0)
      return git_failure(fmt::format("read the commit {}", hex(commit)));
    bytes_ = object_bytes + size;
    if (auto done = add_tree(tree->get(), other->get()); !done)
      return tl::unexpected(std::move(done.error()));
    return bytes_;
  }

 private:
  using OdbObject = Handle<git_odb_object, git_odb_object_free>;

  // The nesting is bounded: paths of ours have at most 1,024 bytes.
  // NOLINTNEXTLINE(misc-no-recursion)
  Result<void> add_tree(const git_tree* tree, const git_tree* other) {
    if (other != nullptr && git_oid_equal(git_tree_id(tree), git_tree_id(other)) != 0) return {};
    if (!seen_.insert(*git_tree_id(tree)).second) return {};
    bytes_ += object_bytes;
    for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      const std::string_view name = git_tree_entry_name(entry);
      const git_tree_entry* before =
          other != nullptr ? git_tree_entry_byname(other, name.data()) : nullptr;
      const git_oid* id = git_tree_entry_id(entry);
      if (before != nullptr && git_oid_equal(git_tree_entry_id(before), id) != 0) continue;
      bytes_ += tree_entry_bytes + name.size();
      const auto type = git_tree_entry_type(entry);
      if (before != nullptr && git_tree_entry_type(before) != type) before = nullptr;
      const git_oid* old = before != nullptr ? git_tree_entry_id(before) : nullptr;
      auto done = type == GIT_OBJECT_TREE ? add_folder(*id, old) : add_file(*id, old);
      if (!done) return done;
    }
    return {};
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result<void> add_folder(const git_oid& id, const git_oid* before) {
    GitTree tree;
    GitTree old;
    if (git_tree_lookup(out(tree), repository_, &id) < 0 ||
        (before != nullptr && git_tree_lookup(out(old), repository_, before) < 0)) {
      return git_failure(fmt::format("read the tree {}", hex(id)));
    }
    return add_tree(tree.get(), old.get());
  }

  Result<void> add_file(const git_oid& id, const git_oid* before) {
    if (!seen_.insert(id).second) return {};
    OdbObject file;
    OdbObject old;
    if (git_odb_read(out(file), store_, &id) < 0 ||
        (before != nullptr && git_odb_read(out(old), store_, before) < 0)) {
      return git_failure(fmt::format("read the file {}", hex(id)));
    }
    std::string_view text = text_of(file.get());
    if (old) text = changed_part(text, text_of(old.get()));
    packed_.resize(compressBound(text.size()));
    uLongf size = packed_.size();
    if (compress2(packed_.data(), &size, reinterpret_cast<const Bytef*>(text.data()), text.size(),
                  compression_level) != Z_OK) {
      return fail(ErrorKind::storage, "pack the file {}", hex(id));
    }
    bytes_ += object_bytes + std::min<std::uint64_t>(size, text.size());
    return {};
  }

  git_repository* repository_;
  git_odb* store_;
  IdSet seen_;
  std::vector<Bytef> packed_;
  std::uint64_t bytes_ = 0;
};

// How far the history was gone through.
struct Note {
  git_oid root{};
  git_oid at{};
  std::uint64_t bytes = 0;
  std::uint64_t next = 0;  // the sum at which a cut is thought of
};

class NoteFile {
 public:
  NoteFile(git_repository* repository, std::uint64_t max_bytes)
      : path_(fs::path(git_repository_commondir(repository)) / "dandelion" /
              fmt::format("history-{}", max_bytes)) {}

  [[nodiscard]] std::optional<Note> read() const {
    constexpr std::size_t max_note = 1024;
    const auto text = read_file(path_, max_note);
    if (!text) return std::nullopt;
    std::istringstream words(*text);
    std::string version;
    std::string root;
    std::string at;
    Note note;
    if (!(words >> version >> root >> at >> note.bytes >> note.next) || version != "1" ||
        git_oid_fromstr(&note.root, root.c_str()) < 0 || git_oid_fromstr(&note.at, at.c_str()) < 0)
      return std::nullopt;
    return note;
  }

  // A note that cannot be written is made again by the next run.
  void write(const Note& note) const {
    std::error_code error;
    const fs::path part = path_.string() + ".part";
    fs::remove(part, error);
    auto done = create_folders(path_.parent_path());
    if (done) {
      done = create_file(part, fmt::format("1 {} {} {} {}\n", hex(note.root), hex(note.at),
                                           note.bytes, note.next));
    }
    if (done) fs::rename(part, path_, error);
    if (!done) log_debug("{}", done.error().message);
  }

 private:
  fs::path path_;
};

class History {
 public:
  History(git_repository* repository, git_odb* store, std::uint64_t max_bytes)
      : repository_(repository), store_(store), max_bytes_(max_bytes) {}

  Result<Note> go(std::optional<Note> note, const git_oid& head) {
    auto commits = commits_after(note, head);
    if (!commits) return tl::unexpected(std::move(commits.error()));
    if (commits->size() > many_commits)
      log_info("weighing {} commits, once, for `history: max_size`", commits->size());
    if (note) note_ = *note;
    for (auto commit = commits->rbegin(); commit != commits->rend(); ++commit) {
      if (stop_requested()) return fail(ErrorKind::stopped, "stopped while weighing the history");
      if (auto done = add(*commit, !note && commit == commits->rbegin()); !done)
        return tl::unexpected(std::move(done.error()));
    }
    return note_;
  }

 private:
  // Newest first. All of them, and no note, where the note is not of this history.
  Result<std::vector<git_oid>> commits_after(std::optional<Note>& note, const git_oid& head) {
    std::vector<git_oid> commits;
    git_oid at = head;
    while (!note || git_oid_equal(&note->at, &at) == 0) {
      commits.push_back(at);
      const auto parent = parent_of(repository_, at);
      if (!parent) return tl::unexpected(parent.error());
      if (!*parent) {
        note.reset();
        break;
      }
      at = **parent;
    }
    return commits;
  }

  Result<void> add(const git_oid& commit, bool is_first) {
    const std::optional<git_oid> before = is_first ? std::nullopt : std::optional(note_.at);
    const auto bytes = Scale(repository_, store_).weigh(commit, before);
    if (!bytes) return tl::unexpected(bytes.error());
    if (is_first) note_ = {.root = commit, .at = commit, .bytes = 0, .next = max_bytes_};
    note_.at = commit;
    note_.bytes += *bytes;
    return note_.bytes > note_.next ? cut() : Result<void>{};
  }

  // Newest first, as much as half of the limit takes.
  Result<void> cut() {
    Scale scale(repository_, store_);
    auto kept = scale.weigh(note_.at, std::nullopt);
    if (!kept) return tl::unexpected(kept.error());
    git_oid root = note_.at;
    while (git_oid_equal(&root, &note_.root) == 0) {
      const auto parent = parent_of(repository_, root);
      if (!parent) return tl::unexpected(parent.error());
      const auto more = scale.weigh(**parent, root);
      if (!more) return tl::unexpected(more.error());
      if (*kept + *more > max_bytes_ / 2) break;
      *kept += *more;
      root = **parent;
    }
    if (*kept > note_.bytes - note_.bytes / 10) {
      note_.next = note_.bytes + note_.bytes / 10;
      return {};
    }
    note_.root = root;
    note_.bytes = *kept;
    note_.next = max_bytes_;
    return {};
  }

  git_repository* repository_;
  git_odb* store_;
  std::uint64_t max_bytes_;
  Note note_;
};

}  // namespace

Result<HistoryStart> find_history_start(git_repository* repository, git_odb* store,
                                        const git_oid& head, std::uint64_t max_bytes, bool notes) {
  const NoteFile file(repository, max_bytes);
  const auto known = file.read();
  auto note = History(repository, store, max_bytes).go(known, head);
  if (!note) return tl::unexpected(std::move(note.error()));
  const bool is_new = !known || git_oid_equal(&known->at, &note->at) == 0;
  if (notes && is_new) file.write(*note);
  return HistoryStart{.root = note->root, .bytes = note->bytes};
}

}  // namespace dandelion
