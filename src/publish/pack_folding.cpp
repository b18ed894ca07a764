// SPDX-License-Identifier: MIT
#include "publish/pack_folding.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "core/files.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

using GitPackBuilder = Handle<git_packbuilder, git_packbuilder_free>;

// Readers look through all packs for an object: with 2,500 of them a commit took twice its time,
// and a push of all of it ten times.
constexpr std::size_t many_packs = 50;
// A folded pack grows until it is this large, and is left alone from then on.
constexpr std::uintmax_t small_pack_bytes = 4U << 20;

struct SmallPack {
  fs::path index;
  fs::path pack;
  std::uintmax_t bytes = 0;
};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

std::vector<SmallPack> small_packs(const fs::path& folder) {
  std::vector<SmallPack> found;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    SmallPack files{each->path(), each->path(), 0};
    if (files.index.extension() != ".idx") continue;
    files.pack.replace_extension(".pack");
    std::error_code unreadable;
    files.bytes = fs::file_size(files.pack, unreadable);
    if (unreadable || files.bytes > small_pack_bytes) continue;
    const auto is_kept = [&](const char* extension) {
      return is_there(fs::path(files.pack).replace_extension(extension));
    };
    if (!is_kept(".keep") && !is_kept(".promisor") && !is_kept(".bitmap")) found.push_back(files);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.bytes, a.index) < std::tie(b.bytes, b.index);
  });
  return found;
}

// Those to be made one: the smallest, up to the last that is not yet twice as large as all before
// it together. What was folded comes again only when as much has gathered beside it, so that an
// object is written anew a few times, not with every folding.
void keep_smallest(std::vector<SmallPack>& packs) {
  std::uintmax_t before = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (packs[i].bytes < 2 * before) count = i + 1;
    before += packs[i].bytes;
  }
  packs.resize(count);
}

// The ids in a pack's index of version 2: after 8 bytes of magic and 256 running counts.
Result<std::vector<git_oid>> ids_in(const fs::path& index) {
  constexpr std::size_t counts_end = 8 + 256 * 4;
  constexpr std::size_t max_index_bytes = 512U << 20;
  const auto bytes = read_file(index, max_index_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  const auto damaged = [&] { return fail(ErrorKind::storage, "{} is damaged", index.string()); };
  if (bytes->size() < counts_end || !bytes->starts_with(std::string_view("\377tOc\0\0\0\2", 8)))
    return damaged();
  std::size_t count = 0;
  for (std::size_t i = counts_end - 4; i < counts_end; ++i) {
    count = count << 8U | static_cast<unsigned char>((*bytes)[i]);
  }
  if ((bytes->size() - counts_end) / GIT_OID_RAWSZ < count) return damaged();
  std::vector<git_oid> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(ids[i].id, bytes->data() + counts_end + i * GIT_OID_RAWSZ, GIT_OID_RAWSZ);
  }
  return ids;
}

Result<std::string> write_folded(git_repository* repository, const std::vector<SmallPack>& packs) {
  GitPackBuilder builder;
  if (git_packbuilder_new(out(builder), repository) < 0) return git_failure("fold packs");
  git_packbuilder_set_threads(builder.get(), 0);
  for (const SmallPack& each : packs) {
    const auto ids = ids_in(each.index);
    if (!ids) return tl::unexpected(ids.error());
    for (const git_oid& id : *ids) {
      if (git_packbuilder_insert(builder.get(), &id, nullptr) < 0) return git_failure("fold packs");
    }
  }
  // libgit2 brings it to the disk: see GitLibrary.
  if (git_packbuilder_write(builder.get(), nullptr, 0, nullptr, nullptr) < 0)
    return git_failure("fold packs");
  return std::string(git_packbuilder_name(builder.get()));
}

}  // namespace

Result<void> fold_packs(git_repository* repository) {
  const fs::path folder = fs::path(git_repository_commondir(repository)) / "objects" / "pack";
  auto packs = small_packs(folder);
  // An index over several packs names each of them: who made one looks after the packs himself.
  if (packs.size() < many_packs || is_there(folder / "multi-pack-index")) return {};
  keep_smallest(packs);
  if (packs.size() < 2) return {};
  const auto name = write_folded(repository, packs);
  if (!name) return tl::unexpected(name.error());
  for (const SmallPack& each : packs) {
    if (each.pack.stem() == "pack-" + *name) continue;
    std::error_code ignored;
    fs::remove(each.index, ignored);  // first: an index without its pack is an error to readers
    fs::remove(each.pack, ignored);
  }
  return {};
}

}  // namespace dandelion
