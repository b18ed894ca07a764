// SPDX-License-Identifier: MIT
#include "publish/mirror_repository.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>

#include "core/log.hpp"
#include "core/text.hpp"
#include "publish/create_repository.hpp"
#include "publish/folder_tree.hpp"
#include "publish/git_handles.hpp"
#include "publish/pack_file.hpp"
#include "publish/pack_folding.hpp"
#include "publish/secret_scan.hpp"
#include "publish/stale_locks.hpp"
#include "publish/tree_update.hpp"
#include "sign/ssh_signature.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

Result<std::string> signature_line(const CommitSettings& settings) {
  const auto plain = [](std::string_view text) {
    return is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
             return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '<' || c == '>';
           });
  };
  const auto name = trim(settings.author_name);
  const auto email = trim(settings.author_email);
  if (name.empty() || email.empty() || !plain(name) || !plain(email)) {
    return fail(ErrorKind::bad_input, "'{} <{}>' cannot be the author of a commit", name, email);
  }
  const auto seconds = settings.time.time_since_epoch().count();
  if (seconds < 0) return fail(ErrorKind::bad_input, "a commit cannot be older than 1970");
  return fmt::format("{} <{}> {} +0000", name, email, seconds);
}

// Written by hand, as git's own tools do: no library default can add a local time zone or an
// encoding to it.
Result<std::string> commit_content(const git_oid& tree, const std::optional<git_oid>& parent,
                                   const CommitSettings& settings) {
  const auto signature = signature_line(settings);
  if (!signature) return tl::unexpected(signature.error());
  const auto message = trim(settings.message);
  if (message.empty() || !is_utf8(message) || message.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::bad_input, "a commit needs a message of plain UTF-8 text");
  }
  const std::string head = fmt::format(
      "tree {}\n{}author {}\ncommitter {}\n", hex(tree),
      parent ? fmt::format("parent {}\n", hex(*parent)) : std::string(), *signature, *signature);
  return with_signature(head, fmt::format("\n{}\n", message), settings.key.get());
}

bool is_file(const git_tree_entry* entry) {
  const auto mode = git_tree_entry_filemode(entry);
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

}  // namespace

std::optional<SecretInFile> find_secret(std::span<const FileChange> files, const SecretScan& scan) {
  for (const FileChange& file : files) {
    if (!file.content) continue;
    auto found = scan.secret_in(file.path);
    if (!found) found = scan.secret_in(*file.content);
    if (found) return SecretInFile{file.path, std::move(*found)};
  }
  return std::nullopt;
}

struct MirrorRepository::Impl {
  fs::path folder;
  GitRepository repository;

  struct Head {
    std::string ref;  // refs/heads/main; empty where HEAD is no branch
    std::optional<git_oid> commit;
  };
  [[nodiscard]] Result<Head> head() const;
  [[nodiscard]] Result<GitTree> tree_of(
      const Head& at) const;  // an empty handle before the first commit
  [[nodiscard]] Result<GitTree> head_tree() const;
  [[nodiscard]] Result<void> move_ref(const Head& from, const git_oid& commit) const;
};

Result<MirrorRepository::Impl::Head> MirrorRepository::Impl::head() const {
  const auto where = fmt::format("HEAD of {}", folder.string());
  GitReference head;
  if (git_reference_lookup(out(head), repository.get(), "HEAD") < 0) return git_failure(where);
  if (git_reference_type(head.get()) == GIT_REFERENCE_DIRECT)
    return Head{{}, *git_reference_target(head.get())};
  Head found{git_reference_symbolic_target(head.get()), std::nullopt};
  GitReference branch;
  const int code = git_reference_lookup(out(branch), repository.get(), found.ref.c_str());
  if (code == GIT_ENOTFOUND) return found;
  if (code < 0) return git_failure(where);
  GitReference resolved;
  if (git_reference_resolve(out(resolved), branch.get()) < 0) return git_failure(where);
  found.commit = *git_reference_target(resolved.get());
  return found;
}

Result<GitTree> MirrorRepository::Impl::head_tree() const {
  const auto at = head();
  if (!at) return tl::unexpected(at.error());
  return tree_of(*at);
}

Result<GitTree> MirrorRepository::Impl::tree_of(const Head& at) const {
  if (!at.commit) return GitTree{};
  GitCommit commit;
  GitTree tree;
  int code = git_commit_lookup(out(commit), repository.get(), &*at.commit);
  if (code == 0) code = git_commit_tree(out(tree), commit.get());
  if (code < 0) return git_failure(fmt::format("read the newest commit of {}", folder.string()));
  return tree;
}

Result<void> MirrorRepository::Impl::move_ref(const Head& from, const git_oid& commit) const {
  const fs::path lock = fs::path(git_repository_commondir(repository.get())) / (from.ref + ".lock");
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int code = 0;
  for (;;) {
    GitReference moved;
    code = from.commit
               ? git_reference_create_matching(out(moved), repository.get(), from.ref.c_str(),
                                               &commit, 1, &*from.commit, "dandelion")
               : git_reference_create(out(moved), repository.get(), from.ref.c_str(), &commit, 0,
                                      "dandelion");
    if (code != GIT_ELOCKED) break;
    if (remove_stale_lock(lock)) continue;
    if (std::chrono::steady_clock::now() > give_up) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  if (code == 0) return {};
  if (code == GIT_EMODIFIED || code == GIT_EEXISTS || code == GIT_ENOTFOUND) {
    return fail(ErrorKind::conflict, "{} in {} was moved by another process; nothing was changed",
                from.ref, folder.string());
  }
  if (code == GIT_ELOCKED) {
    return fail(ErrorKind::conflict, "{} is held by another process; remove it if there is none",
                lock.string());
  }
  return git_failure(fmt::format("move {} in {}", from.ref, folder.string()));
}

MirrorRepository::MirrorRepository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MirrorRepository::MirrorRepository(MirrorRepository&&) noexcept = default;
MirrorRepository& MirrorRepository::operator=(MirrorRepository&&) noexcept = default;
MirrorRepository::~MirrorRepository() = default;

Result<MirrorRepository> MirrorRepository::open_or_create(const fs::path& folder,
                                                          const std::string& branch) {
  std::error_code error;
  fs::path place = fs::absolute(folder, error).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();  // it was written with a slash at its end
  const bool absent =
      !fs::exists(place, error) || (fs::is_directory(place, error) && fs::is_empty(place, error));
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail(ErrorKind::storage, "open {}: {}", place.string(), error.message());
  }
  if (absent) {
    int valid = 0;
    git_reference_name_is_valid(&valid, ("refs/heads/" + branch).c_str());
    if (valid == 0)
      return fail(ErrorKind::bad_input, "'{}' cannot be the name of a branch", branch);
    if (auto done = create_repository(place, branch); !done)
      return tl::unexpected(std::move(done.error()));
  }
  auto impl = std::make_unique<Impl>();
  impl->folder = place;
  const int code = git_repository_open_bare(out(impl->repository), place.c_str());
  if (code == GIT_ENOTFOUND) {
    return fail(
        ErrorKind::storage,
        "{} is neither empty nor a bare Git repository; name another folder or move it away",
        place.string());
  }
  if (code < 0) return git_failure(fmt::format("open {}", place.string()));
  return MirrorRepository(std::move(impl));
}

Result<MirrorRepository> MirrorRepository::open(const fs::path& folder) {
  auto impl = std::make_unique<Impl>();
  impl->folder = folder;
  const int code = git_repository_open_ext(out(impl->repository), folder.c_str(),
                                           GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
  if (code == GIT_ENOTFOUND)
    return fail(ErrorKind::not_found, "{} is not a Git repository", folder.string());
  if (code < 0) return git_failure(fmt::format("open {}", folder.string()));
  return MirrorRepository(std::move(impl));
}

Result<std::optional<std::string>> MirrorRepository::head() const {
  auto at = impl_->head();
  if (!at) return tl::unexpected(std::move(at.error()));
  if (!at->commit) return std::nullopt;
  return hex(*at->commit);
}

Result<std::optional<std::string>> MirrorRepository::commit(const std::vector<FileChange>& changes,
                                                            const CommitSettings& settings) {
  git_repository* repository = impl_->repository.get();
  if (git_repository_is_bare(repository) == 0) {
    return fail(ErrorKind::refused, "{} has a work tree; a mirror is a bare repository",
                impl_->folder.string());
  }
  const auto ordered = in_folder_order(changes);
  if (!ordered) return tl::unexpected(ordered.error());
  if (settings.scan) {
    if (const auto found = find_secret(changes, *settings.scan)) {
      return fail(ErrorKind::refused, "'{}' holds {}; nothing was committed", found->path,
                  found->what);
    }
  }
  const auto at = impl_->head();
  if (!at) return tl::unexpected(at.error());
  if (at->ref.empty())
    return fail(ErrorKind::storage, "HEAD of {} is not on a branch", impl_->folder.string());
  const auto old_tree = impl_->tree_of(*at);
  if (!old_tree) return tl::unexpected(old_tree.error());
  GitObjectStore store;
  if (git_repository_odb(out(store), repository) < 0) return git_failure("open the objects");

  TreeUpdate update(store.get());
  const git_oid* base = *old_tree ? git_tree_id(old_tree->get()) : nullptr;
  auto root = update.apply(base, *ordered);
  if (!root) return tl::unexpected(std::move(root.error()));
  if (base == nullptr ? !root->has_value() : root->has_value() && git_oid_equal(base, &**root) != 0)
    return std::nullopt;
  if (!*root) {
    auto empty = update.add(GIT_OBJECT_TREE, {});
    if (!empty) return tl::unexpected(std::move(empty.error()));
    *root = *empty;
    if (git_oid_equal(base, &*empty) != 0) return std::nullopt;
  }

  auto content = commit_content(**root, at->commit, settings);
  if (!content) return tl::unexpected(std::move(content.error()));
  const auto commit = update.add(GIT_OBJECT_COMMIT, std::move(*content));
  if (!commit) return tl::unexpected(commit.error());
  // The objects are on the disk before the ref names them: whenever we are killed, HEAD is whole.
  if (auto done = write_pack(objects_of(repository), update.new_objects()); !done)
    return tl::unexpected(std::move(done.error()));
  if (git_odb_refresh(store.get()) < 0) return git_failure("read the new pack");
  if (auto done = impl_->move_ref(*at, *commit); !done)
    return tl::unexpected(std::move(done.error()));
  // The commit stands, whether or not there is room to tidy up after it.
  if (auto folded = fold_packs(repository); !folded) {
    log_warning("{}: {}", impl_->folder.string(), folded.error().message);
  }
  return hex(*commit);
}

Result<std::optional<std::string>> MirrorRepository::read(std::string_view path) const {
  auto tree = impl_->head_tree();
  if (!tree) return tl::unexpected(std::move(tree.error()));
  if (!*tree || path.find('\0') != std::string_view::npos) return std::nullopt;
  GitTreeEntry entry;
  const int code = git_tree_entry_bypath(out(entry), tree->get(), std::string(path).c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  if (code < 0) return git_failure(fmt::format("read {}", path));
  if (!is_file(entry.get())) return std::nullopt;
  GitBlob blob;
  if (git_blob_lookup(out(blob), impl_->repository.get(), git_tree_entry_id(entry.get())) < 0) {
    return git_failure(fmt::format("read {}", path));
  }
  return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                     static_cast<std::size_t>(git_blob_rawsize(blob.get())));
}

Result<std::vector<TreeFile>> MirrorRepository::list() const {
  auto tree = impl_->head_tree();
  if (!tree) return tl::unexpected(std::move(tree.error()));
  std::vector<TreeFile> files;
  if (!*tree) return files;
  GitObjectStore store;
  if (git_repository_odb(out(store), impl_->repository.get()) < 0)
    return git_failure("open the objects");
  struct Walk {
    git_odb* store;
    std::vector<TreeFile>* files;
  } walk{store.get(), &files};
  // The walk goes in the order of the paths' bytes, as git sorts a folder as if its name ended in a
  // slash.
  const auto visit = [](const char* folder, const git_tree_entry* entry,
                        void* payload) noexcept -> int {
    try {
      auto* to = static_cast<Walk*>(payload);
      if (!is_file(entry)) return 0;
      std::size_t size = 0;
      git_object_t type = GIT_OBJECT_INVALID;
      if (git_odb_read_header(&size, &type, to->store, git_tree_entry_id(entry)) < 0) return -1;
      to->files->push_back({std::string(folder) + git_tree_entry_name(entry), size});
      return 0;
    } catch (...) {  // out of memory; nothing may cross libgit2
      return -1;
    }
  };
  if (git_tree_walk(tree->get(), GIT_TREEWALK_PRE, visit, &walk) < 0) {
    return git_failure(fmt::format("list {}", impl_->folder.string()));
  }
  return files;
}

Result<std::vector<std::string>> MirrorRepository::names_in(std::string_view folder) const {
  auto tree = impl_->head_tree();
  if (!tree) return tl::unexpected(std::move(tree.error()));
  std::vector<std::string> names;
  if (!*tree || folder.find('\0') != std::string_view::npos) return names;
  while (folder.ends_with('/'))
    folder.remove_suffix(1);
  if (!folder.empty()) {
    tree = folder_tree(impl_->repository.get(), tree->get(), std::string(folder));
    if (!tree) return tl::unexpected(std::move(tree.error()));
    if (!*tree) return names;
  }
  const std::size_t count = git_tree_entrycount(tree->get());
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree->get(), i);
    if (is_file(entry)) names.emplace_back(git_tree_entry_name(entry));
  }
  return names;
}

Result<bool> MirrorRepository::has_folder(const std::string& folder) const {
  auto tree = impl_->head_tree();
  if (tree && *tree) tree = folder_tree(impl_->repository.get(), tree->get(), folder);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  return static_cast<bool>(*tree);
}

void MirrorRepository::clear_own_locks() {
  ::dandelion::clear_own_locks(impl_->repository.get());
}

const fs::path& MirrorRepository::folder() const {
  return impl_->folder;
}

}  // namespace dandelion
