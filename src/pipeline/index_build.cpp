// SPDX-License-Identifier: MIT
#include "pipeline/index_build.hpp"

#include <map>
#include <set>

#include "core/text.hpp"
#include "pipeline/page_build.hpp"

namespace dandelion {
namespace {

constexpr std::size_t entries_per_page = 100;
constexpr std::size_t newest_on_front = 30;

// Parts up to this number stand beside each other; later ones in folders of a hundred, so that no
// folder grows beyond what Git hosts list.
constexpr std::size_t flat_parts = 20;

std::string list_path(const std::string& base, std::size_t part) {
  const std::size_t number = part + 1;
  if (part == 0) return base + ".md";
  if (number <= flat_parts) return fmt::format("{}-{}.md", base, number);
  return fmt::format("{}/{}/{}.md", base, number / 100, number);
}

IndexEntry entry_of(const PageRecord& page) {
  IndexEntry entry;
  entry.title = page.title.empty() ? page.id : page.title;
  entry.path = page.path;
  entry.category = page.category;
  entry.date = page.published;
  return entry;
}

void add(std::vector<FileChange>& files, std::vector<RenderedFile> rendered) {
  for (RenderedFile& file : rendered)
    files.push_back({std::move(file.path), std::move(file.content)});
}

// `entries` of one list, newest first. Part 0 is the newest page, parts 1, 2, … are closed ones,
// oldest first.
void add_list(std::vector<FileChange>& files, const SiteRenderer& renderer,
              const std::string& title, const std::string& base,
              const std::vector<IndexEntry>& entries) {
  const std::size_t closed =
      entries.size() < 2 * entries_per_page ? 0 : entries.size() / entries_per_page - 1;
  const auto begin = entries.begin();
  const std::size_t newest = entries.size() - closed * entries_per_page;
  for (std::size_t part = 0; part <= closed; ++part) {
    const std::size_t first = part == 0 ? 0 : newest + (closed - part) * entries_per_page;
    const std::size_t count = part == 0 ? newest : entries_per_page;
    const std::vector<IndexEntry> slice(begin + static_cast<std::ptrdiff_t>(first),
                                        begin + static_cast<std::ptrdiff_t>(first + count));
    const std::size_t older = part == 0 ? closed : part - 1;
    // A closed part leads to the newest page, not to the next part: that one may not exist yet.
    const std::string newest_page = part == 0 ? std::string() : list_path(base, 0);
    add(files, renderer.index({title, list_path(base, part), slice, newest_page,
                               older == 0 ? std::string() : list_path(base, older)}));
  }
}

// A month, as the archive names it: its year, and 1 to 12; {0, 0} for pages without a date.
using Month = std::pair<int, unsigned>;

Month month_of(const PageRecord& page) {
  if (!page.published) return {0, 0};
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*page.published));
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month())};
}

std::string month_base(const Month& month) {
  return month.second == 0 ? std::string("archive/undated")
                           : fmt::format("archive/{:04}-{:02}", month.first, month.second);
}

void add_archive(std::vector<FileChange>& files, const SiteRenderer& renderer,
                 const std::vector<PageRecord>& pages) {
  std::map<Month, std::vector<IndexEntry>, std::greater<>> months;
  for (const PageRecord& page : pages)
    months[month_of(page)].push_back(entry_of(page));
  std::vector<MonthSummary> summaries;
  for (const auto& [month, entries] : months) {
    add_list(files, renderer, renderer.month_title(month.first, month.second), month_base(month),
             entries);
    summaries.push_back(
        {month.first, month.second, list_path(month_base(month), 0), entries.size()});
  }
  add(files, renderer.archive(summaries));
}

}  // namespace

Result<std::vector<FileChange>> build_indexes(const SiteConfig& site, const Theme& theme,
                                              const std::vector<PageRecord>& pages,
                                              const std::vector<MirrorSettings>& mirrors) {
  const SiteRenderer renderer(theme, site_context(site, mirrors));
  std::map<std::string, std::vector<IndexEntry>> by_category;
  std::vector<IndexEntry> newest;
  for (const PageRecord& page : pages) {
    by_category[page.category].push_back(entry_of(page));
    if (newest.size() < newest_on_front) newest.push_back(entry_of(page));
  }
  std::vector<FileChange> files;
  std::vector<CategorySummary> categories;
  for (const auto& [category, entries] : by_category) {
    const std::string base = "indexes/" + category;
    add_list(files, renderer, category, base, entries);
    categories.push_back({category, list_path(base, 0), entries.size()});
  }
  add(files, renderer.front({newest, categories, {}}));
  if (theme.has("archive.md")) add_archive(files, renderer, pages);
  if (theme.has("page.html")) add(files, renderer.fixed_files());
  std::set<std::string> names;
  for (const FileChange& file : files) {
    if (!names.insert(ascii_lower(file.path)).second) {
      return fail(ErrorKind::conflict, "two categories share the index file {}; rename one of them",
                  file.path);
    }
  }
  return files;
}

}  // namespace dandelion
