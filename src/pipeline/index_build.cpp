// SPDX-License-Identifier: MIT
#include "pipeline/index_build.hpp"

#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "core/files.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "pipeline/list_month.hpp"
#include "pipeline/page_build.hpp"
#include "pipeline/stored_article.hpp"

namespace dandelion {
namespace {

constexpr std::size_t entries_per_page = 100;
constexpr std::size_t newest_on_front = 30;
constexpr std::size_t hot_on_front = 10;
constexpr std::size_t max_stats_bytes = 64U << 20U;

// The newest part has the list's own name; closed ones stand in folders of a hundred below it, so
// that no folder grows beyond what Git hosts list, however many lists it has.
std::string list_path(const std::string& base, std::size_t part) {
  const std::size_t number = part + 1;
  if (part == 0) return base + ".md";
  return fmt::format("{}/{}/{}.md", base, number / 100, number);
}

std::size_t closed_parts(std::size_t entries) {
  return entries < 2 * entries_per_page ? 0 : entries / entries_per_page - 1;
}

std::string month_base(const Month& month) {
  return month.second == 0 ? std::string("archive/undated")
                           : fmt::format("archive/{:04}/{:02}", month.first, month.second);
}

// One list that has to be written.
struct List {
  std::string title;
  std::string base;
  ListScope scope;
  std::vector<const PageRecord*> touched;  // pages that entered, left or changed
  std::size_t entered = 0;
  std::size_t left = 0;
};

FeedEntry made_feed_entry(const SiteRenderer& renderer, const PageRecord& page,
                          const html::Article* article, const PageFacts& facts) {
  FeedEntry made;
  made.entry = entry_of(page);
  made.id = page.url;
  made.corrected = page.corrected;
  if (article == nullptr) return made;
  made.byline = article->byline;
  made.entry.excerpt = article->excerpt;
  made.entry.language = article->language;
  made.content = renderer.feed_content(*article, facts);
  return made;
}

class IndexBuild {
 public:
  IndexBuild(const SiteLook& look, const Store& store, bool all)
      : look_(look), store_(store), all_(all), renderer_(site_renderer(look)) {}

  Result<std::vector<FileChange>> work(const std::vector<ListChange>& changes) {
    auto categories = store_.categories(look_.site.name);
    if (!categories) return tl::unexpected(categories.error());
    auto months = store_.months(look_.site.name);
    if (!months) return tl::unexpected(months.error());
    collect(changes, *categories, *months);
    for (const auto& [base, list] : lists_) {
      if (auto written = write(list); !written) return tl::unexpected(written.error());
    }
    if (auto front = write_front(*categories); !front) return tl::unexpected(front.error());
    if (look_.theme.has("archive.md")) write_archive(*months);
    if (look_.theme.has("page.html")) add(renderer_.fixed_files());
    if (auto unique = check_names(*categories); !unique) return tl::unexpected(unique.error());
    return std::move(files_);
  }

 private:
  void collect(const std::vector<ListChange>& changes, const std::vector<CategoryCount>& categories,
               const std::vector<MonthCount>& months) {
    for (const ListChange& change : changes) {
      if (!changes_lists(change)) continue;
      if (change.before && change.before->listed) touch(*change.before, &List::left);
      if (change.after.listed) touch(change.after, &List::entered);
    }
    if (!all_) return;
    for (const CategoryCount& category : categories)
      category_list(category.category);
    if (!look_.theme.has("archive.md")) return;
    for (const MonthCount& month : months)
      month_list({month.year, month.month});
  }

  void touch(const PageRecord& page, std::size_t List::*counter) {
    const auto note = [&](List& list) {
      list.touched.push_back(&page);
      ++(list.*counter);
    };
    note(category_list(page.category));
    if (look_.theme.has("archive.md")) note(month_list(month_of(page)));
  }

  List& category_list(const std::string& category) {
    ListScope scope;
    scope.category = category;
    return list("indexes/" + category, category, std::move(scope));
  }

  List& month_list(const Month& month) {
    return list(month_base(month), renderer_.month_title(month.first, month.second),
                month_scope(month));
  }

  List& list(const std::string& base, const std::string& title, ListScope scope) {
    return lists_.try_emplace(base, List{title, base, std::move(scope), {}, 0, 0}).first->second;
  }

  // The lowest place, counted from the oldest entry, at which the list is not what it was.
  Result<std::size_t> oldest_change(const List& list) const {
    if (all_) return 0;
    std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
    for (const PageRecord* page : list.touched) {
      auto older = store_.count_older(look_.site.name, list.scope, *page);
      if (!older) return tl::unexpected(older.error());
      oldest = std::min(oldest, *older);
    }
    return static_cast<std::size_t>(oldest);
  }

  Result<void> write(const List& list) {
    auto counted = store_.count_listed(look_.site.name, list.scope);
    if (!counted) return tl::unexpected(counted.error());
    auto oldest = oldest_change(list);
    if (!oldest) return tl::unexpected(oldest.error());
    const auto count = static_cast<std::size_t>(*counted);
    const std::size_t before = count + list.left - list.entered;
    const std::size_t closed = closed_parts(count);
    const std::size_t closed_before = closed_parts(before);
    const auto is_to_write = [&](std::size_t part) {
      return part == 0 || part > closed_before || part * entries_per_page > *oldest;
    };
    // From the newest on, which is part 0, so that each is read behind the one before it.
    std::optional<PageRecord> last;
    for (std::size_t i = 0; i <= closed; ++i) {
      const std::size_t part = i == 0 ? 0 : closed + 1 - i;
      if (!is_to_write(part)) {
        last.reset();
      } else if (auto done = write_part(list, part, count, closed, last); !done) {
        return done;
      }
    }
    for (std::size_t part = closed + 1; part <= closed_before; ++part)
      take_away(list_path(list.base, part));
    if (count == 0 && before > 0) take_away(list_path(list.base, 0));
    return {};
  }

  // Part 0 is the newest page, parts 1, 2, … are closed ones, oldest first. `last` is the last
  // entry of the part before it, where that was just written; then that of this one.
  Result<void> write_part(const List& list, std::size_t part, std::size_t count, std::size_t closed,
                          std::optional<PageRecord>& last) {
    if (count == 0) return {};
    const std::size_t newest = count - closed * entries_per_page;
    const std::size_t first = part == 0 ? 0 : newest + (closed - part) * entries_per_page;
    const std::size_t entries = part == 0 ? newest : entries_per_page;
    auto pages = last ? store_.listed_after(look_.site.name, list.scope, *last, entries)
                      : store_.listed(look_.site.name, list.scope, first, entries);
    if (!pages) return tl::unexpected(pages.error());
    if (!pages->empty()) last = pages->back();
    ListPage page{list.title, list_path(list.base, part), {}, {}, {}};
    for (const PageRecord& record : *pages)
      page.entries.push_back(entry_of(record));
    // A closed part leads to the newest page, not to the next part: that one may not exist yet.
    if (part != 0) page.newer = list_path(list.base, 0);
    const std::size_t older = part == 0 ? closed : part - 1;
    if (older != 0) page.older = list_path(list.base, older);
    add(renderer_.index(page));
    return {};
  }

  void take_away(const std::string& path) {
    for (const PageFormat format : renderer_.formats())
      files_.push_back({path_in_format(path, format), std::nullopt});
  }

  Result<void> write_front(const std::vector<CategoryCount>& categories) {
    auto newest = store_.listed(look_.site.name, {}, 0, newest_on_front);
    if (!newest) return tl::unexpected(newest.error());
    FrontPage page;
    std::vector<FeedEntry> entries;
    for (const PageRecord& record : *newest) {
      auto entry = feed_entry(record);
      if (!entry) return tl::unexpected(entry.error());
      page.newest.push_back(entry->entry);
      entries.push_back(std::move(*entry));
    }
    for (const CategoryCount& category : categories) {
      page.categories.push_back({category.category, list_path("indexes/" + category.category, 0),
                                 static_cast<std::size_t>(category.pages)});
    }
    auto hot = hot_entries();
    if (!hot) return tl::unexpected(hot.error());
    page.hot = std::move(*hot);
    add(renderer_.front(page));
    add(renderer_.feeds(entries));
    return {};
  }

  // The most read pages, by what `dandelion stats --format json` wrote.
  Result<std::vector<IndexEntry>> hot_entries() const {
    std::vector<IndexEntry> entries;
    if (look_.site.look.hot.empty()) return entries;
    auto text = read_file(look_.site.look.hot, max_stats_bytes);
    const auto stats = nlohmann::json::parse(text.value_or(std::string()), nullptr, false);
    if (!stats.is_object() || !stats.contains("pages") || !stats["pages"].is_array()) {
      log_warning("{}: no list of the most read pages: {}", look_.site.name,
                  text ? look_.site.look.hot.string() + " is not what stats writes as JSON"
                       : text.error().message);
      return entries;
    }
    std::set<std::int64_t> seen;
    for (const auto& counted : stats["pages"]) {
      const bool ours = counted.is_object() &&
                        counted.value("site", nlohmann::json()) == nlohmann::json(look_.site.name);
      if (!ours || !counted.contains("path") || !counted["path"].is_string()) continue;
      auto page = store_.page_at_path(look_.site.name, counted["path"].get<std::string>());
      if (!page) return tl::unexpected(page.error());
      // A page may be counted for each mirror apart.
      const bool is_new = *page && (*page)->listed && seen.insert((*page)->key).second;
      if (is_new) entries.push_back(entry_of(**page));
      if (entries.size() == hot_on_front) break;
    }
    return entries;
  }

  // With its text and excerpt, where the state has the article.
  Result<FeedEntry> feed_entry(const PageRecord& page) const {
    auto packed = store_.article(page.key);
    if (!packed) return tl::unexpected(packed.error());
    const auto article =
        *packed ? unpack_article(**packed) : fail(ErrorKind::not_found, "no article");
    PageFacts facts;
    find_local_copies(facts, store_, look_.site.name);
    return made_feed_entry(renderer_, page, article ? &*article : nullptr, facts);
  }

  void write_archive(const std::vector<MonthCount>& months) {
    std::vector<MonthSummary> summaries;
    summaries.reserve(months.size());
    for (const MonthCount& month : months) {
      summaries.push_back({month.year, month.month,
                           list_path(month_base({month.year, month.month}), 0),
                           static_cast<std::size_t>(month.pages)});
    }
    add(renderer_.archive(summaries));
  }

  static Result<void> check_names(const std::vector<CategoryCount>& categories) {
    std::set<std::string> names;
    for (const CategoryCount& category : categories) {
      const std::string path = list_path("indexes/" + category.category, 0);
      if (names.insert(ascii_lower(path)).second) continue;
      return fail(ErrorKind::conflict, "two categories share the index file {}; rename one of them",
                  path);
    }
    return {};
  }

  void add(std::vector<RenderedFile> rendered) {
    for (RenderedFile& file : rendered)
      files_.push_back({std::move(file.path), std::move(file.content)});
  }

  const SiteLook& look_;
  const Store& store_;
  const bool all_;
  const SiteRenderer renderer_;
  std::map<std::string, List> lists_;  // by base
  std::vector<FileChange> files_;
};

}  // namespace

bool changes_lists(const ListChange& change) {
  if (!change.before) return change.after.listed;
  const PageRecord& a = *change.before;
  const PageRecord& b = change.after;
  return a.listed != b.listed || a.title != b.title || a.published != b.published ||
         a.category != b.category || a.path != b.path || a.url != b.url;
}

Result<std::vector<FileChange>> build_indexes(const SiteLook& look, const Store& store,
                                              const std::vector<ListChange>& changes, bool all) {
  return IndexBuild(look, store, all).work(changes);
}

std::vector<FileChange> lists_of_one(const SiteLook& look, const PageRecord& page,
                                     const html::Article* article) {
  const SiteRenderer renderer = site_renderer(look);
  const FeedEntry entry = made_feed_entry(renderer, page, article, {});
  ListPage list{page.category, list_path("indexes/" + page.category, 0), {entry.entry}, {}, {}};
  FrontPage front;
  front.newest.push_back(entry.entry);
  std::vector<FileChange> files;
  for (auto& rendered : {renderer.index(list), renderer.front(front), renderer.feeds({entry})}) {
    for (const RenderedFile& file : rendered)
      files.push_back({file.path, file.content});
  }
  return files;
}

}  // namespace dandelion
