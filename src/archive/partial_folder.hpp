// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>

#include "core/error.hpp"

namespace dandelion {

// A folder that is filled under a name of its own, `.partial-…`, and gets its real one when all is
// in it. Its maker holds a lock on it (flock), which the kernel lets go of however the process
// ends: what another process is at work on can be told from what a killed one left. Where the file
// system has no locks, nothing is ever taken for left behind.
class PartialFolder {
 public:
  // Makes one in `under`, which is made too. storage where that cannot be.
  [[nodiscard]] static Result<PartialFolder> create(const std::filesystem::path& under);
  // Takes away all those in `under` that nobody holds.
  static void sweep(const std::filesystem::path& under);

  PartialFolder(PartialFolder&& other) noexcept;
  PartialFolder& operator=(PartialFolder&&) = delete;
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  // Takes it away with what is in it, unless it got its name.
  ~PartialFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // conflict where something has that name already, storage otherwise.
  [[nodiscard]] Result<void> become(const std::filesystem::path& name);

 private:
  PartialFolder(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}

  std::filesystem::path path_;  // empty once it has its name
  int fd_;
};

}  // namespace dandelion
