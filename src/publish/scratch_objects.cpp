// SPDX-License-Identifier: MIT
#include "publish/scratch_objects.hpp"

#include <cstdlib>
#include <system_error>
#include <utility>

#include "core/files.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {

namespace fs = std::filesystem;

Result<ScratchObjects> ScratchObjects::make() {
  std::error_code error;
  std::string folder = (fs::temp_directory_path(error) / "dandelion-objects-XXXXXX").string();
  if (!error && ::mkdtemp(folder.data()) == nullptr)
    error = std::error_code(errno, std::generic_category());
  if (error) return fail(ErrorKind::storage, "make {}: {}", folder, error.message());
  ScratchObjects objects(folder);
  if (auto done = create_folders(objects.folder_ / "pack"); !done)
    return tl::unexpected(std::move(done.error()));
  return objects;
}

ScratchObjects::~ScratchObjects() {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

ScratchObjects::ScratchObjects(ScratchObjects&& other) noexcept
    : folder_(std::exchange(other.folder_, {})) {}

Result<void> ScratchObjects::lend_to(git_repository* repository) const {
  GitObjectStore store;
  int code = git_repository_odb(out(store), repository);
  if (code == 0) code = git_odb_add_disk_alternate(store.get(), folder_.c_str());
  if (code < 0) return git_failure(fmt::format("read {}", folder_.string()));
  return {};
}

}  // namespace dandelion
