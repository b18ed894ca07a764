// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "core/error.hpp"
#include "pipeline/page_rendering.hpp"
#include "publish/mirror_repository.hpp"
#include "state/store.hpp"

namespace dandelion {

// What a commit does to one page, as lists see it.
struct ListChange {
  std::optional<PageRecord> before;  // nullopt: it is new
  PageRecord after;
};

// Whether lists show the page otherwise than before.
[[nodiscard]] bool changes_lists(const ListChange& change);

// The mirror's lists of pages, as they are to be after these changes, which the state has already:
// README.md, indexes/<category>.md with its older parts, archive/<month>.md likewise, the feeds,
// and the files that no page changes; in every format that the theme has. With `all`
// every list is written anew, as another theme or a new repository asks for.
//
// A list's page has 100 entries; the newest, <category>.md, has up to 199. Older parts are numbered
// by age, -2 the oldest, so that they never change when articles are added at the new end. Only
// parts at and above the oldest change are written. conflict where two categories would share a
// file.
[[nodiscard]] Result<std::vector<FileChange>> build_indexes(const SiteLook& look,
                                                            const Store& store,
                                                            const std::vector<ListChange>& changes,
                                                            bool all);

// The front page, the list and the feeds of a mirror that has this page alone: all that lists would
// say of it, local copies of what it shows aside. `article` null: the state has none.
[[nodiscard]] std::vector<FileChange> lists_of_one(const SiteLook& look, const PageRecord& page,
                                                   const html::Article* article);

}  // namespace dandelion
