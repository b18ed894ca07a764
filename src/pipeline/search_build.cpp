// SPDX-License-Identifier: MIT
#include "pipeline/search_build.hpp"

#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "pipeline/list_month.hpp"
#include "pipeline/stored_article.hpp"
#include "render/markdown.hpp"

namespace dandelion {
namespace {

// Articles held in memory at once.
constexpr std::size_t articles_at_once = 1000;
constexpr std::size_t articles_per_thread = 8;
// Some 4 KB each.
constexpr std::size_t most_known_pages = 10'000;

// Whether the page is found by other words than before.
bool changes_search(const ListChange& change) {
  if (changes_lists(change)) return true;
  return change.before && change.after.listed &&
         change.before->article_hash != change.after.article_hash;
}

SearchPage found_by(const PageRecord& record, const html::Article* article) {
  std::string title = entry_of(record).title;
  if (article == nullptr) return search_page(std::move(title), {}, {});
  return search_page(std::move(title), article->byline, to_plain_text(*article->body));
}

void place(SearchPage& page, const PageRecord& record) {
  page.path = path_in_format(record.path, PageFormat::html);
  page.date = record.published ? format_date(*record.published) : std::string();
}

class SearchBuild {
 public:
  SearchBuild(const SiteLook& look, const Store& store, SearchPages& known, bool all)
      : look_(look), store_(store), known_(known), all_(all) {}

  Result<std::vector<FileChange>> work(const std::vector<ListChange>& changes) {
    auto months = store_.months(look_.site.name);
    if (!months) return tl::unexpected(months.error());
    count(*months, changes);
    if (touched_.empty() && !all_) return std::move(files_);
    if (all_) take_away_other_cut();
    for (const auto& [span, pages] : segments_) {
      if (!all_ && !touched_.contains(span)) continue;
      if (auto written = write(span); !written) return tl::unexpected(written.error());
    }
    for (const auto& [span, pages] : touched_) {
      if (!segments_.contains(span)) take_away(span, pages, {});
    }
    std::vector<SearchSegment> list;
    for (auto segment = segments_.rbegin(); segment != segments_.rend(); ++segment)
      list.push_back({name_of(segment->first), segment->second});
    add(search_list(list));
    return std::move(files_);
  }

 private:
  // A segment's time: a month of the newest year; {year, 0}, a whole year; {0, 0}, no date.
  using Span = Month;

  static std::string name_of(const Span& span) {
    if (span == Span{0, 0}) return "undated";
    if (span.second == 0) return fmt::format("{:04}", span.first);
    return fmt::format("{:04}-{:02}", span.first, span.second);
  }

  [[nodiscard]] Span segment_of(const Month& month) const {
    return month.first == newest_year_ ? month : Span{month.first, 0};
  }

  void count(const std::vector<MonthCount>& months, const std::vector<ListChange>& changes) {
    std::map<int, std::size_t> in_year;
    for (const MonthCount& month : months) {
      newest_year_ = std::max(newest_year_, month.year);
      in_year[month.year] += static_cast<std::size_t>(month.pages);
      by_month_[{month.year, month.month}] += static_cast<std::size_t>(month.pages);
    }
    std::size_t touched_in_newest = 0;
    for (const ListChange& change : changes) {
      if (!changes_search(change)) continue;
      for (const PageRecord* page : {change.before ? &*change.before : nullptr, &change.after}) {
        if (page == nullptr || !page->listed) continue;
        const Month month = month_of(*page);
        ++touched_months_[month];
        if (month.first == newest_year_) ++touched_in_newest;
        // Another year was the newest before, or may have been: its cut was another.
        if (month.first > newest_year_) all_ = true;
      }
    }
    if (newest_year_ != 0 && touched_in_newest >= in_year[newest_year_]) all_ = true;
    for (const auto& [month, pages] : by_month_)
      segments_[segment_of(month)] += pages;
    for (const auto& [month, pages] : touched_months_)
      touched_[segment_of(month)] += pages;
  }

  // What may be there of segments that are cut otherwise now.
  void take_away_other_cut() {
    std::map<Span, std::size_t> others;
    for (const auto* counts : {&by_month_, &touched_months_}) {
      for (const auto& [month, pages] : *counts) {
        if (month.first == 0) continue;
        others[month.first == newest_year_ ? Span{month.first, 0} : month] += pages;
      }
    }
    for (const auto& [span, pages] : others)
      take_away(span, pages, {});
  }

  // Every file of a segment of up to that many pages, but those.
  void take_away(const Span& span, std::size_t pages, const std::set<std::string>& but) {
    for (std::string& path : search_segment_paths(name_of(span), pages)) {
      if (!but.contains(path)) files_.push_back({std::move(path), std::nullopt});
    }
  }

  [[nodiscard]] ListScope scope_of(const Span& span) const {
    if (span.second != 0 || span.first == 0) return month_scope(span);
    ListScope scope = month_scope({span.first, 1});
    scope.published->to = month_scope({span.first, 12}).published->to;
    return scope;
  }

  Result<void> write(const Span& span) {
    const std::size_t count = segments_.at(span);
    std::vector<SearchPage> pages;
    pages.reserve(count);
    // The list is newest first, the index oldest first.
    for (std::size_t done = 0; done < count;) {
      const std::size_t more = std::min(articles_at_once, count - done);
      auto records = store_.listed(look_.site.name, scope_of(span), count - done - more, more);
      if (!records) return tl::unexpected(records.error());
      auto read = read_pages(*records);
      if (!read) return tl::unexpected(read.error());
      pages.insert(pages.end(), std::make_move_iterator(read->rbegin()),
                   std::make_move_iterator(read->rend()));
      done += more;
    }
    std::set<std::string> written;
    for (RenderedFile& file : search_segment(name_of(span), pages)) {
      written.insert(file.path);
      add(std::move(file));
    }
    const auto touched = touched_.find(span);
    take_away(span, count + (touched == touched_.end() ? 0 : touched->second), written);
    return {};
  }

  // Of a page that is known, nothing but what this knows is needed.
  [[nodiscard]] const SearchPage* known(const PageRecord& record) const {
    const auto kept = known_.pages.find(record.key);
    const bool same = kept != known_.pages.end() && !record.article_hash.empty() &&
                      kept->second.article_hash == record.article_hash &&
                      kept->second.page.title == entry_of(record).title;
    return same ? &kept->second.page : nullptr;
  }

  Result<std::vector<SearchPage>> read_pages(const std::vector<PageRecord>& records) {
    std::vector<std::string> packed(records.size());
    std::vector<SearchPage> pages(records.size());
    std::vector<std::size_t> unknown;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (const SearchPage* page = known(records[i])) {
        pages[i] = *page;
        continue;
      }
      unknown.push_back(i);
      auto article = store_.article(records[i].key);
      if (!article) return tl::unexpected(article.error());
      if (*article) packed[i] = std::move(**article);
    }
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (std::size_t at = next++; at < unknown.size(); at = next++)
        pages[unknown[at]] = read_page(records[unknown[at]], packed[unknown[at]]);
    };
    const std::size_t most = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads =
        std::clamp<std::size_t>(unknown.size() / articles_per_thread, 1, most);
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back(work);
    work();
    others.clear();
    if (known_.pages.size() > most_known_pages) known_.pages.clear();
    for (const std::size_t i : unknown)
      known_.pages[records[i].key] = {records[i].article_hash, pages[i]};
    for (std::size_t i = 0; i < records.size(); ++i) {
      place(pages[i], records[i]);
    }
    return pages;
  }

  static SearchPage read_page(const PageRecord& record, const std::string& packed) {
    const auto article =
        packed.empty() ? fail(ErrorKind::not_found, "no article") : unpack_article(packed);
    return found_by(record, article ? &*article : nullptr);
  }

  void add(RenderedFile file) { files_.push_back({std::move(file.path), std::move(file.content)}); }

  const SiteLook& look_;
  const Store& store_;
  SearchPages& known_;
  bool all_;
  int newest_year_ = 0;
  std::map<Month, std::size_t> by_month_;
  std::map<Month, std::size_t> touched_months_;
  std::map<Span, std::size_t> segments_;  // numbers of pages, oldest first
  std::map<Span, std::size_t> touched_;   // how many entered, left or changed
  std::vector<FileChange> files_;
};

}  // namespace

Result<std::vector<FileChange>> build_search(const SiteLook& look, const Store& store,
                                             SearchPages& known,
                                             const std::vector<ListChange>& changes, bool all) {
  if (!look.theme.has(std::string(search_page_path))) return std::vector<FileChange>();
  return SearchBuild(look, store, known, all).work(changes);
}

std::vector<FileChange> search_files_of_one(const PageRecord& page, const html::Article* article) {
  SearchPage found = found_by(page, article);
  place(found, page);
  std::vector<FileChange> files;
  for (RenderedFile& file : search_segment("undated", {std::move(found)}))
    files.push_back({std::move(file.path), std::move(file.content)});
  return files;
}

}  // namespace dandelion
