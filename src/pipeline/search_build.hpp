// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"
#include "pipeline/index_build.hpp"
#include "render/search_index.hpp"

namespace dandelion {

// What pages are found by, kept from one commit of a run to the next: a segment that grows with
// each needs its articles once. By the page's key.
struct SearchPages {
  struct Kept {
    std::string article_hash;
    SearchPage page;
  };
  std::unordered_map<std::int64_t, Kept> pages;
};

// The search page's index (render/search_index.hpp) as it is to be after these changes, which the
// state has already; nothing where the theme has no search page. Its segments are the months of the
// newest year, the years before, and the pages without a date. Only segments whose pages changed
// are made anew; with `all`, every one. A year's months become one segment when the first page of
// the next year comes.
[[nodiscard]] Result<std::vector<FileChange>> build_search(const SiteLook& look, const Store& store,
                                                           SearchPages& known,
                                                           const std::vector<ListChange>& changes,
                                                           bool all);

// The index of a mirror that has this page alone, whatever the theme. `article` null: the state has
// none.
[[nodiscard]] std::vector<FileChange> search_files_of_one(const PageRecord& page,
                                                          const html::Article* article);

}  // namespace dandelion
