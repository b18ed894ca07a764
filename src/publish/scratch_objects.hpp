// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include <git2.h>

#include "core/error.hpp"

namespace dandelion {

// Objects that are looked at and not kept: a folder of the system's for temporary files, laid out
// as a repository's `objects`, which goes with this, and with all that was written to it.
class ScratchObjects {
 public:
  // storage where there is no room for it.
  [[nodiscard]] static Result<ScratchObjects> make();
  ~ScratchObjects();
  ScratchObjects(ScratchObjects&& other) noexcept;
  ScratchObjects(const ScratchObjects&) = delete;
  ScratchObjects& operator=(const ScratchObjects&) = delete;
  ScratchObjects& operator=(ScratchObjects&&) = delete;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  // From now on what was written so far is found through this handle of a repository, which must
  // not outlive it.
  [[nodiscard]] Result<void> lend_to(git_repository* repository) const;

 private:
  explicit ScratchObjects(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::filesystem::path folder_;
};

}  // namespace dandelion
