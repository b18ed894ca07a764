// SPDX-License-Identifier: MIT
#include "pipeline/page_keeper.hpp"

#include "core/address.hpp"
#include "core/log.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "pipeline/check_times.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/stored_article.hpp"

namespace dandelion {
namespace {

// Two files a page, those of a folder's 256 folders, and some parts of long pages are 900 entries.
constexpr std::int64_t max_pages_in_folder = 300;
constexpr std::int64_t folders_in_folder = 256;
constexpr std::size_t deepest_folder = 2;

// "pages/news/story.md" -> "pages/news/3f/story.md", named by the hash of the id.
std::string path_below(const PagePlace& place, std::size_t levels) {
  const std::string hash = sha256_hex(place.id);
  const auto slash = place.path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  std::string path = place.path.substr(0, name);
  for (std::size_t level = 0; level < levels; ++level)
    path += hash.substr(2 * level, 2) + "/";
  return path + place.path.substr(name);
}

PagePlace place_of(const PageRecord& page) {
  return {page.category, page.id, page.path};
}

}  // namespace

Result<void> PageKeeper::keep(const PageTask& task, const FetchedPage& fetched,
                              Result<html::Article> article) {
  // Sites that have lost a page like to lead to their front page instead of saying so.
  if (is_front_page(fetched.url) && !is_front_page(task.url)) {
    return fail(ErrorKind::malformed, "{}: leads to the site's front page", redact_url(task.url));
  }
  if (task.is_archived) return keep_for_good(task, fetched, std::move(article));
  auto page = context_.update.page_at_address(task.url);
  if (!page) return tl::unexpected(page.error());
  if (*page) return check(task, std::move(**page), fetched, article);
  return keep_new(task, fetched, std::move(article));
}

std::optional<std::string> PageKeeper::canonical_of(const html::Article& article,
                                                    const std::string& url) const {
  if (article.canonical.empty()) return std::nullopt;
  const auto absolute = resolve_url(url, article.canonical);
  const auto canonical = absolute ? normalize_address(*absolute) : std::nullopt;
  const bool usable = canonical && same_site(*canonical, url) && !is_front_page(*canonical);
  return usable ? canonical : std::nullopt;
}

bool PageKeeper::is_same_article(const PageRecord& page, const html::Article& article,
                                 const std::string& hash) const {
  return page.article_hash == hash ||
         (!page.title.empty() && page.title == collapse_space(article.title));
}

// The page of the mirror that this address leads to.
Result<std::optional<PageRecord>> PageKeeper::held_page(const PageTask& task,
                                                        const std::optional<std::string>& canonical,
                                                        const FetchedPage& fetched,
                                                        const html::Article& article,
                                                        const std::string& hash) const {
  for (const auto& address : {canonical, normalize_address(fetched.url)}) {
    if (!address || without_scheme(*address) == without_scheme(task.url)) continue;
    auto page = context_.update.page_at_address(*address);
    if (!page) return page;
    if (*page && is_same_article(**page, article, hash)) return page;
  }
  return std::nullopt;
}

Result<void> PageKeeper::keep_new(const PageTask& task, const FetchedPage& fetched,
                                  Result<html::Article> article) {
  if (!article) return tl::unexpected(article.error());
  const std::string hash = article_hash(*article);
  auto canonical = canonical_of(*article, fetched.url);
  auto held = held_page(task, canonical, fetched, *article, hash);
  if (!held) return tl::unexpected(held.error());
  if (*held) {
    join(task, **held, hash);
    return {};
  }
  if (canonical) {
    // Another article's: not believed.
    auto taken = context_.update.page_at_address(*canonical);
    if (!taken) return tl::unexpected(taken.error());
    if (*taken) canonical.reset();
  }
  return add_page(task, canonical.value_or(task.url), fetched, std::move(*article), hash);
}

Result<void> PageKeeper::keep_for_good(const PageTask& task, const FetchedPage& fetched,
                                       Result<html::Article> article) {
  if (!article) return tl::unexpected(article.error());
  auto page = context_.update.page_at_address(task.url);
  if (page && !*page) {
    page = held_page(task, canonical_of(*article, fetched.url), fetched, *article,
                     article_hash(*article));
  }
  if (!page) return tl::unexpected(page.error());
  if (!*page) return keep_new(task, fetched, std::move(article));
  PageRecord record = std::move(**page);
  const bool is_news = !record.archived;
  record.archived = true;
  record.failures = 0;
  record.message.clear();
  if (auto taken = check_article(task, record, fetched, article); !taken) return taken;
  PageUpdate& update = context_.update.update(record);
  const bool is_other_address = without_scheme(task.url) != without_scheme(record.url);
  if (is_other_address) {
    update.addresses.push_back(task.url);
    context_.update.index_addresses(update);
  }
  if (is_news || is_other_address) update.record_changed = update.render = true;
  return {};
}

Result<void> PageKeeper::add_page(const PageTask& task, const std::string& identity,
                                  const FetchedPage& fetched, html::Article article,
                                  std::string hash) {
  // Whichever of its addresses was fetched, the page shows the same one.
  if (identity != task.url) article.url = identity;
  auto place = task.is_archived ? place_archived_page(context_.site, identity)
                                : place_page(context_.site, task.category, identity);
  if (!place) return tl::unexpected(place.error());
  for (std::size_t level = 0; level <= deepest_folder; ++level) {
    auto owner = context_.update.page_at_path(path_below(*place, level));
    if (!owner) return tl::unexpected(owner.error());
    if (!*owner) continue;
    if (is_same_article(**owner, article, hash)) {
      join(task, **owner, hash);
      return {};
    }
    return fail(ErrorKind::conflict,
                "its file {} already belongs to {}; change the site's `id` or `layout`",
                (*owner)->path, (*owner)->url);
  }
  const auto levels = folders_below(place->category);
  if (!levels) return tl::unexpected(levels.error());
  place->path = path_below(*place, *levels);
  PageRecord page;
  page.url = identity;
  page.id = place->id;
  page.category = place->category;
  page.path = place->path;
  page.first_seen = context_.clock.now();
  page.archived = task.is_archived;
  page.etag = fetched.validators.etag;
  page.last_modified = fetched.validators.last_modified;
  page.hint = task.hint;
  PageUpdate& update = context_.update.update(page);
  update.attempts = task.attempts;
  set_article(update, article, std::move(hash));
  schedule_check(update.page, first_recheck(update.page, page.first_seen), page.first_seen);
  for (const auto& address : {std::optional(task.url), normalize_address(fetched.url)}) {
    if (address && without_scheme(*address) != without_scheme(identity))
      update.addresses.push_back(*address);
  }
  update.addresses.insert(update.addresses.end(), task.further.begin(), task.further.end());
  context_.update.index_addresses(update);
  context_.outcome.added.push_back(update.page.path);
  return {};
}

// Git hosts list so many files of a folder: those of a category with more go into folders below
// it. What counts is how many there are with those that are still to come, so that neither the
// order in which they come nor a run that was killed decides where a page lies; pages that exist
// stay where they are.
Result<std::size_t> PageKeeper::folders_below(const std::string& category) {
  const bool is_shared = context_.site.layout.find("{category}") == std::string::npos;
  const std::string counted = is_shared ? std::string() : category;
  if (const auto known = folders_below_.find(counted); known != folders_below_.end())
    return known->second;
  const auto pages = context_.store.count_in_category(context_.site.name, counted);
  if (!pages) return tl::unexpected(pages.error());
  std::size_t levels = 0;
  for (auto room = max_pages_in_folder; *pages > room && levels < deepest_folder; ++levels)
    room *= folders_in_folder;
  return folders_below_.emplace(counted, levels).first->second;
}

// The address leads to a page that the mirror has. Where it says something else than that, the page
// is checked at once.
void PageKeeper::join(const PageTask& task, const PageRecord& page, const std::string& hash) {
  PageUpdate& update = context_.update.update(page);
  update.addresses.push_back(task.url);
  update.record_changed = true;
  // A page that is gone from its own address lives on at the other.
  if (update.page.status != PageStatus::live && update.moved_from.empty()) {
    update.moved_from = update.page.url;
    update.page.url = task.url;
  }
  if (update.page.article_hash != hash || update.page.status != PageStatus::live) {
    update.page.next_check = context_.clock.now();
    update.page.etag.clear();
    update.page.last_modified.clear();
  }
  context_.update.index_addresses(update);
  log_debug("{}: {} is another address of {}", context_.site.name, redact_url(task.url),
            update.page.path);
}

Result<void> PageKeeper::check(const PageTask& task, PageRecord page, const FetchedPage& fetched,
                               const Result<html::Article>& article) {
  page.failures = 0;
  page.message.clear();
  if (fetched.not_modified) {
    unchanged(page);
    context_.update.update(page).page = page;
    return {};
  }
  return check_article(task, std::move(page), fetched, article);
}

void PageKeeper::unchanged(PageRecord& page) const {
  page.status = page.withdrawn ? PageStatus::withdrawn : PageStatus::live;
  if (!page.withdrawn) page.gone_since.reset();
  schedule_check(page, page.recheck.count() == 0 ? shortest_recheck : next_recheck(page.recheck),
                 context_.clock.now());
}

Result<void> PageKeeper::check_article(const PageTask& task, PageRecord page,
                                       const FetchedPage& fetched,
                                       const Result<html::Article>& article) {
  if (!article) return tl::unexpected(article.error());
  const Timestamp now = context_.clock.now();
  std::string hash = article_hash(*article);
  const bool same = page.article_hash == hash;
  const bool returned = page.withdrawn.has_value();
  // What other rules find is no correction of the source; nor is what an older state did not know.
  const bool corrected = !same && !page.article_hash.empty() &&
                         (page.rules_hash.empty() || page.rules_hash == context_.rules_hash);
  page.etag = fetched.validators.etag;
  page.last_modified = fetched.validators.last_modified;
  page.withdrawn.reset();
  page.listed = true;
  if (corrected) page.corrected = now;
  unchanged(page);
  if (!same) schedule_check(page, shortest_recheck, now);
  const bool new_files = !same || returned || page.theme_hash != context_.look_hash;
  PageUpdate& update = context_.update.update(page);
  update.page = page;
  if (same) {
    if (auto moved = move(update, fetched, *article); !moved) return moved;
  }
  if (new_files) {
    update.addresses.insert(update.addresses.end(), task.further.begin(), task.further.end());
    context_.update.index_addresses(update);
    set_article(update, *article, std::move(hash));
  } else {
    update.page.rules_hash = context_.rules_hash;
    update.article = pack_article(*article);
  }
  if (corrected) context_.outcome.corrected.push_back(page.path);
  return {};
}

// A page moved for good where it says itself that it is where the redirect led: a redirect alone
// may be for this visit only.
Result<void> PageKeeper::move(PageUpdate& update, const FetchedPage& fetched,
                              const html::Article& article) {
  const auto landed = normalize_address(fetched.url);
  if (!landed || landed != canonical_of(article, fetched.url) ||
      without_scheme(*landed) == without_scheme(update.page.url)) {
    return {};
  }
  auto owner = context_.update.page_at_address(*landed);
  if (!owner) return tl::unexpected(owner.error());
  if (*owner && (*owner)->path != update.page.path) return {};
  update.moved_from = update.page.url;
  update.page.url = *landed;
  update.record_changed = true;
  context_.update.index_addresses(update);
  return {};
}

Result<void> PageKeeper::miss(const PageTask& task, const Error& error) {
  auto page = context_.update.page_at_address(task.url);
  if (!page) return tl::unexpected(page.error());
  const Timestamp now = context_.clock.now();
  if (!*page) {
    context_.outcome.failed.push_back({task.url, error.message});
    context_.update.add_failure(task.url, error.message, now, next_try(task.attempts + 1, now));
    return {};
  }
  if (error.kind == ErrorKind::not_found) return missing(std::move(**page));
  could_not_check(**page, error.message);
  return {};
}

// The mirror has it: nothing is lost, and it is asked for again later.
void PageKeeper::could_not_check(const PageRecord& page, const std::string& message) {
  log_info("{}: {} could not be checked: {}", context_.site.name, page.path, message);
  PageRecord& kept = context_.update.update(page).page;
  ++kept.failures;
  kept.message = message;
  schedule_check(kept, next_recheck(kept.recheck), context_.clock.now());
}

Result<void> PageKeeper::leave_out(const LeftOutPage& page) {
  const PageRecord& left = page.update.page;
  const std::string message = fmt::format("it holds {}, and is not published", page.what);
  SiteOutcome& outcome = context_.outcome;
  for (auto* paths : {&outcome.added, &outcome.corrected, &outcome.withdrawn})
    std::erase(*paths, left.path);
  outcome.failed.push_back({left.url, message});
  if (page.update.is_new) {
    const Timestamp now = context_.clock.now();
    std::vector<std::string> asked = page.update.addresses;
    asked.push_back(left.url);
    for (const std::string& url : asked)
      context_.update.add_failure(url, message, now, next_try(page.update.attempts + 1, now));
    return {};
  }
  auto kept = context_.store.page_at_path(context_.site.name, left.path);
  if (!kept) return tl::unexpected(kept.error());
  // An archived page has no source that would be asked again.
  if (*kept && !(*kept)->archived) could_not_check(**kept, message);
  return {};
}

Result<void> PageKeeper::missing(PageRecord page) {
  const Timestamp now = context_.clock.now();
  page.failures = 0;
  page.message.clear();
  if (page.withdrawn) {
    schedule_check(page, next_recheck(page.recheck), now);
  } else if (!page.gone_since) {
    page.status = PageStatus::missing;
    page.gone_since = now;
    schedule_check(page, withdrawal_gap, now);
  } else if (now - *page.gone_since >= withdrawal_gap) {
    return withdraw(std::move(page));
  }
  context_.update.update(page).page = page;
  return {};
}

Result<void> PageKeeper::withdraw(PageRecord page) {
  const Timestamp now = context_.clock.now();
  page.status = PageStatus::withdrawn;
  page.withdrawn = now;
  page.listed = !context_.site.drop_removed_pages;
  page.etag.clear();
  page.last_modified.clear();
  schedule_check(page, longest_recheck / 4, now);
  PageUpdate& update = context_.update.update(page);
  update.page = page;
  update.record_changed = true;
  context_.outcome.withdrawn.push_back(page.path);
  auto rendered = render_again(page);
  if (!rendered) return tl::unexpected(rendered.error());
  return {};
}

Result<bool> PageKeeper::render_again(const PageRecord& page) {
  if (!page.listed) {
    PageUpdate& update = context_.update.update(page);
    set_files(update, tombstone_files(context_.renderer, place_of(page), page.url, page.withdrawn));
    return true;
  }
  auto packed = context_.store.article(page.key);
  if (!packed) return tl::unexpected(packed.error());
  if (!*packed) return false;
  PageUpdate& update = context_.update.update(page);
  update.render = true;
  update.page.theme_hash = context_.look_hash;
  return true;
}

void PageKeeper::set_article(PageUpdate& update, const html::Article& article, std::string hash) {
  PageRecord& page = update.page;
  page.title = collapse_space(article.title);
  page.published = article.published;
  page.article_hash = std::move(hash);
  page.rules_hash = context_.rules_hash;
  update.article = pack_article(article);
  update.record_changed = true;
  update.render = true;
  update.page.theme_hash = context_.look_hash;
  context_.update.want_pictures(pictures_of(article));
}

void PageKeeper::set_files(PageUpdate& update, std::vector<FileChange> files) {
  std::string all;
  for (const FileChange& file : files)
    all += file.content.value_or(std::string());
  update.page.content_hash = sha256_hex(all);
  update.page.theme_hash = context_.look_hash;
  update.files = std::move(files);
}

}  // namespace dandelion
