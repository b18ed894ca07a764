// SPDX-License-Identifier: MIT
#include "publish/mirror_line.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "publish/folder_tree.hpp"
#include "publish/git_handles.hpp"
#include "publish/history_size.hpp"
#include "publish/id_set.hpp"
#include "publish/mirror_memory.hpp"
#include "publish/named_trees.hpp"
#include "publish/pack_file.hpp"
#include "publish/scratch_objects.hpp"
#include "sign/ssh_signature.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

// New objects held in memory before they are written.
constexpr std::size_t pending_bytes_at_most = std::size_t{64} << 20U;

// "refs/dandelion/line-…": names that depend on what they are about, not on how it is spelt.
std::string ref_name(std::string_view what, const std::string& about) {
  return fmt::format("refs/dandelion/{}-{}", what, sha256_hex(about).substr(0, 16));
}

// Mirrors with the same settings share a line; one with a merge, or with its name in its pages, has
// a line to itself.
std::string line_name(const MirrorSettings& mirror, const SigningKey* key,
                      const std::optional<git_oid>& merged) {
  const std::string signer = key != nullptr ? ssh_line(key->public_key()) : std::string();
  std::string name = fmt::format("{}\n{}\n{}", mirror.folder, mirror.keep_history.count(), signer);
  if (mirror.max_history_bytes != 0) name += fmt::format("\n{}", mirror.max_history_bytes);
  if (mirror.names_pages) name += fmt::format("\nmirror {}", mirror.name);
  if (merged) name += fmt::format("\n{}", hex(*merged));
  return name;
}

// "line" is the newest commit of a line. "source" is what that was made of, and "root" where
// `max_size` had the history begin then; they have its id in their names, so that all three are
// changed in one step.
std::string line_ref(const std::string& line) {
  return ref_name("line", line);
}
std::string line_ref(std::string_view what, const std::string& line, const git_oid& newest) {
  return ref_name(what, line + '\n' + hex(newest));
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

constexpr std::string_view fold_words = "Fold the history up to ";
constexpr std::string_view merge_words =
    "Merge what others pushed\n\nTheir commits stay in the history, the files are this mirror's.";

// Where new commits go. What is `kept` the repository knows from then on.
struct Destination {
  fs::path objects;  // a folder of objects; empty: nowhere
  bool is_kept = false;
};

class LineMaker {
 public:
  LineMaker(git_repository* repository, git_odb* store, const MirrorSettings& mirror,
            const SigningKey* key, const Destination& destination)
      : repository_(repository),
        store_(store),
        mirror_(mirror),
        key_(key),
        destination_(destination),
        merged_(ref_target(repository, mirror_ref("merged", mirror))),
        name_(line_name(mirror, key, merged_)),
        newest_(ref_target(repository, line_ref(name_))) {
    if (!mirror.names_pages) return;
    names_.emplace(
        repository, store, percent_encode(mirror.name),
        [this](git_object_t type, std::string content) { return add(type, std::move(content)); });
  }

  ~LineMaker() = default;
  LineMaker(const LineMaker&) = delete;
  LineMaker(LineMaker&&) = delete;
  LineMaker& operator=(const LineMaker&) = delete;
  LineMaker& operator=(LineMaker&&) = delete;

  // `pushed`: where the mirror's branch is, as far as we know.
  Result<MirrorLine> work(const git_oid& head, const std::optional<git_oid>& pushed);
  // Writes what was made. Without a ref to it, it counts for nothing yet.
  Result<void> write_pending();
  // The same, and remembers how far the line is.
  Result<void> keep(const git_oid& head, const std::string& commit);

 private:
  // One commit of the repository, to be made one of the line.
  struct Source {
    GitCommit commit;
    bool is_root = false;
  };

  [[nodiscard]] std::int64_t stretch_of(const git_commit* commit) const {
    return git_commit_time(commit) / mirror_.keep_history.count();
  }
  [[nodiscard]] std::optional<git_oid> known_source() const;
  Result<std::vector<Source>> sources(const git_oid& head, std::optional<git_oid>& base);
  Result<void> begin_names();
  Result<git_oid> make(const Source& source, const std::optional<git_oid>& parent);
  Result<git_oid> wrapped_tree(const git_commit* commit);
  Result<git_oid> add(git_object_t type, std::string content);
  [[nodiscard]] Result<bool> leads_to_fold(git_oid at, const std::optional<git_oid>& pushed) const;

  git_repository* repository_;
  git_odb* store_;
  const MirrorSettings& mirror_;
  const SigningKey* key_;
  const Destination& destination_;
  std::optional<git_oid> merged_;  // with what others had pushed
  std::string name_;
  std::optional<git_oid> newest_;  // of the line as it is in the repository
  std::optional<git_oid> start_;   // where `max_size` has the history begin
  std::optional<NamedTrees> names_;
  std::deque<std::string> owned_;  // a deque: views into its strings stay valid
  std::vector<NewObject> objects_;
  std::size_t pending_bytes_ = 0;
  IdSet made_;
  std::vector<MadeCommit> commits_;
};

// The newest commit that the line has already, where it still begins as it did then.
std::optional<git_oid> LineMaker::known_source() const {
  if (!newest_) return std::nullopt;
  const auto root = ref_target(repository_, line_ref("root", name_, *newest_));
  if (start_ && (!root || git_oid_equal(&*root, &*start_) == 0)) return std::nullopt;
  return ref_target(repository_, line_ref("source", name_, *newest_));
}

// From the tree that the line's newest commit was made of, and what became of it.
Result<void> LineMaker::begin_names() {
  if (!newest_) return {};
  const auto source = ref_target(repository_, line_ref("source", name_, *newest_));
  if (!source) return {};
  auto before = commit_tree(repository_, *source);
  if (!before) return tl::unexpected(std::move(before.error()));
  auto named = commit_tree(repository_, *newest_);
  if (named && !mirror_.folder.empty())
    named = folder_tree(repository_, named->get(), mirror_.folder);
  if (!named) return tl::unexpected(std::move(named.error()));
  names_->begin_from(std::move(*before), std::move(*named));
  return {};
}

// Newest first, up to the one that the line has already (then `base` is what it became), or to the
// root.
Result<std::vector<LineMaker::Source>> LineMaker::sources(const git_oid& head,
                                                          std::optional<git_oid>& base) {
  const auto known = known_source();
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
    if (known && same_root && git_oid_equal(&*known, &at) != 0) {
      base = *newest_;
      return found;
    }
    const bool is_old = mirror_.keep_history.count() != 0 &&
                        stretch_of(source.commit.get()) < stretch_of(newest) - 1;
    const bool is_start = start_ && git_oid_equal(&*start_, &at) != 0;
    const bool is_first = git_commit_parentcount(source.commit.get()) == 0;
    source.is_root = (is_old || is_start) && !is_first;
    if (!is_first) at = *git_commit_parent_id(source.commit.get(), 0);
    found.push_back(std::move(source));
    if (is_old || is_start || is_first) return found;
  }
}

Result<git_oid> LineMaker::add(git_object_t type, std::string content) {
  git_oid id{};
  if (git_odb_hash(&id, content.data(), content.size(), type) < 0)
    return git_failure("hash an object");
  const bool is_new = made_.insert(id).second;
  if (!is_new || destination_.objects.empty() || git_odb_exists(store_, &id) != 0) return id;
  pending_bytes_ += content.size();
  owned_.push_back(std::move(content));
  objects_.push_back({.type = type, .id = id, .content = owned_.back()});
  if (pending_bytes_ < pending_bytes_at_most) return id;
  auto written = write_pending();
  return written ? Result<git_oid>(id) : tl::unexpected(std::move(written.error()));
}

Result<void> LineMaker::write_pending() {
  if (objects_.empty()) return {};
  if (auto done = write_pack(destination_.objects, objects_); !done) return done;
  if (git_odb_refresh(store_) < 0) return git_failure("read the new pack");
  objects_.clear();
  owned_.clear();
  pending_bytes_ = 0;
  return {};
}

// The commit's tree, in the mirror's folder: "docs/site" is a tree in a tree.
Result<git_oid> LineMaker::wrapped_tree(const git_commit* commit) {
  git_oid tree = *git_commit_tree_id(commit);
  if (names_) {
    auto named = names_->named(tree);
    if (!named) return named;
    tree = *named;
  }
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

Result<git_oid> LineMaker::make(const Source& source, const std::optional<git_oid>& parent) {
  auto tree = wrapped_tree(source.commit.get());
  if (!tree) return tree;
  const char* raw = git_commit_raw_header(source.commit.get());
  const std::string head = fmt::format("tree {}\n{}{}{}", hex(*tree),
                                       parent ? fmt::format("parent {}\n", hex(*parent)) : "",
                                       header_line(raw, "author "), header_line(raw, "committer "));
  const Timestamp time{std::chrono::seconds(git_commit_time(source.commit.get()))};
  const std::string body = source.is_root
                               ? fmt::format("\n{}{}\n", fold_words, format_date(time))
                               : fmt::format("\n{}", git_commit_message_raw(source.commit.get()));
  return add(GIT_OBJECT_COMMIT, with_signature(head, body, key_));
}

// Whether the line that `at` is on begins with folded history, and `pushed` is not on it.
Result<bool> LineMaker::leads_to_fold(git_oid at, const std::optional<git_oid>& pushed) const {
  for (;;) {
    if (pushed && git_oid_equal(&*pushed, &at) != 0) return false;
    GitCommit commit;
    if (git_commit_lookup(out(commit), repository_, &at) < 0)
      return git_failure(fmt::format("read the commit {}", hex(at)));
    if (git_commit_parentcount(commit.get()) == 0)
      return std::string_view(git_commit_message(commit.get())).starts_with(fold_words);
    at = *git_commit_parent_id(commit.get(), 0);
  }
}

Result<MirrorLine> LineMaker::work(const git_oid& head, const std::optional<git_oid>& pushed) {
  MirrorLine line{.commit = {}, .last_pushed = {}, .is_own = true};
  if (mirror_.max_history_bytes != 0) {
    const auto start = find_history_start(repository_, store_, head, mirror_.max_history_bytes,
                                          destination_.is_kept);
    if (!start) return tl::unexpected(start.error());
    start_ = start->root;
    line.bytes = start->bytes;
  }
  std::optional<git_oid> base;
  auto found = sources(head, base);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (names_ && !found->empty()) {
    if (auto begun = begin_names(); !begun) return tl::unexpected(std::move(begun.error()));
  }
  std::optional<git_oid> at = base;
  for (auto source = found->rbegin(); source != found->rend(); ++source) {
    auto made = make(*source, at);
    if (!made) return tl::unexpected(std::move(made.error()));
    commits_.push_back({*made, *git_commit_id(source->commit.get())});
    at = *made;
  }
  line.commit = hex(*at);
  if (pushed && made_.count(*pushed) != 0) return line;
  if (!base) {
    line.is_folded = found->back().is_root;
    return line;
  }
  const auto folds = leads_to_fold(*base, pushed);
  if (!folds) return tl::unexpected(folds.error());
  line.is_folded = *folds;
  return line;
}

Result<void> LineMaker::keep(const git_oid& head, const std::string& commit) {
  git_oid at{};
  if (git_oid_fromstr(&at, commit.c_str()) < 0) return git_failure("read the line");
  auto done = write_pending();
  if (done && !merged_) done = remember_made(repository_, commits_);
  if (done) done = set_ref(repository_, line_ref("source", name_, at), head);
  if (done && start_) done = set_ref(repository_, line_ref("root", name_, at), *start_);
  if (done) done = set_ref(repository_, line_ref(name_), at);
  if (!done || !newest_ || git_oid_equal(&*newest_, &at) != 0) return done;
  for (const char* what : {"source", "root"})
    git_reference_remove(repository_, line_ref(what, name_, *newest_).c_str());
  return done;
}

Result<MirrorLine> own_line(git_repository* repository, const std::string& head,
                            const MirrorSettings& mirror, const SigningKey* key,
                            const std::optional<git_oid>& pushed, const Destination& destination) {
  GitObjectStore store;
  git_oid id{};
  int code = git_repository_odb(out(store), repository);
  if (code == 0) code = git_oid_fromstr(&id, head.c_str());
  if (code < 0) return git_failure(fmt::format("read the commit {}", head));
  LineMaker maker(repository, store.get(), mirror, key, destination);
  auto line = maker.work(id, pushed);
  if (!line) return line;
  const auto kept = destination.is_kept ? maker.keep(id, line->commit) : maker.write_pending();
  if (!kept) return tl::unexpected(kept.error());
  return line;
}

bool is_own(git_repository* repository, const MirrorSettings& mirror) {
  return !mirror.folder.empty() || mirror.keep_history.count() != 0 ||
         mirror.max_history_bytes != 0 || mirror.names_pages ||
         ref_target(repository, mirror_ref("merged", mirror));
}

Result<MirrorLine> line_of(git_repository* repository, const std::string& head,
                           const MirrorSettings& mirror, const SigningKey* key,
                           const Destination& destination) {
  const auto pushed = ref_target(repository, mirror_ref("at", mirror));
  Result<MirrorLine> line = MirrorLine{.commit = head, .last_pushed = {}};
  if (is_own(repository, mirror))
    line = own_line(repository, head, mirror, key, pushed, destination);
  if (line && pushed) line->last_pushed = hex(*pushed);
  return line;
}

// A commit with the files of `ours`.
Result<git_oid> write_merge(git_repository* repository, const SigningKey* key,
                            const std::string& ours, const std::string& theirs) {
  git_oid id{};
  GitCommit commit;
  int code = git_oid_fromstr(&id, ours.c_str());
  if (code == 0) code = git_commit_lookup(out(commit), repository, &id);
  if (code < 0) return git_failure(fmt::format("read the commit {}", ours));
  const char* raw = git_commit_raw_header(commit.get());
  const std::string head =
      fmt::format("tree {}\nparent {}\nparent {}\n{}{}", hex(*git_commit_tree_id(commit.get())),
                  ours, theirs, header_line(raw, "author "), header_line(raw, "committer "));
  const std::string content = with_signature(head, fmt::format("\n{}\n", merge_words), key);
  NewObject object{.type = GIT_OBJECT_COMMIT, .content = content};
  if (git_odb_hash(&object.id, content.data(), content.size(), GIT_OBJECT_COMMIT) < 0)
    return git_failure("hash a commit");
  if (auto done = write_pack(objects_of(repository), {&object, 1}); !done)
    return tl::unexpected(std::move(done.error()));
  return object.id;
}

Result<void> remove_ref(git_repository* repository, const std::string& name) {
  const int code = git_reference_remove(repository, name.c_str());
  if (code < 0 && code != GIT_ENOTFOUND) return git_failure(fmt::format("take away {}", name));
  return {};
}

Result<std::vector<std::string>> refs_of_lines(git_repository* repository) {
  std::vector<std::string> names;
  for (const char* what : {"line", "source", "root"}) {
    GitReferences references;
    const std::string pattern = fmt::format("refs/dandelion/{}-*", what);
    if (git_reference_iterator_glob_new(out(references), repository, pattern.c_str()) < 0)
      return git_failure("list refs");
    const char* name = nullptr;
    int code = 0;
    while ((code = git_reference_next_name(&name, references.get())) == 0)
      names.emplace_back(name);
    if (code != GIT_ITEROVER) return git_failure("list refs");
  }
  return names;
}

}  // namespace

std::string fetched_ref(const MirrorSettings& mirror) {
  return mirror_ref("theirs", mirror);
}

Result<std::string> adopt_into_line(const fs::path& folder, const MirrorSettings& mirror,
                                    const SigningKey* key, const std::string& head,
                                    const std::string& line, const std::string& theirs) {
  const auto repository = open_repository(folder);
  if (!repository) return tl::unexpected(repository.error());
  git_oid source{};
  if (git_oid_fromstr(&source, head.c_str()) < 0) return git_failure("read the commit " + head);
  const auto merge = write_merge(repository->get(), key, line, theirs);
  if (!merge) return tl::unexpected(merge.error());
  const std::string merged_ref = mirror_ref("merged", mirror);
  const auto before = line_name(mirror, key, ref_target(repository->get(), merged_ref));
  const std::string name = line_name(mirror, key, *merge);
  auto done = set_ref(repository->get(), line_ref("source", name, *merge), source);
  if (const auto newest = ref_target(repository->get(), line_ref(before)); done && newest) {
    const auto root = ref_target(repository->get(), line_ref("root", before, *newest));
    if (root) done = set_ref(repository->get(), line_ref("root", name, *merge), *root);
  }
  if (done) done = set_ref(repository->get(), line_ref(name), *merge);
  // Last: it is what leads to the others.
  if (done) done = set_ref(repository->get(), merged_ref, *merge);
  if (!done) return tl::unexpected(std::move(done.error()));
  return hex(*merge);
}

Result<MirrorLine> derive_line(const fs::path& folder, const std::string& head,
                               const MirrorSettings& mirror, const SigningKey* key) {
  const auto repository = open_repository(folder);
  if (!repository) return tl::unexpected(repository.error());
  return line_of(repository->get(), head, mirror, key, {objects_of(repository->get()), true});
}

Result<MirrorLine> foretell_line(const fs::path& folder, const std::string& head,
                                 const MirrorSettings& mirror, const SigningKey* key,
                                 const ScratchObjects* scratch) {
  const auto repository = open_repository(folder);
  if (!repository) return tl::unexpected(repository.error());
  return line_of(repository->get(), head, mirror, key,
                 {scratch != nullptr ? scratch->folder() : fs::path(), false});
}

Result<void> forget_other_lines(const fs::path& folder, const std::vector<MirrorSettings>& mirrors,
                                const SigningKey* key) {
  const auto repository = open_repository(folder);
  if (!repository) return tl::unexpected(repository.error());
  std::set<std::string> used;
  for (const MirrorSettings& mirror : mirrors) {
    const std::string name =
        line_name(mirror, key, ref_target(repository->get(), mirror_ref("merged", mirror)));
    const auto newest = ref_target(repository->get(), line_ref(name));
    if (!newest) continue;
    used.insert(
        {line_ref(name), line_ref("source", name, *newest), line_ref("root", name, *newest)});
  }
  const auto names = refs_of_lines(repository->get());
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (used.count(name) == 0 && git_reference_remove(repository->get(), name.c_str()) < 0)
      return git_failure(fmt::format("take away {}", name));
  }
  return {};
}

Result<void> remember_pushed(const fs::path& folder, const MirrorSettings& mirror,
                             const std::string& commit) {
  const auto repository = open_repository(folder);
  if (!repository) return tl::unexpected(repository.error());
  const std::string at_ref = mirror_ref("at", mirror);
  if (is_own(repository->get(), mirror)) {
    git_oid id{};
    if (git_oid_fromstr(&id, commit.c_str()) < 0) return git_failure("read the pushed commit");
    if (auto done = set_ref(repository->get(), at_ref, id); !done) return done;
  } else if (auto done = remove_ref(repository->get(), at_ref); !done) {
    return done;
  }
  return remove_ref(repository->get(), mirror_ref("sent", mirror));
}

}  // namespace dandelion
