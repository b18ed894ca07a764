// SPDX-License-Identifier: MIT
#include "publish/pack_files.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <tuple>

#include "publish/git_handles.hpp"
#include "publish/pack_index.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

using GitPackBuilder = Handle<git_packbuilder, git_packbuilder_free>;

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

// The new pack's name; empty where there is nothing to hold.
Result<std::string> write_joined(git_repository* repository, const std::vector<git_oid>& objects) {
  if (objects.empty()) return std::string();
  GitPackBuilder builder;
  if (git_packbuilder_new(out(builder), repository) < 0) return git_failure("join packs");
  git_packbuilder_set_threads(builder.get(), 0);
  for (const git_oid& object : objects) {
    if (git_packbuilder_insert(builder.get(), &object, nullptr) < 0)
      return git_failure("join packs");
  }
  // libgit2 brings it to the disk: see GitLibrary.
  if (git_packbuilder_write(builder.get(), nullptr, 0, nullptr, nullptr) < 0)
    return git_failure("join packs");
  return std::string(git_packbuilder_name(builder.get()));
}

}  // namespace

std::vector<PackFiles> replaceable_packs(git_repository* repository) {
  const fs::path folder = fs::path(git_repository_commondir(repository)) / "objects" / "pack";
  std::vector<PackFiles> found;
  if (is_there(folder / "multi-pack-index")) return found;
  for (const fs::path& index : pack_indexes(repository)) {
    PackFiles files{index, index, 0};
    files.pack.replace_extension(".pack");
    std::error_code unreadable;
    files.bytes = fs::file_size(files.pack, unreadable);
    if (unreadable) continue;
    const auto is_marked = [&](const char* extension) {
      return is_there(fs::path(files.pack).replace_extension(extension));
    };
    if (!is_marked(".keep") && !is_marked(".promisor") && !is_marked(".bitmap"))
      found.push_back(files);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.bytes, a.index) < std::tie(b.bytes, b.index);
  });
  return found;
}

Result<void> replace_packs(git_repository* repository, const std::vector<PackFiles>& packs,
                           const std::vector<git_oid>& objects) {
  const auto name = write_joined(repository, objects);
  if (!name) return tl::unexpected(name.error());
  for (const PackFiles& each : packs) {
    if (each.pack.stem() == "pack-" + *name) continue;
    std::error_code ignored;
    fs::remove(each.index, ignored);  // first: an index without its pack is an error to readers
    fs::remove(each.pack, ignored);
    fs::remove(fs::path(each.pack).replace_extension(".rev"), ignored);  // git's, made of the index
  }
  return {};
}

}  // namespace dandelion
