// SPDX-License-Identifier: MIT
#include "publish/mirror_line.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "publish/git_handles.hpp"
#include "publish/pack_file.hpp"
#include "sign/ssh_signature.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// "refs/dandelion/at-…": names that depend on what they are about, not on how it is spelt.
std::string ref_name(std::string_view what, const std::string& about) {
  return fmt::format("refs/dandelion/{}-{}", what, sha256_hex(about).substr(0, 16));
}

std::string at_ref(const MirrorSettings& mirror) {
  return ref_name("at", mirror.name + '\n' + mirror.url + '\n' + mirror.branch);
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

// The header's line that begins with `name`, with its end.
std::string header_line(const char* header, std::string_view name) {
  std::string_view rest = header;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, std::min(rest.find('\n'), rest.size()));
    if (line.starts_with(name)) return std::string(line) + '\n';
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return {};
}

class Derivation {
 public:
  Derivation(git_repository* repository, git_odb* store, const MirrorSettings& mirror,
             const SigningKey* key)
      : repository_(repository), store_(store), mirror_(mirror), key_(key) {}

  Result<MirrorLine> work(const git_oid& head);

 private:
  // One commit of the repository, to be made one of the line.
  struct Source {
    GitCommit commit;
    bool is_root = false;
  };

  [[nodiscard]] std::int64_t stretch_of(const git_commit* commit) const {
    return git_commit_time(commit) / mirror_.keep_history.count();
  }
  [[nodiscard]] std::string line_name() const;
  Result<std::vector<Source>> sources(const git_oid& head, std::optional<git_oid>& base);
  Result<git_oid> make(const Source& source, const std::optional<git_oid>& parent);
  Result<git_oid> wrapped_tree(const git_commit* commit);
  Result<git_oid> add(git_object_t type, std::string content);

  git_repository* repository_;
  git_odb* store_;
  const MirrorSettings& mirror_;
  const SigningKey* key_;
  std::deque<std::string> owned_;  // a deque: views into its strings stay valid
  std::vector<NewObject> objects_;
};

std::string Derivation::line_name() const {
  const std::string signer = key_ != nullptr ? ssh_line(key_->public_key()) : std::string();
  return fmt::format("{}\n{}\n{}", mirror_.folder, mirror_.keep_history.count(), signer);
}

// Newest first, up to the one that the line has already (then `base` is what it became), or to the
// root.
Result<std::vector<Derivation::Source>> Derivation::sources(const git_oid& head,
                                                            std::optional<git_oid>& base) {
  const auto known_source = ref_target(repository_, ref_name("source", line_name()));
  const auto known_result = ref_target(repository_, ref_name("line", line_name()));
  std::vector<Source> found;
  git_oid at = head;
  for (;;) {
    Source source;
    if (git_commit_lookup(out(source.commit), repository_, &at) < 0)
      return git_failure(fmt::format("read the commit {}", hex(at)));
    const git_commit* newest = found.empty() ? source.commit.get() : found.front().commit.get();
    // What the line has of another stretch begins at another root.
    const bool same_root =
        mirror_.keep_history.count() == 0 || stretch_of(source.commit.get()) == stretch_of(newest);
    if (known_source && known_result && same_root && git_oid_equal(&*known_source, &at) != 0) {
      base = *known_result;
      return found;
    }
    const bool is_old = mirror_.keep_history.count() != 0 &&
                        stretch_of(source.commit.get()) < stretch_of(newest) - 1;
    const bool is_first = git_commit_parentcount(source.commit.get()) == 0;
    source.is_root = is_old && !is_first;
    if (!is_first) at = *git_commit_parent_id(source.commit.get(), 0);
    found.push_back(std::move(source));
    if (is_old || is_first) return found;
  }
}

Result<git_oid> Derivation::add(git_object_t type, std::string content) {
  owned_.push_back(std::move(content));
  NewObject object{.type = type, .content = owned_.back()};
  if (git_odb_hash(&object.id, object.content.data(), object.content.size(), type) < 0)
    return git_failure("hash an object");
  const bool is_new = git_odb_exists(store_, &object.id) == 0 &&
                      std::none_of(objects_.begin(), objects_.end(), [&](const NewObject& other) {
                        return git_oid_equal(&other.id, &object.id) != 0;
                      });
  if (is_new) objects_.push_back(object);
  return object.id;
}

// The commit's tree, in the mirror's folder: "docs/site" is a tree in a tree.
Result<git_oid> Derivation::wrapped_tree(const git_commit* commit) {
  git_oid tree = *git_commit_tree_id(commit);
  std::string_view rest = mirror_.folder;
  while (!rest.empty()) {
    const auto slash = rest.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? rest : rest.substr(slash + 1);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(0, slash);
    std::string content = fmt::format("40000 {}", name);
    content += '\0';
    content.append(reinterpret_cast<const char*>(tree.id), sizeof tree.id);
    auto made = add(GIT_OBJECT_TREE, std::move(content));
    if (!made) return made;
    tree = *made;
  }
  return tree;
}

Result<git_oid> Derivation::make(const Source& source, const std::optional<git_oid>& parent) {
  auto tree = wrapped_tree(source.commit.get());
  if (!tree) return tree;
  const char* raw = git_commit_raw_header(source.commit.get());
  const std::string head = fmt::format("tree {}\n{}{}{}", hex(*tree),
                                       parent ? fmt::format("parent {}\n", hex(*parent)) : "",
                                       header_line(raw, "author "), header_line(raw, "committer "));
  const Timestamp time{std::chrono::seconds(git_commit_time(source.commit.get()))};
  const std::string body = source.is_root
                               ? fmt::format("\nFold the history up to {}\n", format_date(time))
                               : fmt::format("\n{}", git_commit_message_raw(source.commit.get()));
  return add(GIT_OBJECT_COMMIT, with_signature(head, body, key_));
}

Result<MirrorLine> Derivation::work(const git_oid& head) {
  std::optional<git_oid> at;
  auto found = sources(head, at);
  if (!found) return tl::unexpected(std::move(found.error()));
  for (auto source = found->rbegin(); source != found->rend(); ++source) {
    auto made = make(*source, at);
    if (!made) return tl::unexpected(std::move(made.error()));
    at = *made;
  }
  if (!found->empty()) {
    const fs::path objects = fs::path(git_repository_commondir(repository_)) / "objects";
    if (auto done = write_pack(objects, objects_); !done)
      return tl::unexpected(std::move(done.error()));
    if (git_odb_refresh(store_) < 0) return git_failure("read the new pack");
    auto done = set_ref(repository_, ref_name("line", line_name()), *at);
    if (done) done = set_ref(repository_, ref_name("source", line_name()), head);
    if (!done) return tl::unexpected(std::move(done.error()));
  }
  const bool folds = std::any_of(found->begin(), found->end(),
                                 [](const Source& source) { return source.is_root; });
  return MirrorLine{.commit = hex(*at), .last_pushed = {}, .is_own = true, .is_folded = folds};
}

}  // namespace

Result<MirrorLine> derive_line(const fs::path& folder, const std::string& head,
                               const MirrorSettings& mirror, const SigningKey* key) {
  if (mirror.folder.empty() && mirror.keep_history.count() == 0)
    return MirrorLine{.commit = head, .last_pushed = {}};
  GitRepository repository;
  GitObjectStore store;
  int code = git_repository_open(out(repository), folder.c_str());
  if (code == 0) code = git_repository_odb(out(store), repository.get());
  git_oid id{};
  if (code == 0) code = git_oid_fromstr(&id, head.c_str());
  if (code < 0) return git_failure(fmt::format("open {}", folder.string()));
  auto line = Derivation(repository.get(), store.get(), mirror, key).work(id);
  if (!line) return line;
  if (const auto at = ref_target(repository.get(), at_ref(mirror))) line->last_pushed = hex(*at);
  return line;
}

Result<std::string> pushed_commit(const fs::path& folder, const MirrorSettings& mirror) {
  if (mirror.folder.empty() && mirror.keep_history.count() == 0) return std::string();
  GitRepository repository;
  if (git_repository_open(out(repository), folder.c_str()) < 0)
    return git_failure(fmt::format("open {}", folder.string()));
  const auto at = ref_target(repository.get(), at_ref(mirror));
  return at ? hex(*at) : std::string();
}

Result<void> remember_pushed(const fs::path& folder, const MirrorSettings& mirror,
                             const std::string& commit) {
  GitRepository repository;
  git_oid id{};
  int code = git_repository_open(out(repository), folder.c_str());
  if (code == 0) code = git_oid_fromstr(&id, commit.c_str());
  if (code < 0) return git_failure(fmt::format("open {}", folder.string()));
  return set_ref(repository.get(), at_ref(mirror), id);
}

}  // namespace dandelion
