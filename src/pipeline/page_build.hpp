// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

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

// Reads the site's secrets: an error where the key of its counter is not to be had.
[[nodiscard]] Result<void> check_secrets(const SiteConfig& site);

// Whether a file of that name can be an article's: it stays in the mirror and is not one of the
// mirror's own (README.md, search.html, indexes/, archive/, assets/, names that begin with a dot).
[[nodiscard]] bool is_page_path(std::string_view path);

// Where the article of this address belongs in the site's mirror. refused where the site's patterns
// would lead it outside the mirror or onto a file that is not an article's.
[[nodiscard]] Result<PagePlace> place_page(const SiteConfig& site, const std::string& category,
                                           const std::string& url);

// The category of pages that were handed over to be kept for good.
constexpr std::string_view archive_category = "archive";

// Where such a page belongs, of whatever site it is: its id is made of its whole address, so that
// stories of two sites do not meet. Below pages/archive/ where the site's pattern would lead into
// the mirror's own archive/.
[[nodiscard]] Result<PagePlace> place_archived_page(const SiteConfig& site, const std::string& url);

// From a page's bytes to its article: decode, extract. `url` is where it was found in the end.
[[nodiscard]] Result<html::Article> read_article(const SiteConfig& site, const std::string& url,
                                                 std::string_view bytes,
                                                 std::string_view content_type);

// Every file that the mirror has for one article. Pure: the same input gives the same bytes.
[[nodiscard]] std::vector<FileChange> page_files(const SiteRenderer& renderer,
                                                 const PagePlace& place,
                                                 const html::Article& article,
                                                 const PageFacts& facts);

// The same for a page that the source took away and `removed_pages: drop` takes away here: its
// address, a word on what happened, and nothing of the article.
[[nodiscard]] std::vector<FileChange> tombstone_files(const SiteRenderer& renderer,
                                                      const PagePlace& place,
                                                      const std::string& url,
                                                      std::optional<Timestamp> withdrawn);

}  // namespace dandelion
