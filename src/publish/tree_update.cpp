// SPDX-License-Identifier: MIT
#include "publish/tree_update.hpp"

#include <algorithm>
#include <cstring>

#include "core/files.hpp"

namespace dandelion {
namespace {

using Changes = std::span<const FileChange* const>;

using GitOdbObject = Handle<git_odb_object, git_odb_object_free>;

constexpr std::size_t longest_mode = 6;

// One line of a tree: "mode name\0id".
struct Line {
  std::string_view name;
  unsigned int mode = GIT_FILEMODE_BLOB;
  git_oid id{};
};

// `/` first, so that "a/b/c" comes right after "a/b" and before "a/b-c".
bool before(std::string_view a, std::string_view b) {
  const auto rank = [](char c) {
    return c == '/' ? 0U : static_cast<unsigned int>(static_cast<unsigned char>(c)) + 1U;
  };
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [&](char x, char y) { return rank(x) < rank(y); });
}

// Git sorts a folder as if its name ended in a slash.
bool before_in_tree(const Line& a, const Line& b) {
  const std::size_t common = std::min(a.name.size(), b.name.size());
  if (const int order = a.name.substr(0, common).compare(b.name.substr(0, common)); order != 0)
    return order < 0;
  const auto next = [common](const Line& line) {
    if (line.name.size() > common) return static_cast<unsigned char>(line.name[common]);
    return static_cast<unsigned char>(line.mode == GIT_FILEMODE_TREE ? '/' : '\0');
  };
  return next(a) < next(b);
}

void append_line(std::string& content, const Line& line) {
  fmt::format_to(std::back_inserter(content), "{:o} {}", line.mode, line.name);
  content += '\0';
  content.append(reinterpret_cast<const char*>(line.id.id), sizeof line.id.id);
}

// Takes the first line off a tree; nullopt where it is malformed.
std::optional<Line> take_line(std::string_view& tree) {
  Line line;
  const auto space = tree.find(' ');
  const auto end = tree.find('\0');
  if (space == 0 || space > longest_mode || end == std::string_view::npos || end <= space + 1 ||
      tree.size() - end - 1 < sizeof line.id.id) {
    return std::nullopt;
  }
  line.mode = 0;
  for (const char digit : tree.substr(0, space)) {
    if (digit < '0' || digit > '7') return std::nullopt;
    line.mode = line.mode * 8 + static_cast<unsigned int>(digit - '0');
  }
  line.name = tree.substr(space + 1, end - space - 1);
  std::memcpy(line.id.id, tree.data() + end + 1, sizeof line.id.id);
  tree.remove_prefix(end + 1 + sizeof line.id.id);
  return line;
}

// The path segment that begins at `prefix`.
std::string_view name_at(const FileChange& change, std::size_t prefix) {
  const std::string_view rest = std::string_view(change.path).substr(prefix);
  return rest.substr(0, rest.find('/'));
}

const FileChange* first_addition(Changes changes) {
  const auto found = std::find_if(changes.begin(), changes.end(),
                                  [](const auto* each) { return each->content.has_value(); });
  return found == changes.end() ? nullptr : *found;
}

}  // namespace

// The changes to one name in a folder. `is_gone` and `line` say what becomes of it where it does
// not stay as it is.
struct TreeUpdate::Edit {
  std::string_view name;
  Changes changes;
  std::optional<Line> existing{};
  std::optional<Line> line{};
  bool is_gone = false;

  [[nodiscard]] bool changes_anything() const { return is_gone || line; }
};

// `edits` are sorted by name; null where none is of that name.
TreeUpdate::Edit* TreeUpdate::find_edit(std::vector<Edit>& edits, std::string_view name) {
  const auto found = std::lower_bound(
      edits.begin(), edits.end(), name,
      [](const Edit& edit, std::string_view wanted) { return edit.name < wanted; });
  return found != edits.end() && found->name == name ? &*found : nullptr;
}

// A well-formed tree under the edits. What they do not touch is copied as it stands: of a folder
// with many names one is changed, as a rule.
std::string TreeUpdate::spliced(std::string_view tree, std::vector<Edit>& edits) {
  std::vector<Line> lines;
  std::size_t more = 0;
  for (const Edit& edit : edits) {
    if (!edit.line) continue;
    lines.push_back(*edit.line);
    more += edit.name.size() + sizeof edit.line->id + longest_mode + 2;
  }
  std::sort(lines.begin(), lines.end(), before_in_tree);
  std::string content;
  content.reserve(tree.size() + more);
  auto next = lines.begin();
  std::string_view run = tree;  // from here on nothing is copied yet
  for (std::string_view rest = tree; !rest.empty();) {
    const std::string_view at = rest;
    const Line line = *take_line(rest);
    const bool is_replaced = find_edit(edits, line.name) != nullptr;
    const bool is_before = next != lines.end() && before_in_tree(*next, line);
    if (!is_replaced && !is_before) continue;
    content.append(run.substr(0, run.size() - at.size()));
    for (; next != lines.end() && before_in_tree(*next, line); ++next)
      append_line(content, *next);
    run = is_replaced ? rest : at;
  }
  content.append(run);
  for (; next != lines.end(); ++next)
    append_line(content, *next);
  return content;
}

Result<std::vector<const FileChange*>> in_folder_order(const std::vector<FileChange>& changes) {
  std::vector<const FileChange*> ordered;
  ordered.reserve(changes.size());
  for (const FileChange& change : changes) {
    if (!is_safe_relative_path(change.path)) {
      return fail(ErrorKind::refused, "'{}' is not a path that may be published", change.path);
    }
    ordered.push_back(&change);
  }
  std::sort(ordered.begin(), ordered.end(),
            [](const FileChange* a, const FileChange* b) { return before(a->path, b->path); });
  const auto twin = std::adjacent_find(
      ordered.begin(), ordered.end(),
      [](const FileChange* a, const FileChange* b) { return a->path == b->path; });
  if (twin != ordered.end())
    return fail(ErrorKind::refused, "'{}' is changed twice in one commit", (*twin)->path);
  return ordered;
}

Result<std::optional<git_oid>> TreeUpdate::apply(const git_oid* base, Changes changes) {
  return update_folder(base, changes, 0);
}

Result<git_oid> TreeUpdate::add_view(git_object_t type, std::string_view content,
                                     std::vector<NewObject>& list) {
  NewObject object{.type = type, .content = content};
  // libgit2's SHA-1 finds attempts at a collision: what we hash comes from strangers.
  if (git_odb_hash(&object.id, content.data(), content.size(), type) < 0)
    return git_failure("hash an object");
  const std::string_view id(reinterpret_cast<const char*>(object.id.id), sizeof object.id.id);
  if (!ids_.contains(id) &&
      git_odb_exists_ext(store_, &object.id, GIT_ODB_LOOKUP_NO_REFRESH) == 0) {
    ids_.emplace(id);
    list.push_back(object);
  }
  return object.id;
}

Result<git_oid> TreeUpdate::add(git_object_t type, std::string content) {
  owned_.push_back(std::move(content));
  return add_view(type, owned_.back(), trees_);
}

std::vector<NewObject> TreeUpdate::new_objects() const {
  // Trees were made from the leaves up and the commit last; readers begin at the commit.
  std::vector<NewObject> objects(trees_.rbegin(), trees_.rend());
  objects.insert(objects.end(), blobs_.begin(), blobs_.end());
  return objects;
}

// The file `name` itself, if it is among the changes, comes first.
Result<void> TreeUpdate::work_out(Edit& edit, std::size_t prefix) {
  Changes changes = edit.changes;
  const bool was_folder = edit.existing && edit.existing->mode == GIT_FILEMODE_TREE;
  const bool was_file = edit.existing && !was_folder;
  const FileChange* file =
      changes.front()->path.size() == prefix + edit.name.size() ? changes.front() : nullptr;
  if (file != nullptr) changes = changes.subspan(1);

  const FileChange* inside = first_addition(changes);
  if (inside != nullptr && was_file && file == nullptr) {
    return fail(ErrorKind::refused, "'{}' cannot be added: '{}' is a file", inside->path,
                inside->path.substr(0, prefix + edit.name.size()));
  }
  std::optional<git_oid> folder;
  if (was_folder) folder = edit.existing->id;
  if (!changes.empty() && (inside != nullptr || was_folder)) {
    auto updated =
        update_folder(folder ? &*folder : nullptr, changes, prefix + edit.name.size() + 1);
    if (!updated) return tl::unexpected(std::move(updated.error()));
    folder = *updated;
  }
  if (file != nullptr && file->content && folder) {
    return fail(ErrorKind::refused, "'{}' cannot be a file: there is a folder of that name{}",
                file->path,
                inside != nullptr ? fmt::format(" with '{}'", inside->path) : std::string());
  }
  if (file != nullptr && file->content) {
    auto blob = add_view(GIT_OBJECT_BLOB, *file->content, blobs_);
    if (!blob) return tl::unexpected(std::move(blob.error()));
    edit.line = {edit.name, GIT_FILEMODE_BLOB, *blob};
  } else if (folder) {
    edit.line = {edit.name, GIT_FILEMODE_TREE, *folder};
  } else {
    edit.is_gone = was_folder || (was_file && file != nullptr);
  }
  const bool is_same = edit.line && edit.existing && edit.line->mode == edit.existing->mode &&
                       git_oid_equal(&edit.line->id, &edit.existing->id) != 0;
  if (is_same) edit.line.reset();
  return {};
}

// Sorted by name. `tree` is what `existing`, the folder as it is now, holds.
Result<std::vector<TreeUpdate::Edit>> TreeUpdate::find_edits(const git_oid* existing,
                                                             std::string_view tree, Changes changes,
                                                             std::size_t prefix) {
  std::vector<Edit> edits;
  while (!changes.empty()) {
    const std::string_view name = name_at(*changes.front(), prefix);
    const auto end = std::find_if(changes.begin(), changes.end(), [&](const FileChange* each) {
      return name_at(*each, prefix) != name;
    });
    edits.push_back({name, changes.first(static_cast<std::size_t>(end - changes.begin()))});
    changes = changes.subspan(edits.back().changes.size());
  }
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.name < b.name; });
  while (!tree.empty()) {
    const auto line = take_line(tree);
    if (!line) return fail(ErrorKind::storage, "the tree {} is malformed", hex(*existing));
    if (Edit* edit = find_edit(edits, line->name)) edit->existing = *line;
  }
  for (Edit& edit : edits) {
    if (auto done = work_out(edit, prefix); !done) return tl::unexpected(std::move(done.error()));
  }
  return edits;
}

Result<std::optional<git_oid>> TreeUpdate::update_folder(const git_oid* existing, Changes changes,
                                                         std::size_t prefix) {
  GitOdbObject stored;
  std::string_view tree;
  if (existing != nullptr) {
    if (git_odb_read(out(stored), store_, existing) < 0)
      return git_failure(fmt::format("read the tree {}", hex(*existing)));
    if (git_odb_object_type(stored.get()) != GIT_OBJECT_TREE)
      return fail(ErrorKind::storage, "{} is no tree", hex(*existing));
    tree = {static_cast<const char*>(git_odb_object_data(stored.get())),
            git_odb_object_size(stored.get())};
  }
  auto edits = find_edits(existing, tree, changes, prefix);
  if (!edits) return tl::unexpected(std::move(edits.error()));
  const auto stays = [](const Edit& edit) { return !edit.changes_anything(); };
  edits->erase(std::remove_if(edits->begin(), edits->end(), stays), edits->end());
  if (edits->empty()) return existing != nullptr ? std::optional(*existing) : std::nullopt;
  std::string content = spliced(tree, *edits);
  if (content.empty()) return std::nullopt;
  auto id = add(GIT_OBJECT_TREE, std::move(content));
  if (!id) return tl::unexpected(std::move(id.error()));
  return *id;
}

}  // namespace dandelion
