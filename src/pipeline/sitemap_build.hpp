// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "core/error.hpp"
#include "pipeline/index_build.hpp"

namespace dandelion {

// The sitemaps of the mirror's HTML pages, for the first mirror that sites.yaml says the address
// of: the protocol wants whole addresses. sitemap.xml names one for each month,
// sitemap-2026-11.xml, and sitemap-lists.xml; they stand beside it, for a sitemap speaks only of
// what is below it. One of more pages than some thousands goes on in sitemap-2026-11-2.xml. Pages
// stand oldest first, and only months whose pages changed are written; with `all`, every one.
// Nothing where no mirror has such an address or the theme writes no HTML.
[[nodiscard]] Result<std::vector<FileChange>> build_sitemaps(const SiteLook& look,
                                                             const Store& store,
                                                             const std::vector<ListChange>& changes,
                                                             bool all);

}  // namespace dandelion
