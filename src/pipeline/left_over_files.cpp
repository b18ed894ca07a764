// SPDX-License-Identifier: MIT
#include "pipeline/left_over_files.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "pipeline/page_build.hpp"
#include "publish/host_api.hpp"
#include "render/page_parts.hpp"
#include "render/page_values.hpp"
#include "render/search_index.hpp"
#include "render/share_code.hpp"

namespace dandelion {
namespace {

using Paths = std::set<std::string, std::less<>>;

Paths paths_of(const std::vector<FileChange>& files) {
  Paths paths;
  for (const FileChange& file : files)
    paths.insert(file.path);
  return paths;
}

// What is written whole whenever all lists are.
bool is_list(std::string_view path) {
  static const Paths fixed = {"404.html",
                              "search.html",
                              "robots.txt",
                              ".nojekyll",
                              "feed.xml",
                              "feed.json",
                              "sitemap.xml",
                              std::string(search_script_path),
                              std::string(gitlab_pages_path)};
  const bool is_page = path.ends_with(".md") || path.ends_with(".html");
  return fixed.contains(path) || path.starts_with("assets/theme/") ||
         (path.starts_with("sitemap-") && path.ends_with(".xml")) ||
         (is_page && (path.starts_with("indexes/") || path.starts_with("archive/")));
}

// The Markdown file that stands beside an HTML file; of a Markdown file, itself.
std::string markdown_of(std::string_view path) {
  if (path == file_in_format(front_path, PageFormat::html)) return std::string(front_path);
  return std::string(path.substr(0, path.rfind('.'))) + ".md";
}

// Where readers are told of no mirror whose pages have addresses, there is nothing to draw.
bool draws_code_pictures(const SiteLook& look) {
  const SiteContext context = site_context(look.site, look.mirrors);
  return context.share_picture &&
         std::any_of(context.mirrors.begin(), context.mirrors.end(),
                     [](const MirrorLink& mirror) { return !mirror.pages.empty(); });
}

}  // namespace

Result<std::vector<FileChange>> left_over_parts(const MirrorRepository& repository,
                                                const Store& store, const std::string& site,
                                                const std::vector<FileChange>& files) {
  const Paths written = paths_of(files);
  std::set<std::string_view> folders;
  for (const FileChange& file : files) {
    if (file.path.ends_with(".md"))
      folders.insert(std::string_view(file.path).substr(0, file.path.rfind('/') + 1));
  }
  std::vector<FileChange> gone;
  for (const std::string_view folder : folders) {
    auto names = repository.names_in(folder);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
      std::string path = std::string(folder) + name;
      const auto whole = whole_page_of(path);
      if (!whole || !written.contains(*whole) || written.contains(path)) continue;
      // An article may be named like a part of another.
      auto owner = store.page_at_path(site, markdown_of(path));
      if (!owner) return tl::unexpected(owner.error());
      if (!*owner) gone.push_back({std::move(path), std::nullopt});
    }
  }
  return gone;
}

Result<std::vector<FileChange>> left_by_another_look(const MirrorRepository& repository,
                                                     const SiteLook& look,
                                                     const std::vector<FileChange>& files) {
  auto list = repository.list();
  if (!list) return tl::unexpected(list.error());
  const Paths written = paths_of(files);
  Paths there;
  for (TreeFile& file : *list)
    there.insert(std::move(file.path));
  const bool writes_html = look.theme.has("page.html");
  const bool has_search = look.theme.has(std::string(search_page_path));
  const bool draws_codes = draws_code_pictures(look);
  std::vector<FileChange> gone;
  for (const std::string& path : there) {
    if (written.contains(path)) continue;
    const auto is_known = [&](const std::string& page) {
      return there.contains(page) || written.contains(page);
    };
    // The formats of one page may have different numbers of parts.
    const bool other_format =
        !writes_html && path.ends_with(".html") &&
        (is_known(markdown_of(path)) || is_known(whole_page_of(path).value_or("")));
    const bool index = !has_search && path.starts_with("search/") && path.ends_with(".js");
    const bool code = !draws_codes && is_known(page_of_share_picture(path).value_or(""));
    if (is_list(path) || other_format || index || code) gone.push_back({path, std::nullopt});
  }
  return gone;
}

}  // namespace dandelion
