// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "publish/git_handles.hpp"
#include "publish/mirror_repository.hpp"
#include "publish/pack_file.hpp"

namespace dandelion {

// The changes by path, `/` before every other character, so that what is in one folder stands
// together. refused where a path is unsafe or comes twice. The changes must outlive the outcome.
[[nodiscard]] Result<std::vector<const FileChange*>> in_folder_order(
    const std::vector<FileChange>& changes);

// Finds the tree that HEAD's tree becomes under the changes, and the objects it needs that are not
// stored yet. Only trees along changed paths are read and made; nothing is written.
class TreeUpdate {
 public:
  explicit TreeUpdate(git_odb* store) : store_(store) {}

  // The new root tree; nullopt where no file is left. refused where a file and a folder would share
  // a name. `base` is null before the first commit. `changes` come from in_folder_order.
  [[nodiscard]] Result<std::optional<git_oid>> apply(const git_oid* base,
                                                     std::span<const FileChange* const> changes);

  // Takes an object to be stored, unless the repository or this update has it, and gives its id.
  [[nodiscard]] Result<git_oid> add(git_object_t type, std::string content);

  // New commits and trees, then blobs: the order in which readers of the pack want them. They point
  // into the changes and into this object.
  [[nodiscard]] std::vector<NewObject> new_objects() const;

 private:
  struct Edit;
  using Changes = std::span<const FileChange* const>;

  Result<std::optional<git_oid>> update_folder(const git_oid* existing, Changes changes,
                                               std::size_t prefix);
  Result<std::vector<Edit>> find_edits(const git_oid* existing, std::string_view tree,
                                       Changes changes, std::size_t prefix);
  Result<void> work_out(Edit& edit, std::size_t prefix);
  static Edit* find_edit(std::vector<Edit>& edits, std::string_view name);
  static std::string spliced(std::string_view tree, std::vector<Edit>& edits);
  Result<git_oid> add_view(git_object_t type, std::string_view content,
                           std::vector<NewObject>& list);

  git_odb* store_;
  std::deque<std::string> owned_;  // a deque: views into its strings stay valid
  std::vector<NewObject> trees_;
  std::vector<NewObject> blobs_;
  std::set<std::string, std::less<>> ids_;
};

}  // namespace dandelion
