// SPDX-License-Identifier: MIT
#include "publish/prune_objects.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "publish/git_handles.hpp"
#include "publish/pack_files.hpp"
#include "publish/pack_index.hpp"
#include "publish/reachable_objects.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours settled_age{1};
constexpr std::uint64_t max_rewritten_bytes = 64U << 20;
// A pack with less than this part of waste is not worth writing anew.
constexpr std::uint64_t least_waste = 8;

// One pack, and what of it is needed.
struct Sorted {
  PackFiles files;
  std::vector<git_oid> needed;
  std::uint64_t needed_bytes = 0;
  PruneOutcome waste;
};

Result<std::vector<git_oid>> tips_of(git_repository* repository,
                                     const std::vector<std::string>& commits) {
  std::vector<git_oid> tips;
  git_oid id{};
  if (git_reference_name_to_id(&id, repository, "HEAD") == 0) tips.push_back(id);
  GitReferences references;
  if (git_reference_iterator_new(out(references), repository) < 0) return git_failure("list refs");
  const char* name = nullptr;
  int code = 0;
  while ((code = git_reference_next_name(&name, references.get())) == 0) {
    if (git_reference_name_to_id(&id, repository, name) < 0)
      return git_failure(fmt::format("read {}", name));
    tips.push_back(id);
  }
  if (code != GIT_ITEROVER) return git_failure("list refs");
  for (const std::string& commit : commits) {
    GitCommit known;
    if (git_oid_fromstr(&id, commit.c_str()) == 0 &&
        git_commit_lookup(out(known), repository, &id) == 0) {
      tips.push_back(id);
    }
  }
  return tips;
}

bool is_settled(const fs::path& pack) {
  std::error_code error;
  const auto written = fs::last_write_time(pack, error);
  return !error && fs::file_time_type::clock::now() - written > settled_age;
}

bool is_shared(git_repository* repository) {
  const fs::path home = git_repository_commondir(repository);
  std::error_code error;
  return fs::exists(home / "objects/info/alternates", error) ||
         fs::exists(home / "shallow", error) || fs::exists(home / "worktrees", error);
}

// Packs with enough waste, those first that gain most for what is written.
Result<std::vector<Sorted>> wasteful_packs(git_repository* repository, const IdSet& needed) {
  std::vector<Sorted> found;
  for (PackFiles& files : replaceable_packs(repository)) {
    if (!is_settled(files.pack)) continue;
    const auto objects = read_pack_index(files.index);
    if (!objects) return tl::unexpected(objects.error());
    Sorted pack{.files = std::move(files), .needed = {}, .needed_bytes = 0, .waste = {}};
    for (const PackedObject& object : *objects) {
      if (needed.count(object.id) != 0) {
        pack.needed.push_back(object.id);
        pack.needed_bytes += object.bytes;
      } else {
        ++pack.waste.objects;
        pack.waste.bytes += object.bytes;
      }
    }
    if (pack.waste.objects != 0 && pack.waste.bytes * least_waste >= pack.files.bytes)
      found.push_back(std::move(pack));
  }
  std::stable_sort(found.begin(), found.end(), [](const Sorted& a, const Sorted& b) {
    return a.waste.bytes * b.files.bytes > b.waste.bytes * a.files.bytes;
  });
  return found;
}

}  // namespace

Result<PruneOutcome> prune_objects(const fs::path& folder,
                                   const std::vector<std::string>& commits) {
  const auto opened = open_repository(folder);
  if (!opened) return tl::unexpected(opened.error());
  git_repository* repository = opened->get();
  PruneOutcome outcome;
  if (is_shared(repository)) return outcome;
  auto tips = tips_of(repository, commits);
  if (!tips) return tl::unexpected(std::move(tips.error()));
  const auto needed = reachable_from(repository, std::move(*tips));
  if (!needed) return tl::unexpected(needed.error());
  auto packs = wasteful_packs(repository, *needed);
  if (!packs) return tl::unexpected(std::move(packs.error()));
  std::vector<PackFiles> replaced;
  std::vector<git_oid> kept;
  std::uint64_t rewritten = 0;
  for (Sorted& pack : *packs) {
    if (rewritten + pack.needed_bytes > max_rewritten_bytes) continue;
    rewritten += pack.needed_bytes;
    kept.insert(kept.end(), pack.needed.begin(), pack.needed.end());
    replaced.push_back(std::move(pack.files));
    outcome.objects += pack.waste.objects;
    outcome.bytes += pack.waste.bytes;
  }
  if (replaced.empty()) return outcome;
  if (auto done = replace_packs(repository, replaced, kept); !done)
    return tl::unexpected(std::move(done.error()));
  return outcome;
}

}  // namespace dandelion
