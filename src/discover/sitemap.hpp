// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string_view>

#include "core/error.hpp"
#include "discover/found_address.hpp"

namespace dandelion {

// The protocol's limits for one file (sitemaps.org).
constexpr std::size_t max_sitemap_entries = 50'000;
constexpr std::size_t max_sitemap_bytes = 50U << 20;

// Reads a sitemap or an index of sitemaps as it comes in, in constant memory: XML, compressed with
// gzip or not, or plain text with an address a line. Addresses of pages go to `pages`, those of
// further sitemaps to `sitemaps`, each with <lastmod> as `changed` and, of a news sitemap,
// <publication_date> and <title>. What is above the protocol's limits is left out: entries beyond
// 50,000 are not given, and 50 MiB of text are an end.
class SitemapReader {
 public:
  // `url` is where it was fetched, and what relative addresses count from.
  SitemapReader(std::string_view url, AddressSink pages, AddressSink sitemaps);
  SitemapReader(SitemapReader&&) noexcept;
  SitemapReader& operator=(SitemapReader&&) noexcept;
  SitemapReader(const SitemapReader&) = delete;
  SitemapReader& operator=(const SitemapReader&) = delete;
  ~SitemapReader();

  [[nodiscard]] Result<void> feed(std::string_view bytes);
  // malformed where it was no sitemap, or its gzip file was damaged.
  [[nodiscard]] Result<void> finish();

 private:
  struct Reading;
  std::unique_ptr<Reading> reading_;
};

}  // namespace dandelion
