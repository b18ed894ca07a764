// SPDX-License-Identifier: MIT
#include "publish/mirror_memory.hpp"

#include "core/sha256.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

bool same(const git_oid& a, const git_oid& b) {
  return git_oid_equal(&a, &b) != 0;
}

bool has_commit(git_repository* repository, const git_oid& id) {
  GitCommit commit;
  return git_commit_lookup(out(commit), repository, &id) == 0;
}

// Whether `wanted` is `tip` or one that its line went through on the way there.
Result<bool> is_on_line(git_repository* repository, git_oid tip, const git_oid& wanted) {
  while (!same(tip, wanted)) {
    GitCommit commit;
    if (git_commit_lookup(out(commit), repository, &tip) < 0)
      return git_failure(fmt::format("read the commit {}", hex(tip)));
    if (git_commit_parentcount(commit.get()) == 0) return false;
    tip = *git_commit_parent_id(commit.get(), 0);
  }
  return true;
}

// Whether a note speaks of the commit, or of one that came after it on its line.
Result<bool> is_noted(git_repository* repository, const MirrorSettings& mirror,
                      const git_oid& commit) {
  for (const char* what : {"at", "sent"}) {
    const auto noted = ref_target(repository, mirror_ref(what, mirror));
    if (!noted) continue;
    auto found = same(*noted, commit)             ? Result<bool>(true)
                 : has_commit(repository, commit) ? is_on_line(repository, *noted, commit)
                                                  : Result<bool>(false);
    if (!found || *found) return found;
  }
  return false;
}

}  // namespace

// By what it is about, not by how that is spelt: names and addresses hold what no ref may.
std::string mirror_ref(std::string_view what, const MirrorSettings& mirror) {
  const std::string about = mirror.name + '\n' + mirror.url + '\n' + mirror.branch;
  return fmt::format("refs/dandelion/{}-{}", what, sha256_hex(about).substr(0, 16));
}

std::optional<git_oid> ref_target(git_repository* repository, const std::string& name) {
  git_oid id{};
  if (git_reference_name_to_id(&id, repository, name.c_str()) < 0) return std::nullopt;
  return id;
}

Result<void> set_ref(git_repository* repository, const std::string& name, const git_oid& id) {
  GitReference made;
  if (git_reference_create(out(made), repository, name.c_str(), &id, 1, "dandelion") < 0)
    return git_failure(fmt::format("set {}", name));
  return {};
}

Result<bool> is_ours(git_repository* repository, const MirrorSettings& mirror, const git_oid& ours,
                     const git_oid& theirs) {
  auto noted = is_noted(repository, mirror, theirs);
  if (!noted || *noted || !has_commit(repository, theirs)) return noted;
  const auto head = ref_target(repository, "HEAD");
  if (!head) return false;
  const int in_history =
      same(*head, theirs) ? 1 : git_graph_descendant_of(repository, &*head, &theirs);
  const int goes_back =
      in_history == 1 ? git_graph_descendant_of(repository, &theirs, &ours) : in_history;
  if (in_history < 0 || goes_back < 0) return git_failure("compare with the mirror");
  return in_history == 1 && goes_back == 0;
}

Result<void> note_push(git_repository* repository, const MirrorSettings& mirror,
                       const git_oid& ours, const std::optional<git_oid>& theirs) {
  const std::string at_ref = mirror_ref("at", mirror);
  const auto at = ref_target(repository, at_ref);
  if (theirs && (!at || !same(*at, *theirs)) && has_commit(repository, *theirs)) {
    auto is_made = is_noted(repository, mirror, *theirs);
    if (is_made && !*is_made) is_made = is_on_line(repository, ours, *theirs);
    if (!is_made) return tl::unexpected(std::move(is_made.error()));
    if (*is_made) {
      if (auto done = set_ref(repository, at_ref, *theirs); !done) return done;
    }
  }
  return set_ref(repository, mirror_ref("sent", mirror), ours);
}

}  // namespace dandelion
