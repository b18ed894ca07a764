// SPDX-License-Identifier: MIT
#include "publish/scratch_objects.hpp"

#include <system_error>
#include <utility>

#include "core/files.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {

namespace fs = std::filesystem;

constexpr std::string_view scratch_prefix = "dandelion-objects-";

Result<ScratchObjects> ScratchObjects::make() {
  std::error_code error;
  const fs::path under = fs::temp_directory_path(error);
  if (error)
    return fail(ErrorKind::storage, "find a folder for temporary files: {}", error.message());
  HeldFolder::sweep(under, scratch_prefix);
  auto folder = HeldFolder::create(under, scratch_prefix, true);
  if (!folder) return tl::unexpected(std::move(folder.error()));
  if (auto done = create_folders(folder->path() / "pack"); !done)
    return tl::unexpected(std::move(done.error()));
  return ScratchObjects(std::move(*folder));
}

Result<void> ScratchObjects::lend_to(git_repository* repository) const {
  GitObjectStore store;
  int code = git_repository_odb(out(store), repository);
  if (code == 0) code = git_odb_add_disk_alternate(store.get(), folder().c_str());
  if (code < 0) return git_failure(fmt::format("read {}", folder().string()));
  return {};
}

}  // namespace dandelion
