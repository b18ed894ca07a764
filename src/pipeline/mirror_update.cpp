// SPDX-License-Identifier: MIT
#include "pipeline/mirror_update.hpp"

#include <set>
#include <span>

#include "core/address.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "pipeline/archived_article.hpp"
#include "pipeline/check_times.hpp"
#include "pipeline/gitlab_pages.hpp"
#include "pipeline/index_build.hpp"
#include "pipeline/left_over_files.hpp"
#include "pipeline/page_file.hpp"
#include "pipeline/page_secrets.hpp"
#include "pipeline/publish_site.hpp"
#include "pipeline/sitemap_build.hpp"
#include "pipeline/stored_article.hpp"
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

Result<void> MirrorUpdate::store_pages(Draft& draft) {
  for (PageUpdate& update : updates_) {
    const std::size_t before = draft.files.size();
    if (auto stored = store_page(draft, update); !stored) return stored;
    const auto own = std::span<const FileChange>(draft.files).subspan(before);
    if (auto found = find_secret(own, *draft.settings.scan))
      draft.secrets.emplace(update.page.path, std::move(found->what));
  }
  return {};
}

Result<void> MirrorUpdate::store_page(Draft& draft, PageUpdate& update) {
  std::optional<PageRecord> before;
  if (update.is_new) {
    update.page.key = 0;  // an earlier try may have given it one
  } else {
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
      return added;
  }
  if (update.article) {
    if (auto put = context_.store.put_article(*key, *update.article); !put) return put;
  }
  draft.files.insert(draft.files.end(), update.files.begin(), update.files.end());
  if (!update.record_changed) return {};
  auto also = context_.store.other_addresses(update.page);
  if (!also) return tl::unexpected(also.error());
  const std::string path = page_file_path(update.page.url);
  draft.files.push_back({path, write_page_file(update.page, *also)});
  if (!update.moved_from.empty() && page_file_path(update.moved_from) != path)
    draft.files.push_back({page_file_path(update.moved_from), std::nullopt});
  return {};
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
    pending.asset = missing_picture(url, now);
  }
  pictures_.insert_or_assign(url, std::move(pending));
}

AssetRecord MirrorUpdate::missing_picture(const std::string& url, Timestamp now) const {
  AssetRecord asset;
  auto known = context_.store.asset(context_.site.name, url);
  asset.attempts = known && *known ? (*known)->attempts + 1 : 1;
  asset.next_try = next_try(asset.attempts, now);
  return asset;
}

Result<bool> MirrorUpdate::knows_picture(const std::string& url) const {
  if (pictures_.contains(url)) return true;
  auto known = context_.store.asset(context_.site.name, url);
  if (!known) return tl::unexpected(known.error());
  return known->has_value();
}

Result<void> MirrorUpdate::store_pictures(Draft& draft) {
  std::set<std::string> paths;  // two addresses may have one picture
  for (auto& [url, picture] : pictures_) {
    if (const auto found = draft.settings.scan->secret_in(picture.bytes)) {
      log_warning("{}: picture {} holds {}, and is not published", context_.site.name,
                  redact_url(url), *found);
      picture = {{}, missing_picture(url, draft.now)};
    }
    if (auto put = context_.store.put_asset(context_.site.name, url, picture.asset); !put)
      return put;
    if (!picture.bytes.empty() && paths.insert(picture.asset.path).second)
      draft.files.push_back({picture.asset.path, std::move(picture.bytes)});
  }
  return {};
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

// The files of pages_to_render(). What must not be published is left as it is, and where it waits
// in this commit, noted: then there is to be none with it.
Result<void> MirrorUpdate::render(Draft& draft) {
  const auto pages = pages_to_render();
  if (!pages) return tl::unexpected(pages.error());
  const SecretScan& scan = *draft.settings.scan;
  auto rendered = render_pages({context_.site, context_.theme, context_.mirrors}, context_.store,
                               *pages, &scan);
  if (!rendered) return tl::unexpected(rendered.error());
  std::map<std::string, std::string> left_out;  // by path
  for (RenderedPages::LeftOut& page : rendered->left_out)
    left_out.emplace(std::move(page.page.path), std::move(page.what));
  std::move(rendered->files.begin(), rendered->files.end(), std::back_inserter(draft.files));
  want_pictures(rendered->missing_pictures);
  for (const PageRecord& page : *pages) {
    if (!page.archived || left_out.contains(page.path)) continue;
    auto article = archived_article_file(context_.store, context_.site.name, page);
    if (!article) return tl::unexpected(article.error());
    if (!*article) continue;
    if (auto found = find_secret({&**article, 1}, scan)) {
      left_out.emplace(page.path, std::move(found->what));
    } else {
      draft.files.push_back(std::move(**article));
    }
  }
  for (const auto& [path, what] : left_out) {
    const bool waits =
        std::any_of(updates_.begin(), updates_.end(),
                    [&path = path](const PageUpdate& update) { return update.page.path == path; });
    if (waits) draft.secrets.emplace(path, what);
  }
  if (!draft.secrets.empty()) return {};
  for (const auto& [path, what] : left_out)
    log_warning("{}: {} holds {}, and stays as it was", context_.site.name, path, what);
  return {};
}

Result<void> MirrorUpdate::add_lists(std::vector<FileChange>& files, bool all) {
  const SiteLook look = this->look();
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

SiteLook MirrorUpdate::look() const {
  return {context_.site, context_.theme, context_.mirrors, context_.key};
}

Result<std::optional<std::string>> MirrorUpdate::commit_all(Draft& draft, ListsToWrite lists) {
  auto batch = context_.store.begin();
  if (!batch) return tl::unexpected(batch.error());
  if (auto stored = store_pages(draft); !stored) return tl::unexpected(stored.error());
  if (auto stored = store_pictures(draft); !stored) return tl::unexpected(stored.error());
  if (auto rendered = render(draft); !rendered) return tl::unexpected(rendered.error());
  if (!draft.secrets.empty())
    return fail(ErrorKind::refused, "pages hold what must not be published");
  auto parts =
      left_over_parts(context_.repository, context_.store, context_.site.name, draft.files);
  if (!parts) return tl::unexpected(parts.error());
  std::move(parts->begin(), parts->end(), std::back_inserter(draft.files));
  if (auto stored = store_failures(); !stored) return tl::unexpected(stored.error());
  auto head = context_.repository.head();
  if (!head) return tl::unexpected(head.error());
  std::optional<std::string> commit;
  const bool all = !*head || lists == ListsToWrite::all;
  if (all || !draft.files.empty()) {
    if (all || lists == ListsToWrite::changed) {
      if (auto added = add_lists(draft.files, all); !added) return tl::unexpected(added.error());
    }
    auto made = context_.repository.commit(draft.files, draft.settings);
    if (!made) {
      return within(fmt::format("commit to {}", context_.repository.folder().string()),
                    made.error());
    }
    commit = std::move(*made);
  }
  if (commit) {
    auto set = context_.store.set_head(context_.site.name, *commit);
    if (!set) return tl::unexpected(set.error());
  }
  if (auto done = batch->commit(); !done) return tl::unexpected(done.error());
  return commit;
}

// A commit was refused, and no page's own files are to blame.
void MirrorUpdate::find_in_lists(Draft& draft) const {
  for (const PageUpdate& update : updates_) {
    auto packed = update.article ? Result<std::optional<std::string>>(update.article)
                                 : context_.store.article(update.page.key);
    auto article =
        packed && *packed ? unpack_article(**packed) : fail(ErrorKind::not_found, "no article");
    auto found =
        secret_in_lists(*draft.settings.scan, look(), update.page, article ? &*article : nullptr);
    if (found && update.page.listed) draft.secrets.emplace(update.page.path, std::move(*found));
  }
}

// Takes the pages with secrets out of what waits, and all else back from a draft that came to
// nothing.
std::vector<LeftOutPage> MirrorUpdate::take_out(Draft& draft) {
  std::vector<LeftOutPage> left_out;
  std::deque<PageUpdate> others;
  for (PageUpdate& update : updates_) {
    const auto secret = draft.secrets.find(update.page.path);
    if (secret == draft.secrets.end()) {
      others.push_back(std::move(update));
    } else {
      left_out.push_back({std::move(update), secret->second});
    }
  }
  updates_ = std::move(others);
  std::map<std::string_view, PendingPicture*> pictures;
  for (auto& [url, picture] : pictures_) {
    if (!picture.asset.path.empty()) pictures.emplace(picture.asset.path, &picture);
  }
  for (FileChange& file : draft.files) {
    const auto picture = pictures.find(file.path);
    if (picture != pictures.end()) picture->second->bytes = std::move(*file.content);
  }
  changes_.clear();
  search_pages_.pages.clear();
  return left_out;
}

Result<MirrorCommit> MirrorUpdate::commit(Timestamp now, ListsToWrite lists) {
  MirrorCommit outcome;
  Result<std::optional<std::string>> made = std::nullopt;
  bool again =
      lists == ListsToWrite::all || !updates_.empty() || !failures_.empty() || !pictures_.empty();
  while (again) {
    auto settings = commit_settings(context_.config, now, message());
    if (!settings) {
      made = tl::unexpected(std::move(settings.error()));
      break;
    }
    Draft draft{now, std::move(*settings), {}, {}};
    made = commit_all(draft, lists);
    const bool is_refused = !made && made.error().kind == ErrorKind::refused;
    if (is_refused && draft.secrets.empty()) find_in_lists(draft);
    again = !draft.secrets.empty();
    if (!again) break;
    auto left_out = take_out(draft);
    std::move(left_out.begin(), left_out.end(), std::back_inserter(outcome.left_out));
  }
  updates_.clear();
  by_address_.clear();
  by_path_.clear();
  failures_.clear();
  changes_.clear();
  pictures_.clear();
  picture_bytes_ = 0;
  if (!made) return tl::unexpected(std::move(made.error()));
  outcome.commit = std::move(*made);
  return outcome;
}

}  // namespace dandelion
