// SPDX-License-Identifier: MIT
#include "publish/pack_folding.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "publish/git_handles.hpp"
#include "publish/pack_files.hpp"
#include "publish/pack_index.hpp"

namespace dandelion {
namespace {

// Readers look through all packs for an object: with 2,500 of them a commit took twice its time,
// and a push of all of it ten times.
constexpr std::size_t many_packs = 50;
// A folded pack grows until it is this large: to look for differences among more takes a run that
// should take moments half a minute, and 300 MB.
constexpr std::uintmax_t small_pack_bytes = 4U << 20;
// Larger ones are joined as they are: a copy, so that a disk's second or two bounds it.
constexpr std::size_t many_large_packs = 4;
constexpr std::uintmax_t largest_joined_bytes = 256U << 20;

// Those to be made one: the smallest, up to the last that is not yet twice as large as all before
// it together. What was folded comes again only when as much has gathered beside it, so that an
// object is written anew a few times, not with every folding.
void keep_smallest(std::vector<PackFiles>& packs) {
  std::uintmax_t before = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (packs[i].bytes < 2 * before) count = i + 1;
    before += packs[i].bytes;
  }
  packs.resize(count);
}

Result<void> fold_small(git_repository* repository, std::vector<PackFiles> packs) {
  keep_smallest(packs);
  if (packs.size() < 2) return {};
  std::vector<git_oid> objects;
  for (const PackFiles& each : packs) {
    const auto held = read_pack_index(each.index);
    if (!held) return tl::unexpected(held.error());
    for (const PackedObject& object : *held)
      objects.push_back(object.id);
  }
  return replace_packs(repository, packs, objects);
}

Result<void> join_large(std::vector<PackFiles> packs) {
  keep_smallest(packs);
  std::uintmax_t bytes = 0;
  for (const PackFiles& each : packs)
    bytes += each.bytes;
  while (bytes > largest_joined_bytes) {
    bytes -= packs.back().bytes;
    packs.pop_back();
  }
  return join_packs(packs);
}

}  // namespace

Result<void> fold_packs(git_repository* repository) {
  std::vector<PackFiles> packs = replaceable_packs(repository);
  const auto first_above = [&packs](std::uintmax_t bytes) {
    return std::find_if(packs.begin(), packs.end(),
                        [bytes](const PackFiles& each) { return each.bytes > bytes; });
  };
  const auto large = first_above(small_pack_bytes);
  std::vector<PackFiles> small(packs.begin(), large);
  if (small.size() >= many_packs) return fold_small(repository, std::move(small));
  std::vector<PackFiles> joined(large, first_above(largest_joined_bytes / 2));
  if (joined.size() >= many_large_packs) return join_large(std::move(joined));
  return {};
}

}  // namespace dandelion
