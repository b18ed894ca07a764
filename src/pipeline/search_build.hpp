// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "core/error.hpp"
#include "pipeline/index_build.hpp"

namespace dandelion {

// The search page's index (render/search_index.hpp) as it is to be after these changes, which the
// state has already; nothing where the theme has no search page. Its segments are the months of the
// newest year, the years before, and the pages without a date. Only segments whose pages changed
// are made anew; with `all`, every one. A year's months become one segment when the first page of
// the next year comes.
[[nodiscard]] Result<std::vector<FileChange>> build_search(const SiteLook& look, const Store& store,
                                                           const std::vector<ListChange>& changes,
                                                           bool all);

}  // namespace dandelion
