// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "config/config.hpp"
#include "core/error.hpp"
#include "publish/mirror_repository.hpp"
#include "render/page.hpp"
#include "state/store.hpp"

namespace dandelion {

// The mirror's lists of pages: README.md and indexes/<category>.md with its older parts. `pages`
// are all that the mirror holds, newest first.
//
// An index page has 100 entries; the newest, <category>.md, has up to 199. Older parts are numbered
// by age, -2 the oldest, so that they never change when articles are added at the new end: a run's
// cost and its commits stay small. conflict where two categories would share a file.
[[nodiscard]] Result<std::vector<FileChange>> build_indexes(
    const SiteConfig& site, const Theme& theme, const std::vector<PageRecord>& pages,
    const std::vector<MirrorSettings>& mirrors);

}  // namespace dandelion
