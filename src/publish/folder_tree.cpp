// SPDX-License-Identifier: MIT
#include "publish/folder_tree.hpp"

namespace dandelion {

Result<GitTree> commit_tree(git_repository* repository, const git_oid& id) {
  GitCommit commit;
  GitTree tree;
  int code = git_commit_lookup(out(commit), repository, &id);
  if (code == 0) code = git_commit_tree(out(tree), commit.get());
  if (code < 0) return git_failure(fmt::format("read the commit {}", hex(id)));
  return tree;
}

Result<GitTree> folder_tree(git_repository* repository, const git_tree* root,
                            const std::string& folder) {
  GitTreeEntry entry;
  const int code = git_tree_entry_bypath(out(entry), root, folder.c_str());
  if (code == GIT_ENOTFOUND) return GitTree{};
  if (code < 0) return git_failure(fmt::format("read {}", folder));
  GitTree tree;
  if (git_tree_entry_type(entry.get()) != GIT_OBJECT_TREE) return tree;
  if (git_tree_lookup(out(tree), repository, git_tree_entry_id(entry.get())) < 0)
    return git_failure(fmt::format("read {}", folder));
  return tree;
}

}  // namespace dandelion
