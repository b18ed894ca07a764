// SPDX-License-Identifier: MIT
#include "publish/tree_difference.hpp"

#include <optional>

#include "publish/folder_tree.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

using GitDiff = Handle<git_diff, git_diff_free>;

// The tree of a folder in a commit; empty where the commit has no such folder.
Result<GitTree> folder_of(git_repository* repository, const git_oid& id,
                          const std::string& folder) {
  const auto root = commit_tree(repository, id);
  if (!root) return tl::unexpected(root.error());
  return folder_tree(repository, root->get(), folder);
}

// The id of a commit that the repository has.
std::optional<git_oid> known_commit(git_repository* repository, const std::string& commit) {
  git_oid id{};
  GitCommit found;
  if (git_oid_fromstr(&id, commit.c_str()) < 0) return std::nullopt;
  if (git_commit_lookup(out(found), repository, &id) < 0) return std::nullopt;
  return id;
}

Result<FileDifference> difference_of(git_repository* repository, const std::string& folder,
                                     const git_diff_delta& delta) {
  FileDifference difference;
  difference.gone = delta.status == GIT_DELTA_DELETED;
  const git_diff_file& file = difference.gone ? delta.old_file : delta.new_file;
  difference.path = folder + "/" + file.path;
  if (difference.gone) return difference;
  GitBlob blob;
  if (git_blob_lookup(out(blob), repository, &file.id) < 0)
    return git_failure(fmt::format("read {}", difference.path));
  difference.content.assign(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                            static_cast<std::size_t>(git_blob_rawsize(blob.get())));
  return difference;
}

}  // namespace

Result<bool> visit_differences(const std::filesystem::path& repository, const std::string& commit,
                               const std::string& folder,
                               const std::function<Result<void>(FileDifference)>& visit) {
  GitRepository opened;
  if (git_repository_open_bare(out(opened), repository.c_str()) < 0)
    return git_failure(fmt::format("open {}", repository.string()));
  git_oid head{};
  const int code = git_reference_name_to_id(&head, opened.get(), "HEAD");
  if (code < 0 && code != GIT_ENOTFOUND) return git_failure("read HEAD");
  const auto known = known_commit(opened.get(), commit);
  GitTree before;
  GitTree now;
  if (known) {
    auto tree = folder_of(opened.get(), *known, folder);
    if (!tree) return tl::unexpected(tree.error());
    before = std::move(*tree);
  }
  if (code == 0) {
    auto tree = folder_of(opened.get(), head, folder);
    if (!tree) return tl::unexpected(tree.error());
    now = std::move(*tree);
  }
  if (before == nullptr && now == nullptr) return known.has_value();
  GitDiff diff;
  if (git_diff_tree_to_tree(out(diff), opened.get(), before.get(), now.get(), nullptr) < 0)
    return git_failure("compare two commits");
  for (std::size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
    auto difference = difference_of(opened.get(), folder, *git_diff_get_delta(diff.get(), i));
    if (!difference) return tl::unexpected(difference.error());
    if (auto visited = visit(std::move(*difference)); !visited)
      return tl::unexpected(visited.error());
  }
  return known.has_value();
}

}  // namespace dandelion
