// SPDX-License-Identifier: MIT
#include "publish/mirror_memory.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "core/files.hpp"
#include "core/sha256.hpp"
#include "publish/git_handles.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

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

// "<commit> <source>", a line each, the newest last.
constexpr std::size_t line_bytes = std::size_t{2} * (GIT_OID_HEXSZ + 1);
constexpr std::size_t made_kept = 8'192;
// There may be twice as many before the oldest go, and as many again are added at once at most.
constexpr std::size_t most_made_bytes = 3 * made_kept * line_bytes + line_bytes;

fs::path made_file(git_repository* repository) {
  return fs::path(git_repository_commondir(repository)) / "dandelion" / "made";
}

Result<std::string> read_made(const fs::path& path) {
  auto text = read_file(path, most_made_bytes);
  if (!text && text.error().kind == ErrorKind::not_found) return std::string();
  return text;
}

Result<void> replace_made(const fs::path& path, std::string_view text) {
  std::error_code error;
  const fs::path part = path.string() + ".part";
  fs::remove(part, error);
  if (auto done = create_file(part, text); !done) return done;
  fs::rename(part, path, error);
  if (error) return fail(ErrorKind::storage, "{}: {}", path.string(), error.message());
  return {};
}

bool is_in_history(git_repository* repository, const git_oid& tip, const git_oid& commit) {
  return same(tip, commit) || (has_commit(repository, commit) &&
                               git_graph_descendant_of(repository, &tip, &commit) == 1);
}

// Whether we made the commit of one in HEAD's history. Lines that were cut short say nothing.
Result<bool> was_made(git_repository* repository, const git_oid& head, const git_oid& commit) {
  const auto text = read_made(made_file(repository));
  if (!text) return tl::unexpected(text.error());
  const std::string id = hex(commit) + ' ';
  for (auto at = text->find(id); at != std::string::npos; at = text->find(id, at + 1)) {
    git_oid source{};
    const std::string_view rest = std::string_view(*text).substr(at + id.size(), GIT_OID_HEXSZ);
    if (git_oid_fromstrn(&source, rest.data(), rest.size()) == 0 && rest.size() == GIT_OID_HEXSZ &&
        is_in_history(repository, head, source))
      return true;
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
  const auto head = ref_target(repository, "HEAD");
  if (!noted || *noted || !head) return noted;
  auto made = was_made(repository, *head, theirs);
  if (!made || *made || !has_commit(repository, theirs)) return made;
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

Result<void> remember_made(git_repository* repository, std::span<const MadeCommit> made) {
  if (made.empty()) return {};
  const fs::path path = made_file(repository);
  auto text = read_made(path);
  if (!text) return tl::unexpected(std::move(text.error()));
  std::string more = text->empty() || text->ends_with('\n') ? "" : "\n";
  for (const MadeCommit& each : made.last(std::min(made.size(), made_kept)))
    more += fmt::format("{} {}\n", hex(each.id), hex(each.source));
  if (auto done = create_folders(path.parent_path()); !done) return done;
  if (text->size() >= 2 * made_kept * line_bytes) {
    const auto cut = text->find('\n', text->size() - made_kept * line_bytes - 1) + 1;
    if (auto done = replace_made(path, std::string_view(*text).substr(cut)); !done) return done;
  }
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << more << std::flush;
  if (!file) return fail(ErrorKind::storage, "{} cannot be written", path.string());
  return {};
}

}  // namespace dandelion
