// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "config/config.hpp"
#include "core/error.hpp"
#include "core/mirror_settings.hpp"
#include "html/article.hpp"
#include "publish/mirror_repository.hpp"
#include "render/page.hpp"

namespace dandelion {

// What the themes get to know of a site.
[[nodiscard]] SiteContext site_context(const SiteConfig& site,
                                       const std::vector<MirrorSettings>& mirrors = {});

// A page of the mirror as it should be, with the article that it was made from.
struct BuiltPage {
  PagePlace place;
  std::string content;              // of the file at place.path
  std::vector<FileChange> further;  // its other files: HTML, later parts
  html::Article article;
};

// Where the article of this address belongs in the site's mirror. refused where the site's patterns
// would lead it outside the mirror or onto a file that is not an article's.
[[nodiscard]] Result<PagePlace> place_page(const SiteConfig& site, const std::string& category,
                                           const std::string& url);

// From a page's bytes to the file that a run writes: decode, extract, render. `identity` is the
// address that was discovered, which names the file; `url` is where it was found in the end, which
// the page shows. Pure: the same input gives the same bytes.
[[nodiscard]] Result<BuiltPage> build_page(const SiteConfig& site, const Theme& theme,
                                           const std::string& category, const std::string& identity,
                                           const std::string& url, std::string_view bytes,
                                           std::string_view content_type);

}  // namespace dandelion
