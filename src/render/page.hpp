// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "html/article.hpp"
#include "render/theme.hpp"

namespace dandelion {

struct MenuLink {
  std::string text;
  std::string href;
};

// What every page of a site has in common.
struct SiteContext {
  std::string name;
  std::string title;
  std::string language;
  std::vector<MenuLink> menu;
  std::string pixel;  // pattern of the counter picture's address; empty: none
};

// Where one page stands in the mirror.
struct PagePlace {
  std::string category;
  std::string id;
  std::string path;  // relative to the mirror's root
};

// One article in a list.
struct IndexEntry {
  std::string title;
  std::string path;  // relative to the mirror's root
  std::string category;
  std::optional<Timestamp> date;
};

struct CategorySummary {
  std::string name;
  std::string path;  // of its first index page, relative to the mirror's root
  std::size_t count = 0;
};

struct MirrorLink {
  std::string name;
  std::string href;
};

// The article's file, to the byte: same input, same output.
[[nodiscard]] std::string render_page(const Theme& theme, const SiteContext& site,
                                      const PagePlace& place, const html::Article& article);

// One page of a category's index. `path` is its own place; `newer` and `older` are places of its
// neighbours, empty at the ends.
[[nodiscard]] std::string render_index(const Theme& theme, const SiteContext& site,
                                       const std::string& category, const std::string& path,
                                       const std::vector<IndexEntry>& entries,
                                       const std::string& newer, const std::string& older);

// The mirror's front page, README.md.
[[nodiscard]] std::string render_front(const Theme& theme, const SiteContext& site,
                                       const std::vector<IndexEntry>& newest,
                                       const std::vector<CategorySummary>& categories,
                                       const std::vector<MirrorLink>& mirrors);

// `{site}`, `{category}`, `{id}` and `{path}` of a pattern filled in, percent-encoded where
// `encoded`.
[[nodiscard]] std::string fill_pattern(const std::string& pattern, const std::string& site,
                                       const PagePlace& place, bool encoded);

// How to get from the file `from` to the file `to`, both relative to the mirror's root:
// "../../indexes/news.md".
[[nodiscard]] std::string relative_path(const std::string& from, const std::string& to);

}  // namespace dandelion
