// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/error.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {

// The repository's trees as one mirror gets them where pages bear its name: what stands for the
// name (core/mirror_name.hpp) is replaced in every page, Markdown or HTML; all else is shared.
class NamedTrees {
 public:
  // Takes a new object, and says its id.
  using Add = std::function<Result<git_oid>(git_object_t type, std::string content)>;

  // `repository` and `store` must outlive it.
  NamedTrees(git_repository* repository, git_odb* store, std::string name, Add add);

  // A root tree and what became of it, both in the repository: what a later tree shares with it is
  // not read again.
  void begin_from(GitTree source, GitTree named);

  // What becomes of a root tree. It costs what is not known yet. storage where it cannot be read.
  [[nodiscard]] Result<git_oid> named(const git_oid& tree);

 private:
  struct Before {
    const git_tree* source = nullptr;
    const git_tree* named = nullptr;
  };
  struct ById {
    bool operator()(const git_oid& a, const git_oid& b) const { return git_oid_cmp(&a, &b) < 0; }
  };

  Result<git_oid> named_tree(const git_oid& id, const Before& before);
  Result<git_oid> named_folder(const git_tree_entry* entry, const Before& before);
  Result<git_oid> named_page(const git_oid& id);
  void learn(const Before& before);

  git_repository* repository_;
  git_odb* store_;
  std::string name_;
  Add add_;
  GitTree source_before_;
  GitTree named_before_;
  std::map<git_oid, git_oid, ById> known_;
};

}  // namespace dandelion
