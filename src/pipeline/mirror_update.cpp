// SPDX-License-Identifier: MIT
#include "pipeline/mirror_update.hpp"

#include <set>

#include "core/address.hpp"
#include "core/text.hpp"
#include "pipeline/archived_article.hpp"
#include "pipeline/check_times.hpp"
#include "pipeline/gitlab_pages.hpp"
#include "pipeline/index_build.hpp"
#include "pipeline/left_over_files.hpp"
#include "pipeline/page_file.hpp"
#include "pipeline/publish_site.hpp"
#include "pipeline/sitemap_build.hpp"
#include "publish/host_api.hpp"

namespace dandelion {
namespace {

std::string counted(std::size_t count, std::string_view verb, bool with_noun) {
  if (count == 0) return {};
  return fmt::format("{} {}{}", verb, count, !with_noun ? "" : count == 1 ? " page" : " pages");
}

// Pages, not files: what a page takes along (its record, lists, pictures) is not counted.
struct PageCounts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t removed = 0;  // withdrawn at the source
};

std::string own_message(const PageCounts& counts) {
  std::string text = counted(counts.added, "Add", true);
  for (const std::string& part :
       {counted(counts.changed, text.empty() ? "Renew" : "renew", text.empty()),
        counted(counts.removed,
                counts.added + counts.changed == 0 ? "Mark as withdrawn" : "mark as withdrawn",
                counts.added + counts.changed == 0)}) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text.empty() ? "Update the indexes" : text;
}

std::string filled_message(std::string text, const PageCounts& counts) {
  for (const auto& [name, count] : {std::pair("{added}", counts.added),
                                    {"{changed}", counts.changed},
                                    {"{removed}", counts.removed}}) {
    text = replace_all(text, name, std::to_string(count));
  }
  return text;
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
    std::optional<PageRecord> before;
    if (update.page.key != 0) {
      auto known = context_.store.page_at_path(context_.site.name, update.page.path);
      if (!known) return tl::unexpected(known.error());
      before = std::move(*known);
    }
    auto key = context_.store.put_page(context_.site.name, update.page);
    if (!key) return tl::unexpected(key.error());
    update.page.key = *key;
    changes_.push_back({std::move(before), update.page});
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

void MirrorUpdate::want_pictures(const std::vector<std::string>& addresses) {
  wanted_pictures_.insert(wanted_pictures_.end(), addresses.begin(), addresses.end());
}

std::vector<std::string> MirrorUpdate::take_wanted_pictures() {
  return std::exchange(wanted_pictures_, {});
}

void MirrorUpdate::add_picture(const std::string& url, Result<FinishedPicture> picture,
                               Timestamp now) {
  PendingPicture pending;
  if (picture) {
    pending.bytes = std::move(picture->bytes);
    picture_bytes_ += pending.bytes.size();
    pending.asset.path = std::move(picture->path);
    pending.asset.width = picture->width;
    pending.asset.height = picture->height;
  } else {
    auto known = context_.store.asset(context_.site.name, url);
    pending.asset.attempts = known && *known ? (*known)->attempts + 1 : 1;
    pending.asset.next_try = next_try(pending.asset.attempts, now);
  }
  pictures_.insert_or_assign(url, std::move(pending));
}

Result<bool> MirrorUpdate::knows_picture(const std::string& url) const {
  if (pictures_.contains(url)) return true;
  auto known = context_.store.asset(context_.site.name, url);
  if (!known) return tl::unexpected(known.error());
  return known->has_value();
}

Result<std::vector<FileChange>> MirrorUpdate::store_pictures() {
  std::vector<FileChange> files;
  std::set<std::string> paths;  // two addresses may have one picture
  for (auto& [url, picture] : pictures_) {
    if (auto put = context_.store.put_asset(context_.site.name, url, picture.asset); !put)
      return tl::unexpected(put.error());
    if (!picture.bytes.empty() && paths.insert(picture.asset.path).second)
      files.push_back({picture.asset.path, std::move(picture.bytes)});
  }
  return files;
}

// The pages that are made anew: those of this commit, those beside them, and those that show or
// link to what is new.
Result<std::vector<PageRecord>> MirrorUpdate::pages_to_render() const {
  std::map<std::int64_t, PageRecord> pages;
  std::set<std::int64_t> own_files;
  const std::string& site = context_.site.name;
  std::vector<std::string> appeared;
  for (const PageUpdate& update : updates_) {
    if (update.render) pages.emplace(update.page.key, update.page);
    if (!update.files.empty()) own_files.insert(update.page.key);
    if (update.is_new) appeared.push_back(update.page.url);
    appeared.insert(appeared.end(), update.addresses.begin(), update.addresses.end());
  }
  for (const auto& [url, picture] : pictures_) {
    if (!picture.asset.path.empty()) appeared.push_back(url);
  }
  for (const std::string& url : appeared) {
    auto referring = context_.store.pages_referring_to(site, url);
    if (!referring) return tl::unexpected(referring.error());
    for (PageRecord& page : *referring)
      pages.emplace(page.key, std::move(page));
  }
  for (const ListChange& change : changes_) {
    if (!shows_neighbours(context_.theme) || !changes_lists(change)) continue;
    for (const PageRecord* page : {change.before ? &*change.before : nullptr, &change.after}) {
      for (const bool newer : {false, true}) {
        if (page == nullptr) continue;
        auto beside = context_.store.neighbour(site, *page, newer);
        if (!beside) return tl::unexpected(beside.error());
        if (*beside) pages.emplace((*beside)->key, **beside);
      }
    }
  }
  std::vector<PageRecord> found;
  for (auto& [key, page] : pages) {
    if (page.listed && !own_files.contains(key)) found.push_back(std::move(page));
  }
  return found;
}

Result<void> MirrorUpdate::add_lists(std::vector<FileChange>& files, bool all) {
  const SiteLook look{context_.site, context_.theme, context_.mirrors, context_.key};
  auto lists = build_indexes(look, context_.store, changes_, all);
  if (!lists) return tl::unexpected(lists.error());
  files.insert(files.end(), std::make_move_iterator(lists->begin()),
               std::make_move_iterator(lists->end()));
  auto maps = build_sitemaps(look, context_.store, changes_, all);
  if (!maps) return tl::unexpected(maps.error());
  std::move(maps->begin(), maps->end(), std::back_inserter(files));
  auto index = context_.repository.read(search_list_path);
  if (!index) return tl::unexpected(index.error());
  // Another theme leaves the index as it is, where there is one.
  const bool index_anew = all && !(*index && is_search_list(**index));
  auto search = build_search(look, context_.store, search_pages_, changes_, index_anew);
  if (!search) return tl::unexpected(search.error());
  files.insert(files.end(), std::make_move_iterator(search->begin()),
               std::make_move_iterator(search->end()));
  if (!all) return {};
  const auto branches = gitlab_pages_branches(context_.config, context_.site);
  if (!branches.empty())
    files.push_back({std::string(gitlab_pages_path), gitlab_pages_file(branches)});
  auto left = left_by_another_look(context_.repository, look, files);
  if (!left) return tl::unexpected(left.error());
  std::move(left->begin(), left->end(), std::back_inserter(files));
  return {};
}

std::string MirrorUpdate::message() const {
  PageCounts counts;
  for (const PageUpdate& update : updates_) {
    if (update.is_new) {
      ++counts.added;
    } else if (update.render || !update.files.empty() || update.record_changed) {
      ++(update.page.status == PageStatus::withdrawn ? counts.removed : counts.changed);
    }
  }
  const std::string& wanted = context_.config.op.message;
  return wanted.empty() ? own_message(counts) : filled_message(wanted, counts);
}

Result<std::optional<std::string>> MirrorUpdate::commit_all(Timestamp now, ListsToWrite lists) {
  const std::string& site = context_.site.name;
  const std::string words = message();
  auto batch = context_.store.begin();
  if (!batch) return tl::unexpected(batch.error());
  auto files = store_pages();
  if (!files) return tl::unexpected(files.error());
  auto pictures = store_pictures();
  if (!pictures) return tl::unexpected(pictures.error());
  std::move(pictures->begin(), pictures->end(), std::back_inserter(*files));
  auto pages = pages_to_render();
  if (!pages) return tl::unexpected(pages.error());
  auto rendered =
      render_pages({context_.site, context_.theme, context_.mirrors}, context_.store, *pages);
  if (!rendered) return tl::unexpected(rendered.error());
  std::move(rendered->files.begin(), rendered->files.end(), std::back_inserter(*files));
  want_pictures(rendered->missing_pictures);
  for (const PageRecord& page : *pages) {
    if (!page.archived) continue;
    auto article = archived_article_file(context_.store, site, page);
    if (!article) return tl::unexpected(article.error());
    if (*article) files->push_back(std::move(**article));
  }
  auto parts = left_over_parts(context_.repository, context_.store, site, *files);
  if (!parts) return tl::unexpected(parts.error());
  std::move(parts->begin(), parts->end(), std::back_inserter(*files));
  if (auto stored = store_failures(); !stored) return tl::unexpected(stored.error());
  auto head = context_.repository.head();
  if (!head) return tl::unexpected(head.error());
  const bool first = !*head;
  std::optional<std::string> commit;
  const bool all = first || lists == ListsToWrite::all;
  if (all || !files->empty()) {
    if (all || lists == ListsToWrite::changed) {
      if (auto added = add_lists(*files, all); !added) return tl::unexpected(added.error());
    }
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

Result<std::optional<std::string>> MirrorUpdate::commit(Timestamp now, ListsToWrite lists) {
  Result<std::optional<std::string>> outcome = std::nullopt;
  if (lists == ListsToWrite::all || !updates_.empty() || !failures_.empty() || !pictures_.empty())
    outcome = commit_all(now, lists);
  updates_.clear();
  by_address_.clear();
  by_path_.clear();
  failures_.clear();
  changes_.clear();
  pictures_.clear();
  picture_bytes_ = 0;
  return outcome;
}

}  // namespace dandelion
