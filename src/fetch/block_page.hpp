// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/block_fingerprint.hpp"
#include "fetch/page_look.hpp"

namespace dandelion {

// What the pages of a site have looked like: the last ones that were taken as articles.
struct SiteProfile {
  static constexpr std::size_t most = 50;
  struct Sample {
    std::string url;  // as asked
    std::string title;
    std::string body_hash;
    std::string domain;  // registrable domain where the redirects ended
    std::size_t text_bytes = 0;
  };
  std::deque<Sample> samples;              // the newest last
  std::vector<std::string> own_domains{};  // registrable domains that the operator has named

  // Remembers a page that was accepted; an older sample of the same address gives way.
  void add(const PageLook& look);
};

// Why a page may be a censor's block page, a captive portal, a bot check, a geo-block or an error
// page in an article's place.
struct Suspicion {
  // Every reason weighs something. From `worth_another_look` on the page should be fetched by
  // another way too; from `enough` on it is no article, unless another way gives the same; from
  // `certain` on not even then.
  static constexpr int worth_another_look = 1;
  static constexpr int enough = 3;
  static constexpr int certain = 4;
  int weight = 0;
  std::string reason;  // for a person; empty where there is none
};

// Compares a page with known block pages and with the site's own pages. `source` is the page's HTML
// as UTF-8, or its beginning. Pure.
[[nodiscard]] Suspicion suspect(const PageLook& look, const SiteProfile& site,
                                const std::vector<BlockFingerprint>& fingerprints,
                                std::string_view source);

}  // namespace dandelion
