// SPDX-License-Identifier: MIT
#include "publish/named_trees.hpp"

#include <string_view>
#include <utility>

#include "core/mirror_name.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

using Object = Handle<git_odb_object, git_odb_object_free>;

bool is_folder(const git_tree_entry* entry) {
  return git_tree_entry_type(entry) == GIT_OBJECT_TREE;
}

bool is_page(const git_tree_entry* entry) {
  const std::string_view name = git_tree_entry_name(entry);
  return git_tree_entry_type(entry) == GIT_OBJECT_BLOB &&
         (name.ends_with(".md") || name.ends_with(".html"));
}

// Empty where there is no such folder.
Result<GitTree> folder_in(git_repository* repository, const git_tree* tree, const char* name) {
  GitTree folder;
  const git_tree_entry* entry = tree == nullptr ? nullptr : git_tree_entry_byname(tree, name);
  if (entry == nullptr || !is_folder(entry)) return folder;
  if (git_tree_lookup(out(folder), repository, git_tree_entry_id(entry)) < 0)
    return git_failure(fmt::format("read {}", name));
  return folder;
}

}  // namespace

NamedTrees::NamedTrees(git_repository* repository, git_odb* store, std::string name, Add add)
    : repository_(repository), store_(store), name_(std::move(name)), add_(std::move(add)) {}

void NamedTrees::begin_from(GitTree source, GitTree named) {
  source_before_ = std::move(source);
  named_before_ = std::move(named);
}

Result<git_oid> NamedTrees::named(const git_oid& tree) {
  return named_tree(tree, {source_before_.get(), named_before_.get()});
}

// Names and their order stay, so that the entries of both trees are pairs.
void NamedTrees::learn(const Before& before) {
  if (before.source == nullptr || before.named == nullptr) return;
  const std::size_t entries = git_tree_entrycount(before.source);
  if (git_tree_entrycount(before.named) != entries) return;
  for (std::size_t i = 0; i < entries; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(before.source, i);
    if (!is_folder(entry) && !is_page(entry)) continue;
    known_.try_emplace(*git_tree_entry_id(entry),
                       *git_tree_entry_id(git_tree_entry_byindex(before.named, i)));
  }
}

Result<git_oid> NamedTrees::named_tree(const git_oid& id, const Before& before) {
  GitTree tree;
  if (git_tree_lookup(out(tree), repository_, &id) < 0)
    return git_failure(fmt::format("read the tree {}", hex(id)));
  learn(before);
  std::string content;
  const std::size_t entries = git_tree_entrycount(tree.get());
  for (std::size_t i = 0; i < entries; ++i) {
    const git_tree_entry* entry = git_tree_entry_byindex(tree.get(), i);
    git_oid made = *git_tree_entry_id(entry);
    if (is_folder(entry) || is_page(entry)) {
      auto became = is_folder(entry) ? named_folder(entry, before) : named_page(made);
      if (!became) return became;
      made = *became;
    }
    content += fmt::format("{:o} {}", static_cast<unsigned>(git_tree_entry_filemode_raw(entry)),
                           git_tree_entry_name(entry));
    content += '\0';
    content.append(reinterpret_cast<const char*>(made.id), sizeof made.id);
  }
  auto made = add_(GIT_OBJECT_TREE, std::move(content));
  if (made) known_.emplace(id, *made);
  return made;
}

Result<git_oid> NamedTrees::named_folder(const git_tree_entry* entry, const Before& before) {
  const git_oid id = *git_tree_entry_id(entry);
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  const char* name = git_tree_entry_name(entry);
  auto source = folder_in(repository_, before.source, name);
  if (!source) return tl::unexpected(std::move(source.error()));
  auto named = folder_in(repository_, before.named, name);
  if (!named) return tl::unexpected(std::move(named.error()));
  return named_tree(id, {source->get(), named->get()});
}

Result<git_oid> NamedTrees::named_page(const git_oid& id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  Object page;
  if (git_odb_read(out(page), store_, &id) < 0)
    return git_failure(fmt::format("read the page {}", hex(id)));
  const std::string_view text(static_cast<const char*>(git_odb_object_data(page.get())),
                              git_odb_object_size(page.get()));
  auto made = text.find(mirror_name_mark) == std::string_view::npos
                  ? Result<git_oid>(id)
                  : add_(GIT_OBJECT_BLOB, replace_all(text, mirror_name_mark, name_));
  if (made) known_.emplace(id, *made);
  return made;
}

}  // namespace dandelion
