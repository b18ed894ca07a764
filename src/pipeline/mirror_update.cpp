// SPDX-License-Identifier: MIT
#include "pipeline/mirror_update.hpp"

#include "core/address.hpp"
#include "core/text.hpp"
#include "pipeline/index_build.hpp"
#include "pipeline/page_file.hpp"
#include "pipeline/publish_site.hpp"

namespace dandelion {
namespace {

std::string counted(std::size_t count, std::string_view verb, bool with_noun) {
  if (count == 0) return {};
  return fmt::format("{} {}{}", verb, count, !with_noun ? "" : count == 1 ? " page" : " pages");
}

}  // namespace

Result<std::optional<PageRecord>> MirrorUpdate::page_at_address(const std::string& url) const {
  const auto found = by_address_.find(without_scheme(url));
  if (found != by_address_.end()) return updates_[found->second].page;
  return context_.store.page_at_address(context_.site.name, url);
}

Result<std::optional<PageRecord>> MirrorUpdate::page_at_path(const std::string& path) const {
  const auto found = by_path_.find(ascii_lower(path));
  if (found != by_path_.end()) return updates_[found->second].page;
  return context_.store.page_at_path(context_.site.name, path);
}

PageUpdate& MirrorUpdate::update(const PageRecord& page) {
  const auto [at, is_new] = by_path_.try_emplace(ascii_lower(page.path), updates_.size());
  if (is_new) {
    PageUpdate begun;
    begun.page = page;
    begun.is_new = page.key == 0;
    updates_.push_back(std::move(begun));
  }
  by_address_.try_emplace(std::string(without_scheme(page.url)), at->second);
  return updates_[at->second];
}

void MirrorUpdate::index_addresses(const PageUpdate& update) {
  const std::size_t at = by_path_.at(ascii_lower(update.page.path));
  by_address_.try_emplace(std::string(without_scheme(update.page.url)), at);
  for (const std::string& address : update.addresses)
    by_address_.try_emplace(std::string(without_scheme(address)), at);
}

void MirrorUpdate::add_failure(const std::string& url, const std::string& message, Timestamp now,
                               Timestamp next_try) {
  failures_.push_back({url, message, now, next_try});
}

Result<std::vector<FileChange>> MirrorUpdate::store_pages() {
  std::vector<FileChange> files;
  for (PageUpdate& update : updates_) {
    auto key = context_.store.put_page(context_.site.name, update.page);
    if (!key) return tl::unexpected(key.error());
    update.page.key = *key;
    for (const std::string& address : update.addresses) {
      if (auto added = context_.store.add_address(context_.site.name, *key, address); !added)
        return tl::unexpected(added.error());
    }
    if (update.article) {
      if (auto put = context_.store.put_article(*key, *update.article); !put)
        return tl::unexpected(put.error());
    }
    files.insert(files.end(), std::make_move_iterator(update.files.begin()),
                 std::make_move_iterator(update.files.end()));
    if (!update.record_changed) continue;
    auto also = context_.store.other_addresses(update.page);
    if (!also) return tl::unexpected(also.error());
    const std::string path = page_file_path(update.page.url);
    files.push_back({path, write_page_file(update.page, *also)});
    if (!update.moved_from.empty() && page_file_path(update.moved_from) != path)
      files.push_back({page_file_path(update.moved_from), std::nullopt});
  }
  return files;
}

Result<void> MirrorUpdate::store_failures() {
  for (const Failure& failure : failures_) {
    auto added = context_.store.add_failure(context_.site.name, failure.url, failure.message,
                                            failure.now, failure.next_try);
    if (!added) return added;
  }
  return {};
}

Result<void> MirrorUpdate::add_lists(std::vector<FileChange>& files) const {
  auto pages = context_.store.pages(context_.site.name);
  if (!pages) return tl::unexpected(pages.error());
  std::erase_if(*pages, [](const PageRecord& page) { return !page.listed; });
  auto lists = build_indexes(context_.site, context_.theme, *pages, context_.mirrors);
  if (!lists) return tl::unexpected(lists.error());
  files.insert(files.end(), std::make_move_iterator(lists->begin()),
               std::make_move_iterator(lists->end()));
  return {};
}

std::string MirrorUpdate::message() const {
  std::size_t added = 0;
  std::size_t withdrawn = 0;
  std::size_t changed = 0;
  for (const PageUpdate& update : updates_) {
    if (update.is_new) {
      ++added;
    } else if (!update.files.empty() || update.record_changed) {
      ++(update.page.status == PageStatus::withdrawn ? withdrawn : changed);
    }
  }
  std::string text = counted(added, "Add", true);
  for (const std::string& part :
       {counted(changed, text.empty() ? "Renew" : "renew", text.empty()),
        counted(withdrawn, added + changed == 0 ? "Mark as withdrawn" : "mark as withdrawn",
                added + changed == 0)}) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text.empty() ? "Update the indexes" : text;
}

Result<std::optional<std::string>> MirrorUpdate::commit_all(Timestamp now, bool lists) {
  const std::string& site = context_.site.name;
  const std::string words = message();
  auto batch = context_.store.begin();
  if (!batch) return tl::unexpected(batch.error());
  auto files = store_pages();
  if (!files) return tl::unexpected(files.error());
  if (auto stored = store_failures(); !stored) return tl::unexpected(stored.error());
  std::optional<std::string> commit;
  if (lists || !files->empty()) {
    if (auto added = add_lists(*files); !added) return tl::unexpected(added.error());
    auto settings = commit_settings(context_.config, now, words);
    if (!settings) return tl::unexpected(std::move(settings.error()));
    auto made = context_.repository.commit(*files, *settings);
    if (!made) {
      return within(fmt::format("commit to {}", context_.repository.folder().string()),
                    made.error());
    }
    commit = std::move(*made);
  }
  if (commit) {
    if (auto set = context_.store.set_head(site, *commit); !set) return tl::unexpected(set.error());
  }
  if (auto done = batch->commit(); !done) return tl::unexpected(done.error());
  return commit;
}

Result<std::optional<std::string>> MirrorUpdate::commit(Timestamp now, bool lists) {
  Result<std::optional<std::string>> outcome = std::nullopt;
  if (lists || !updates_.empty() || !failures_.empty()) outcome = commit_all(now, lists);
  updates_.clear();
  by_address_.clear();
  by_path_.clear();
  failures_.clear();
  return outcome;
}

}  // namespace dandelion
