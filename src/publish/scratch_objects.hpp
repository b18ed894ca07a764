// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include <git2.h>

#include "core/error.hpp"
#include "core/held_folder.hpp"

namespace dandelion {

// Objects that are looked at and not kept: a folder of the system's for temporary files, laid out
// as a repository's `objects`, which goes with this, and with all that was written to it.
class ScratchObjects {
 public:
  // Takes what killed processes left of their own away first. storage where there is no room.
  [[nodiscard]] static Result<ScratchObjects> make();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

  // From now on what was written so far is found through this handle of a repository, which must
  // not outlive it.
  [[nodiscard]] Result<void> lend_to(git_repository* repository) const;

 private:
  explicit ScratchObjects(HeldFolder folder) : folder_(std::move(folder)) {}

  HeldFolder folder_;
};

}  // namespace dandelion
