// SPDX-License-Identifier: MIT
#include "pipeline/sitemap_build.hpp"

#include <algorithm>
#include <map>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/serialize.hpp"
#include "pipeline/list_month.hpp"

namespace dandelion {
namespace {

// The protocol's limits are 50,000 addresses and 50 MB.
constexpr std::size_t pages_per_map = 10'000;

constexpr std::string_view xml_line = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
constexpr std::string_view protocol = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
constexpr std::string_view lists_path = "sitemap-lists.xml";

std::size_t maps_of(std::size_t pages) {
  return (pages + pages_per_map - 1) / pages_per_map;
}

std::string map_path(const Month& month, std::size_t number) {
  const std::string name = month.second == 0
                               ? std::string("undated")
                               : fmt::format("{:04}-{:02}", month.first, month.second);
  return number == 0 ? fmt::format("sitemap-{}.xml", name)
                     : fmt::format("sitemap-{}-{}.xml", name, number + 1);
}

// Whether a sitemap says something else of the page than before.
bool changes_sitemap(const ListChange& change) {
  if (changes_lists(change)) return true;
  return change.before && change.after.listed && change.before->corrected != change.after.corrected;
}

class SitemapBuild {
 public:
  SitemapBuild(const SiteLook& look, const Store& store, std::string base)
      : look_(look), store_(store), base_(std::move(base)) {}

  Result<std::vector<FileChange>> work(const std::vector<ListChange>& changes, bool all) {
    std::map<Month, std::size_t> touched;
    for (const ListChange& change : changes) {
      if (!changes_sitemap(change)) continue;
      for (const PageRecord* page : {change.before ? &*change.before : nullptr, &change.after}) {
        if (page != nullptr) ++touched[month_of(*page)];
      }
    }
    if (touched.empty() && !all) return std::move(files_);
    auto counted = store_.months(look_.site.name);
    if (!counted) return tl::unexpected(counted.error());
    std::map<Month, std::size_t> months;
    for (const MonthCount& month : *counted)
      months[{month.year, month.month}] = static_cast<std::size_t>(month.pages);
    for (const auto& [month, pages] : months) {
      if (!all && !touched.contains(month)) continue;
      if (auto written = write_month(month, pages); !written)
        return tl::unexpected(written.error());
    }
    for (const auto& [month, pages] : touched) {
      const std::size_t left = months.contains(month) ? maps_of(months.at(month)) : 0;
      for (std::size_t gone = left; gone < left + maps_of(pages) + 1; ++gone)
        files_.push_back({map_path(month, gone), std::nullopt});
    }
    if (auto lists = write_lists(); !lists) return tl::unexpected(lists.error());
    write_index(months);
    return std::move(files_);
  }

 private:
  [[nodiscard]] std::string location(const std::string& path) const {
    return "<loc>" + html::escape_attribute(base_ + encoded_path(path)) + "</loc>";
  }

  static std::string encoded_path(const std::string& path) {
    return replace_all(percent_encode(path), "%2F", "/");
  }

  Result<void> write_month(const Month& month, std::size_t count) {
    for (std::size_t number = 0; number < maps_of(count); ++number) {
      // The list is newest first, the sitemap oldest first.
      const std::size_t older = number * pages_per_map;
      const std::size_t size = std::min(pages_per_map, count - older);
      auto pages = store_.listed(look_.site.name, month_scope(month), count - older - size, size);
      if (!pages) return tl::unexpected(pages.error());
      std::string map = fmt::format("{}<urlset {}>\n", xml_line, protocol);
      for (auto page = pages->rbegin(); page != pages->rend(); ++page) {
        map += "<url>" + location(path_in_format(page->path, PageFormat::html));
        if (const auto changed = page->corrected ? page->corrected : page->published)
          map += "<lastmod>" + format_date(*changed) + "</lastmod>";
        map += "</url>\n";
      }
      files_.push_back({map_path(month, number), map + "</urlset>\n"});
    }
    return {};
  }

  Result<void> write_lists() {
    auto categories = store_.categories(look_.site.name);
    if (!categories) return tl::unexpected(categories.error());
    std::vector<std::string> paths = {"index.html", "archive/index.html"};
    for (const CategoryCount& category : *categories)
      paths.push_back("indexes/" + category.category + ".html");
    std::string map = fmt::format("{}<urlset {}>\n", xml_line, protocol);
    for (const std::string& path : paths)
      map += "<url>" + location(path) + "</url>\n";
    files_.push_back({std::string(lists_path), map + "</urlset>\n"});
    return {};
  }

  void write_index(const std::map<Month, std::size_t>& months) {
    std::string index = fmt::format("{}<sitemapindex {}>\n", xml_line, protocol);
    const auto add = [&](const std::string& path) {
      index += "<sitemap>" + location(path) + "</sitemap>\n";
    };
    add(std::string(lists_path));
    for (const auto& [month, pages] : months) {
      for (std::size_t number = 0; number < maps_of(pages); ++number)
        add(map_path(month, number));
    }
    files_.push_back({"sitemap.xml", index + "</sitemapindex>\n"});
  }

  const SiteLook& look_;
  const Store& store_;
  std::string base_;  // of all addresses, ending in `/`
  std::vector<FileChange> files_;
};

}  // namespace

Result<std::vector<FileChange>> build_sitemaps(const SiteLook& look, const Store& store,
                                               const std::vector<ListChange>& changes, bool all) {
  const auto mirror =
      std::find_if(look.mirrors.begin(), look.mirrors.end(),
                   [](const MirrorSettings& settings) { return !settings.pages_url.empty(); });
  if (mirror == look.mirrors.end() || !look.theme.has("page.html"))
    return std::vector<FileChange>();
  std::string base = mirror->pages_url;
  if (!base.ends_with('/')) base += '/';
  return SitemapBuild(look, store, std::move(base)).work(changes, all);
}

}  // namespace dandelion
