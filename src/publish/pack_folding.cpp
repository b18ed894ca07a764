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
// A folded pack grows until it is this large, and is left alone from then on.
constexpr std::uintmax_t small_pack_bytes = 4U << 20;

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

}  // namespace

Result<void> fold_packs(git_repository* repository) {
  auto packs = replaceable_packs(repository);
  const auto large = std::find_if(packs.begin(), packs.end(), [](const PackFiles& each) {
    return each.bytes > small_pack_bytes;
  });
  packs.erase(large, packs.end());
  if (packs.size() < many_packs) return {};
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

}  // namespace dandelion
