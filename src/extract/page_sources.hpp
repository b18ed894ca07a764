// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "html/dom.hpp"

namespace dandelion {

// Everything in a page's tree that says something about the page, gathered in one walk and not
// judged yet. Views are into the tree.
struct PageSources {
  std::map<std::string, std::string, std::less<>>
      meta;  // by lower-case name, property or itemprop; the first wins
  std::vector<nlohmann::json> json_ld;
  std::map<std::string, std::string, std::less<>>
      microdata;  // of the first article's properties, by lower-case name
  std::string title;
  std::string heading;
  std::string shown_title;  // the longest text on the page that the title begins with
  std::string canonical;
  std::string language;
  std::string author;
  std::string time;                           // the first in running text
  std::string time_beside;                    // the first in what stands beside it
  std::string published_time;                 // the first that is named as the publication's
  std::vector<std::string_view> script_data;  // scripts, and attributes that hold JSON
};

[[nodiscard]] PageSources gather_sources(const html::Node& page);

// Whether an element is named as one that holds what readers wrote below an article: names and
// times in it are theirs.
[[nodiscard]] bool is_comments(const html::Node& element);

using TypeNames = std::set<std::string, std::less<>>;

// Whether an object of JSON-LD is of one of these types of schema.org, or is an article.
[[nodiscard]] bool has_type(const nlohmann::json& object, const TypeNames& types);
[[nodiscard]] bool is_article_type(const nlohmann::json& object);

// What stands between a headline and the site's name in a page's title.
inline constexpr std::array<std::string_view, 10> title_separators = {"|", "-", "–", "—",  "_",
                                                                      "·", "»", ":", "｜", "－"};

// A longer one is no name.
inline constexpr std::size_t max_byline_bytes = 200;

}  // namespace dandelion
