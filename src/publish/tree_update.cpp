// SPDX-License-Identifier: MIT
#include "publish/tree_update.hpp"

#include <algorithm>
#include <map>

#include "core/files.hpp"

namespace dandelion {
namespace {

using Changes = std::span<const FileChange* const>;

// One line of a tree: "mode name\0id".
struct Line {
  std::string_view name;
  git_filemode_t mode = GIT_FILEMODE_BLOB;
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

std::string tree_content(const std::vector<Line>& lines) {
  std::string content;
  for (const Line& line : lines) {
    fmt::format_to(std::back_inserter(content), "{:o} {}", static_cast<unsigned int>(line.mode),
                   line.name);
    content += '\0';
    content.append(reinterpret_cast<const char*>(line.id.id), sizeof line.id.id);
  }
  return content;
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

// What a name in a folder becomes; `id` is empty where it goes away.
struct TreeUpdate::Edit {
  git_filemode_t mode = GIT_FILEMODE_BLOB;
  std::optional<git_oid> id;
};

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

// `changes` are all those whose path has `name` at `prefix`: the one of the file `name` itself, if
// any, comes first.
Result<std::optional<TreeUpdate::Edit>> TreeUpdate::edit_name(std::string_view name,
                                                              const git_tree_entry* existing,
                                                              Changes changes, std::size_t prefix) {
  const bool was_folder =
      existing != nullptr && git_tree_entry_filemode(existing) == GIT_FILEMODE_TREE;
  const bool was_file = existing != nullptr && !was_folder;
  const FileChange* file =
      changes.front()->path.size() == prefix + name.size() ? changes.front() : nullptr;
  if (file != nullptr) changes = changes.subspan(1);

  const FileChange* inside = first_addition(changes);
  if (inside != nullptr && was_file && file == nullptr) {
    return fail(ErrorKind::refused, "'{}' cannot be added: '{}' is a file", inside->path,
                inside->path.substr(0, prefix + name.size()));
  }
  std::optional<git_oid> folder;
  if (was_folder) folder = *git_tree_entry_id(existing);
  if (!changes.empty() && (inside != nullptr || was_folder)) {
    auto updated = update_folder(folder ? &*folder : nullptr, changes, prefix + name.size() + 1);
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
    return Edit{GIT_FILEMODE_BLOB, *blob};
  }
  if (folder) return Edit{GIT_FILEMODE_TREE, folder};
  if (was_folder || (was_file && file != nullptr)) return Edit{};
  return std::nullopt;
}

Result<std::optional<git_oid>> TreeUpdate::update_folder(const git_oid* existing, Changes changes,
                                                         std::size_t prefix) {
  GitTree tree;
  if (existing != nullptr && git_tree_lookup(out(tree), repository_, existing) < 0) {
    return git_failure(fmt::format("read the tree {}", hex(*existing)));
  }
  std::map<std::string_view, Edit> edits;
  while (!changes.empty()) {
    const std::string_view name = name_at(*changes.front(), prefix);
    const auto end = std::find_if(changes.begin(), changes.end(), [&](const FileChange* each) {
      return name_at(*each, prefix) != name;
    });
    const Changes of_name = changes.first(static_cast<std::size_t>(end - changes.begin()));
    changes = changes.subspan(of_name.size());
    const git_tree_entry* entry =
        tree ? git_tree_entry_byname(tree.get(), std::string(name).c_str()) : nullptr;
    auto edit = edit_name(name, entry, of_name, prefix);
    if (!edit) return tl::unexpected(std::move(edit.error()));
    if (!*edit) continue;
    const bool same = entry != nullptr && (*edit)->id &&
                      git_tree_entry_filemode_raw(entry) == (*edit)->mode &&
                      git_oid_equal(git_tree_entry_id(entry), &*(*edit)->id) != 0;
    if (same) continue;
    edits.emplace(name, **edit);
  }
  if (edits.empty()) return existing != nullptr ? std::optional(*existing) : std::nullopt;

  std::vector<Line> lines;
  const std::size_t count = tree ? git_tree_entrycount(tree.get()) : 0;
  lines.reserve(count + edits.size());
  for (std::size_t i = 0; i < count; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
    const std::string_view name = git_tree_entry_name(entry);
    if (!edits.contains(name))
      lines.push_back({name, git_tree_entry_filemode_raw(entry), *git_tree_entry_id(entry)});
  }
  for (const auto& [name, edit] : edits) {
    if (edit.id) lines.push_back({name, edit.mode, *edit.id});
  }
  if (lines.empty()) return std::nullopt;
  std::sort(lines.begin(), lines.end(), before_in_tree);
  auto id = add(GIT_OBJECT_TREE, tree_content(lines));
  if (!id) return tl::unexpected(std::move(id.error()));
  return *id;
}

}  // namespace dandelion
