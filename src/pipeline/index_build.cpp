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

std::string index_path(const std::string& category, std::size_t part) {
  return part == 0 ? fmt::format("indexes/{}.md", category)
                   : fmt::format("indexes/{}-{}.md", category, part + 1);
}

IndexEntry entry_of(const PageRecord& page) {
  return {page.title.empty() ? page.id : page.title, page.path, page.category, page.published};
}

// `entries` of one category, newest first. Part 0 is the newest page, parts 1, 2, … are closed
// ones, oldest first.
void add_category(std::vector<FileChange>& files, const SiteContext& site, const Theme& theme,
                  const std::string& category, const std::vector<IndexEntry>& entries) {
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
    const std::string path = index_path(category, part);
    files.push_back({path, render_index(theme, site, category, path, slice,
                                        part == 0 ? "" : index_path(category, 0),
                                        older == 0 ? "" : index_path(category, older))});
  }
}

}  // namespace

Result<std::vector<FileChange>> build_indexes(const SiteConfig& site, const Theme& theme,
                                              const std::vector<PageRecord>& pages,
                                              const std::vector<MirrorSettings>& mirrors) {
  const SiteContext context = site_context(site);
  std::map<std::string, std::vector<IndexEntry>> by_category;
  std::vector<IndexEntry> newest;
  for (const PageRecord& page : pages) {
    by_category[page.category].push_back(entry_of(page));
    if (newest.size() < newest_on_front) newest.push_back(entry_of(page));
  }
  std::vector<FileChange> files;
  std::vector<CategorySummary> categories;
  for (const auto& [category, entries] : by_category) {
    add_category(files, context, theme, category, entries);
    categories.push_back({category, index_path(category, 0), entries.size()});
  }
  std::vector<MirrorLink> links;
  for (const MirrorSettings& mirror : mirrors) {
    if (!mirror.public_url.empty()) links.push_back({mirror.name, mirror.public_url});
    if (!mirror.pages_url.empty()) links.push_back({mirror.name, mirror.pages_url});
  }
  files.push_back({"README.md", render_front(theme, context, newest, categories, links)});
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
