// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// A folder that goes with this, unless it gets a name to stay under. Until then it is called
// `prefix…`, and its maker holds a lock on it (flock), which the kernel lets go of however the
// process ends: what another process is at work on can be told from what a killed one left. Where
// the file system has no locks, nothing is ever taken for left behind.
class HeldFolder {
 public:
  // Makes one in `under`, which is made too, for its owner alone where `is_private`. storage where
  // that cannot be.
  [[nodiscard]] static Result<HeldFolder> create(const std::filesystem::path& under,
                                                 std::string_view prefix, bool is_private = false);
  // Takes away all those in `under` that are this user's and that nobody holds.
  static void sweep(const std::filesystem::path& under, std::string_view prefix);

  HeldFolder(HeldFolder&& other) noexcept;
  HeldFolder& operator=(HeldFolder&&) = delete;
  HeldFolder(const HeldFolder&) = delete;
  HeldFolder& operator=(const HeldFolder&) = delete;
  // Takes it away with what is in it, unless it got its name.
  ~HeldFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // conflict where something has that name already, storage otherwise.
  [[nodiscard]] Result<void> become(const std::filesystem::path& name);

 private:
  HeldFolder(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::filesystem::path path_;  // empty once it has its name
  int fd_;
};

}  // namespace dandelion
