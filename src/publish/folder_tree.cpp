// SPDX-License-Identifier: MIT
#include "publish/folder_tree.hpp"

namespace dandelion {

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
