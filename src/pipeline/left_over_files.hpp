// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "core/error.hpp"
#include "pipeline/page_rendering.hpp"
#include "publish/mirror_repository.hpp"
#include "state/store.hpp"

namespace dandelion {

// Files at HEAD that a commit has to take away because nothing writes them any more. What the
// commit writes, or takes away already, is never among them.

// Later parts of long pages (`story.part3.md`) whose page is among `files` and has fewer parts now.
// Reads one tree for each of the pages' folders.
[[nodiscard]] Result<std::vector<FileChange>> left_over_parts(const MirrorRepository& repository,
                                                              const Store& store,
                                                              const std::string& site,
                                                              const std::vector<FileChange>& files);

// What another theme or other settings wrote, and this theme does not: HTML beside Markdown pages,
// lists, feeds, the search page with its index, the theme's assets, pictures of QR codes. `files`
// must have every list.
// Pictures stay: they are named by content, and the state knows that they are there.
[[nodiscard]] Result<std::vector<FileChange>> left_by_another_look(
    const MirrorRepository& repository, const SiteLook& look, const std::vector<FileChange>& files);

}  // namespace dandelion
