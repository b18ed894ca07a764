// SPDX-License-Identifier: MIT
#include "publish/reachable_objects.hpp"

#include "core/stop_signal.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

using GitObject = Handle<git_object, git_object_free>;

// Files are found here, and all else is left to be looked into.
void add_entries(const git_tree* tree, IdSet& found, std::vector<git_oid>& waiting) {
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
    const git_object_t type = git_tree_entry_type(entry);
    if (type == GIT_OBJECT_BLOB) found.insert(*git_tree_entry_id(entry));
    if (type == GIT_OBJECT_TREE) waiting.push_back(*git_tree_entry_id(entry));
  }
}

void add_needs(const git_object* object, IdSet& found, std::vector<git_oid>& waiting) {
  switch (git_object_type(object)) {
    case GIT_OBJECT_COMMIT: {
      const auto* commit = reinterpret_cast<const git_commit*>(object);
      waiting.push_back(*git_commit_tree_id(commit));
      for (unsigned int i = 0; i < git_commit_parentcount(commit); ++i)
        waiting.push_back(*git_commit_parent_id(commit, i));
      break;
    }
    case GIT_OBJECT_TREE:
      add_entries(reinterpret_cast<const git_tree*>(object), found, waiting);
      break;
    case GIT_OBJECT_TAG:
      waiting.push_back(*git_tag_target_id(reinterpret_cast<const git_tag*>(object)));
      break;
    default:
      break;
  }
}

}  // namespace

Result<IdSet> reachable_from(git_repository* repository, std::vector<git_oid> tips) {
  IdSet found;
  std::vector<git_oid> waiting = std::move(tips);
  while (!waiting.empty()) {
    if (stop_requested()) return fail(ErrorKind::stopped, "stopped while looking at all objects");
    const git_oid id = waiting.back();
    waiting.pop_back();
    if (!found.insert(id).second) continue;
    GitObject object;
    if (git_object_lookup(out(object), repository, &id, GIT_OBJECT_ANY) < 0)
      return git_failure(fmt::format("read the object {}", hex(id)));
    add_needs(object.get(), found, waiting);
  }
  return found;
}

}  // namespace dandelion
