// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "config/config.hpp"
#include "core/error.hpp"
#include "publish/mirror_repository.hpp"
#include "render/page.hpp"
#include "sign/signing_key.hpp"
#include "state/store.hpp"

namespace dandelion {

class SecretScan;

struct SiteLook {
  const SiteConfig& site;
  const Theme& theme;
  const std::vector<MirrorSettings>& mirrors;
  std::optional<PublicKey> key = std::nullopt;  // that signs the commits
};

// What becomes of the site's pictures: as sites.yaml says or, where it does not, as suits the
// theme. One that keeps the source's markup links them, all others bring them along.
[[nodiscard]] PictureMode picture_mode(const SiteConfig& site, const Theme& theme);

// The renderer of a site's mirror, with its mirrors and pictures.
[[nodiscard]] SiteRenderer site_renderer(const SiteLook& look);

// Whether pages of the theme, and not lists alone, name the site's mirrors.
[[nodiscard]] bool pages_show_mirrors(const Theme& theme);

// Whether pages of the theme tell of what else the mirror has: their neighbours, or local copies of
// what they link to.
[[nodiscard]] bool shows_neighbours(const Theme& theme);

// The files of these pages, rendered from the articles that the state keeps, on all cores. What
// addresses each was made with is noted (Store::set_references). A page whose article the state
// does not have is left as it is, and so is one that holds what `scan` finds (page_secrets.hpp;
// null: nothing is looked for).
struct RenderedPages {
  struct LeftOut {
    PageRecord page;
    std::string what;  // it holds
  };
  std::vector<FileChange> files;
  std::vector<std::string> missing_pictures;  // that they show and nobody has asked for yet
  std::vector<LeftOut> left_out;
};
[[nodiscard]] Result<RenderedPages> render_pages(const SiteLook& look, Store& store,
                                                 const std::vector<PageRecord>& pages,
                                                 const SecretScan* scan);

// What the state knows of a page beside its article; of one that it does not know yet too, whose
// record has only what places it in the lists. Local copies are not among it.
[[nodiscard]] Result<PageFacts> facts_of(const SiteLook& look, const Store& store,
                                         const PageRecord& page);

// Lets the facts find what the mirror has of an article's links and pictures; `store` must outlive
// them. The page `own` is no target.
void find_local_copies(PageFacts& facts, const Store& store, const std::string& site,
                       std::int64_t own = 0);

// An article as a run would write it.
struct BuiltPage {
  PagePlace place;
  std::vector<FileChange> files;  // the one at place.path first; then HTML, later parts
};

// The page at `identity`, which a run at `now` would write from this article: where the state has
// the page, at its place, with its days and neighbours and the pictures that are here. A new page
// stands in no folder below its category's, as it would in a small mirror. `store` null: nothing is
// known. Otherwise errors are place_page's.
[[nodiscard]] Result<BuiltPage> build_page(const SiteLook& look, const Store* store, Timestamp now,
                                           const std::string& category, const std::string& identity,
                                           const html::Article& article);

// A page in a list.
[[nodiscard]] IndexEntry entry_of(const PageRecord& page);

}  // namespace dandelion
