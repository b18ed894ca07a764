// SPDX-License-Identifier: MIT
#include "publish/push_plan.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <system_error>

#include "publish/git_handles.hpp"
#include "publish/pack_index.hpp"
#include "publish/reachable_objects.hpp"
#include "publish/scratch_objects.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t tree_line_bytes = 40;  // mode, a usual name, 20 bytes of id

std::string size_text(std::uint64_t bytes) {
  constexpr double MiB = 1U << 20U;
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / MiB);
}

// Weighs what each commit adds to the ones before it.
class Scales {
 public:
  Scales(git_repository* repository, git_odb* store, const HostLimits& limits)
      : repository_(repository), store_(store), limits_(limits) {}

  // The bytes that the commit adds to its first parent.
  Result<std::uint64_t> weigh(const git_oid& id, bool is_newest) {
    GitCommit commit;
    if (git_commit_lookup(out(commit), repository_, &id) < 0)
      return git_failure(fmt::format("read the commit {}", hex(id)));
    GitTree tree;
    if (git_commit_tree(out(tree), commit.get()) < 0) return git_failure("read its tree");
    GitTree old;
    GitCommit parent;
    if (git_commit_parentcount(commit.get()) > 0) {
      int code = git_commit_parent(out(parent), commit.get(), 0);
      if (code == 0) code = git_commit_tree(out(old), parent.get());
      if (code < 0) return git_failure("read its parent");
    }
    is_newest_ = is_newest;
    bytes_ = 0;
    if (auto done = weigh_tree(old.get(), tree.get(), {}); !done)
      return tl::unexpected(std::move(done.error()));
    return bytes_;
  }

  [[nodiscard]] std::vector<std::string>& warnings() { return warnings_; }

 private:
  // The nesting is bounded: paths of ours have at most 1,024 bytes.
  // NOLINTNEXTLINE(misc-no-recursion)
  Result<void> weigh_tree(git_tree* old, git_tree* tree, const std::string& folder) {
    const std::size_t count = git_tree_entrycount(tree);
    bytes_ += count * tree_line_bytes;
    if (is_newest_ && limits_.folder_entries != 0 && count > limits_.folder_entries) {
      warnings_.push_back(fmt::format("the folder {} has {} entries; {} wants at most {}",
                                      folder.empty() ? "/" : folder, count, limits_.name,
                                      limits_.folder_entries));
    }
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* entry = git_tree_entry_byindex(tree, i);
      const char* name = git_tree_entry_name(entry);
      const git_tree_entry* before = old != nullptr ? git_tree_entry_byname(old, name) : nullptr;
      const git_oid* id = git_tree_entry_id(entry);
      if (before != nullptr && git_oid_equal(git_tree_entry_id(before), id) != 0) continue;
      const std::string path = folder + name;
      auto done = git_tree_entry_type(entry) == GIT_OBJECT_TREE
                      ? weigh_folder(before, id, path + "/")
                      : weigh_file(id, path);
      if (!done) return done;
    }
    return {};
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result<void> weigh_folder(const git_tree_entry* before, const git_oid* id,
                            const std::string& path) {
    GitTree old;
    GitTree tree;
    const bool was_folder = before != nullptr && git_tree_entry_type(before) == GIT_OBJECT_TREE;
    if ((was_folder && git_tree_lookup(out(old), repository_, git_tree_entry_id(before)) < 0) ||
        git_tree_lookup(out(tree), repository_, id) < 0) {
      return git_failure(fmt::format("read {}", path));
    }
    return weigh_tree(old.get(), tree.get(), path);
  }

  Result<void> weigh_file(const git_oid* id, const std::string& path) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    if (git_odb_read_header(&size, &type, store_, id) < 0)
      return git_failure(fmt::format("read {}", path));
    if (!seen_.insert(hex(*id)).second) return {};
    if (limits_.file != 0 && size > limits_.file) {
      return fail(ErrorKind::too_large, "{} is {}; {} takes no file above {} (see `limits`)", path,
                  size_text(size), limits_.name, size_text(limits_.file));
    }
    if (limits_.file_warned != 0 && size > limits_.file_warned) {
      warnings_.push_back(fmt::format("{} is {}; {} warns of files above {}", path, size_text(size),
                                      limits_.name, size_text(limits_.file_warned)));
    }
    bytes_ += size;
    return {};
  }

  git_repository* repository_;
  git_odb* store_;
  const HostLimits& limits_;
  bool is_newest_ = false;
  std::uint64_t bytes_ = 0;
  std::set<std::string> seen_;
  std::vector<std::string> warnings_;
};

// A commit that a push may end at, and the commits that only come with it: those of other branches
// that it merges.
struct Step {
  git_oid commit;
  std::vector<git_oid> merged;
};

// What `to` has and `from` lacks, of all parents, newest last. A push may end only at first
// parents: each of them has all that the one before it has.
class Steps {
 public:
  explicit Steps(git_repository* repository) : repository_(repository) {}

  Result<std::vector<Step>> between(const std::string& from, const std::string& to) {
    git_oid tip{};
    if (git_oid_fromstr(&tip, to.c_str()) < 0) return git_failure(fmt::format("read {}", to));
    if (auto done = find(from, tip); !done) return tl::unexpected(std::move(done.error()));
    std::vector<Step> steps;
    for (git_oid at = tip; left_.erase(hex(at)) != 0;) {
      steps.push_back({at, {}});
      const auto parents = parents_of(at);
      if (!parents) return tl::unexpected(parents.error());
      if (parents->empty()) break;
      at = parents->front();
    }
    std::reverse(steps.begin(), steps.end());
    for (Step& step : steps) {
      if (auto done = add_merged(step); !done) return tl::unexpected(std::move(done.error()));
    }
    return steps;
  }

 private:
  Result<void> find(const std::string& from, const git_oid& tip) {
    GitWalk walk;
    int code = git_revwalk_new(out(walk), repository_);
    if (code == 0) code = git_revwalk_push(walk.get(), &tip);
    git_oid start{};
    GitCommit known;
    const bool has_start = git_oid_fromstr(&start, from.c_str()) == 0 &&
                           git_commit_lookup(out(known), repository_, &start) == 0;
    if (code == 0 && has_start) code = git_revwalk_hide(walk.get(), &start);
    git_oid id{};
    while (code == 0 && (code = git_revwalk_next(&id, walk.get())) == 0)
      left_.insert(hex(id));
    if (code != GIT_ITEROVER) return git_failure("read the history");
    return {};
  }

  Result<void> add_merged(Step& step) {
    std::vector<git_oid> waiting{step.commit};
    while (!waiting.empty()) {
      const auto parents = parents_of(waiting.back());
      if (!parents) return tl::unexpected(parents.error());
      waiting.pop_back();
      for (const git_oid& parent : *parents) {
        if (left_.erase(hex(parent)) == 0) continue;
        step.merged.push_back(parent);
        waiting.push_back(parent);
      }
    }
    return {};
  }

  [[nodiscard]] Result<std::vector<git_oid>> parents_of(const git_oid& id) const {
    GitCommit commit;
    if (git_commit_lookup(out(commit), repository_, &id) < 0)
      return git_failure(fmt::format("read the commit {}", hex(id)));
    std::vector<git_oid> parents;
    for (unsigned int i = 0; i < git_commit_parentcount(commit.get()); ++i)
      parents.push_back(*git_commit_parent_id(commit.get(), i));
    return parents;
  }

  git_repository* repository_;
  std::set<std::string> left_;  // found, and not in a step yet
};

// The bytes that a step adds.
Result<std::uint64_t> weigh(Scales& scales, const Step& step, bool is_newest) {
  std::uint64_t bytes = 0;
  for (const git_oid& merged : step.merged) {
    auto more = scales.weigh(merged, false);
    if (!more) return more;
    bytes += *more;
  }
  auto own = scales.weigh(step.commit, is_newest);
  if (!own) return own;
  return bytes + *own;
}

std::uint64_t packed_bytes(const fs::path& repository) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::directory_iterator each(repository / "objects/pack", error), end; !error && each != end;
       each.increment(error)) {
    std::error_code gone;
    const auto size = fs::file_size(each->path(), gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

Result<GitRepository> open_with(const fs::path& folder, const ScratchObjects* scratch) {
  auto repository = open_repository(folder);
  if (repository && scratch != nullptr) {
    if (auto lent = scratch->lend_to(repository->get()); !lent)
      return tl::unexpected(std::move(lent.error()));
  }
  return repository;
}

// What a repository of this commit alone takes, as things are packed here.
Result<std::uint64_t> reached_bytes(git_repository* repository, const git_oid& commit,
                                    const ScratchObjects* scratch) {
  auto left = reachable_from(repository, {commit});
  if (!left) return tl::unexpected(std::move(left.error()));
  std::vector<fs::path> indexes = pack_indexes(repository);
  if (scratch != nullptr) {
    const auto more = pack_indexes(scratch->folder());
    indexes.insert(indexes.end(), more.begin(), more.end());
  }
  std::uint64_t bytes = 0;
  for (const fs::path& index : indexes) {
    const auto objects = read_pack_index(index);
    if (!objects) return tl::unexpected(objects.error());
    for (const PackedObject& object : *objects) {
      if (left->erase(object.id) != 0) bytes += object.bytes;
    }
  }
  return bytes;
}

// A mirror whose history is folded takes less than the repository that it comes from; that is
// looked into where it matters.
Result<std::uint64_t> mirror_bytes(const fs::path& folder, const std::string& to,
                                   const HostLimits& limits, const ScratchObjects* scratch) {
  const std::uint64_t bytes = packed_bytes(folder);
  const auto is_above = [&](std::uint64_t limit) { return limit != 0 && bytes > limit; };
  if (!is_above(limits.repository) && !is_above(limits.repository_warned)) return bytes;
  const auto repository = open_with(folder, scratch);
  if (!repository) return tl::unexpected(repository.error());
  git_oid head{};
  git_oid commit{};
  if (git_oid_fromstr(&commit, to.c_str()) < 0) return git_failure(fmt::format("read {}", to));
  const bool is_all = git_reference_name_to_id(&head, repository->get(), "HEAD") == 0 &&
                      git_oid_equal(&head, &commit) != 0;
  return is_all ? bytes : reached_bytes(repository->get(), commit, scratch);
}

Result<void> check_repository(std::uint64_t bytes, const HostLimits& limits, PushPlan& plan) {
  if (limits.repository != 0 && bytes > limits.repository) {
    return fail(ErrorKind::too_large,
                "the repository has grown to {}; {} takes no more than {}: shorten its `history`",
                size_text(bytes), limits.name, size_text(limits.repository));
  }
  if (limits.repository_warned != 0 && bytes > limits.repository_warned) {
    plan.warnings.push_back(fmt::format("the repository has grown to {}; {} wants at most {}",
                                        size_text(bytes), limits.name,
                                        size_text(limits.repository_warned)));
  }
  return {};
}

}  // namespace

Result<PushPlan> plan_push(const fs::path& folder, const std::string& from, const std::string& to,
                           const HostLimits& limits, const ScratchObjects* scratch) {
  PushPlan plan;
  const bool weighs =
      limits.file != 0 || limits.file_warned != 0 || limits.push != 0 || limits.folder_entries != 0;
  const auto all = mirror_bytes(folder, to, limits, scratch);
  if (!all) return tl::unexpected(all.error());
  if (auto done = check_repository(*all, limits, plan); !done)
    return tl::unexpected(std::move(done.error()));
  plan.depends_on_start = weighs;
  if (weighs) {
    const auto repository = open_with(folder, scratch);
    if (!repository) return tl::unexpected(repository.error());
    GitObjectStore store;
    if (git_repository_odb(out(store), repository->get()) < 0)
      return git_failure(fmt::format("open {}", folder.string()));
    const auto steps = Steps(repository->get()).between(from, to);
    if (!steps) return tl::unexpected(steps.error());
    Scales scales(repository->get(), store.get(), limits);
    std::uint64_t piece = 0;
    for (std::size_t i = 0; i < steps->size(); ++i) {
      const auto bytes = weigh(scales, (*steps)[i], i + 1 == steps->size());
      if (!bytes) return tl::unexpected(bytes.error());
      if (limits.push != 0 && *bytes > limits.push) {
        plan.oversize[hex((*steps)[i].commit)] =
            fmt::format("the commit {} alone brings some {}; {} takes at most {} a push",
                        hex((*steps)[i].commit).substr(0, 10), size_text(*bytes), limits.name,
                        size_text(limits.push));
      }
      if (limits.push != 0 && piece != 0 && piece + *bytes > limits.push) {
        plan.commits.push_back(hex((*steps)[i - 1].commit));
        piece = 0;
      }
      piece += *bytes;
    }
    for (const auto& [commit, words] : plan.oversize)
      plan.warnings.push_back(words + ": it goes in one piece, and may be refused");
    plan.warnings.insert(plan.warnings.end(), scales.warnings().begin(), scales.warnings().end());
  }
  plan.commits.push_back(to);
  return plan;
}

}  // namespace dandelion
