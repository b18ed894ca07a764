// SPDX-License-Identifier: MIT
// The index of the search page: script files that a page may load from a folder (file:) as from a
// server, so small that a query needs few bytes, so cut that they change only where pages do.
//
// It has segments, each a span of time with a folder under search/. `<n>.js` holds the terms whose
// hash falls on n, with the numbers of the pages that they stand in; `p<n>.js` the titles, paths
// and dates of some pages in a row. Pages are numbered from the oldest on, so that a new one
// changes no number.
#pragma once

#include <string>
#include <vector>

#include "render/page.hpp"

namespace dandelion {

struct SearchPage {
  std::string title;
  std::string path;  // of its HTML file, relative to the mirror's root
  std::string date;  // 2026-11-24; may be empty
  // What it is found by, a term a line, those of the title first.
  std::string terms;
  std::size_t title_terms = 0;
};

// The script of the search page, and its list of segments.
constexpr std::string_view search_page_path = "search.html";
constexpr std::string_view search_script_path = "search/search.js";
constexpr std::string_view search_list_path = "search/segments.js";

// What a page is found by: all of its title and byline, then of its text, up to a limit.
[[nodiscard]] SearchPage search_page(std::string title, const std::string& byline,
                                     const std::string& text);

// The files of a segment; `pages` oldest first.
[[nodiscard]] std::vector<RenderedFile> search_segment(const std::string& name,
                                                       const std::vector<SearchPage>& pages);

// Every file that a segment of as many pages or fewer may have.
[[nodiscard]] std::vector<std::string> search_segment_paths(const std::string& name,
                                                            std::size_t pages);

// search/segments.js: names and numbers of pages, newest first.
struct SearchSegment {
  std::string name;
  std::size_t pages = 0;
};
[[nodiscard]] RenderedFile search_list(const std::vector<SearchSegment>& segments);
// Whether the text is such a list, of an index as this version writes it.
[[nodiscard]] bool is_search_list(std::string_view text);

}  // namespace dandelion
