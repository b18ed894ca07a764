// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "html/article.hpp"
#include "render/body.hpp"
#include "render/theme.hpp"

namespace dandelion {

struct MenuLink {
  std::string text;
  std::string href;
};

// Another place where the mirror stands.
struct MirrorLink {
  std::string name;
  std::string href;   // of its front page
  std::string pages;  // what a page's path is put behind, ending in `/`; empty: not known
  PageFormat format = PageFormat::html;  // of the pages there
};

// How a page shows the address that it was copied from.
enum class SourceAddress { link, text, defanged };

// What every page of a site has in common.
struct SiteContext {
  std::string name;
  std::string title;
  std::string language;
  std::vector<MenuLink> menu;
  std::size_t page_depth =
      2;                  // folders above an article's page; the menu's addresses count from it
  std::string pixel;      // pattern of the counter picture's address; empty: none
  std::string pixel_key;  // of `{hash}` in it

  PictureMode pictures = PictureMode::link;
  std::optional<LinkPolicy> links;  // in front of the theme's
  std::string archive_prefix;       // with LinkPolicy::archive
  SourceAddress source_address = SourceAddress::link;
  std::vector<MirrorLink> mirrors;
  std::string public_key;  // that signs the commits: "ssh-ed25519 …"; empty: nothing is signed
  std::string key_fingerprint;  // "SHA256:…"
  bool share_code = false;      // a QR code of the page's address on the first mirror that has one
  bool share_picture = false;   // the same as a PNG file, for Markdown pages
};

// Where one page stands in the mirror.
struct PagePlace {
  std::string category;
  std::string id;
  std::string path;  // of its Markdown file, relative to the mirror's root
};

// One article in a list.
struct IndexEntry {
  std::string title;
  std::string path;  // of its Markdown file, relative to the mirror's root
  std::string category;
  std::optional<Timestamp> date;
  std::string excerpt;
  std::string language;
};

struct CategorySummary {
  std::string name;
  std::string path;  // of its first index page, relative to the mirror's root
  std::size_t count = 0;
};

struct MonthSummary {
  int year = 0;
  unsigned month = 0;  // 1 to 12; 0: pages without a date
  std::string path;    // of its Markdown file, relative to the mirror's root
  std::size_t count = 0;
};

// What the mirror knows of a page beside its article.
struct PageFacts {
  std::optional<IndexEntry> previous;  // the next older one of its category
  std::optional<IndexEntry> next;
  std::optional<Timestamp> fetched;  // shown as a day: the same page fetched again stays the same
  std::optional<Timestamp> corrected;
  std::optional<Timestamp> withdrawn;  // when the source was found to have taken the article away
  bool removed = false;  // and the copy was taken away too: this is all that is left of the page
  LocalPage local_page;
  LocalPicture local_picture;
};

// One page of a list: a category's, or a month's.
struct ListPage {
  std::string title;
  std::string path;  // of its Markdown file, relative to the mirror's root
  std::vector<IndexEntry> entries;
  std::string newer;  // paths of the neighbours, empty at the ends
  std::string older;
};

struct FrontPage {
  std::vector<IndexEntry> newest;
  std::vector<CategorySummary> categories;
  std::vector<IndexEntry> hot;  // the most read, most first; may be empty
};

struct FeedEntry {
  IndexEntry entry;
  std::string id;       // a URI that stays
  std::string content;  // HTML
  std::string byline;
  std::optional<Timestamp> corrected;
};

struct RenderedFile {
  std::string path;  // relative to the mirror's root
  std::string content;
};

// Writes the files of one site's mirror by its theme. Same input, same bytes. Its templates are
// compiled once; it serves one thread (make another for another).
class SiteRenderer {
 public:
  // `theme` must outlive it.
  SiteRenderer(const Theme& theme, SiteContext site);
  SiteRenderer(SiteRenderer&&) noexcept;
  SiteRenderer& operator=(SiteRenderer&&) noexcept;
  SiteRenderer(const SiteRenderer&) = delete;
  SiteRenderer& operator=(const SiteRenderer&) = delete;
  ~SiteRenderer();

  // The formats that the theme has templates for; Markdown is always the first.
  [[nodiscard]] const std::vector<PageFormat>& formats() const;

  // An article's files: its page in every format, in parts where its body is larger than Git hosts
  // show (over 400 KB), and the picture of its QR code.
  [[nodiscard]] std::vector<RenderedFile> page(const PagePlace& place, const html::Article& article,
                                               const PageFacts& facts) const;
  // An article's page as a file by itself, in one of `formats()`: never in parts, without a way to
  // a front page, a list or a neighbour, without a share code or counter. Pictures stand at the
  // very addresses that `facts.local_picture` gives, data: ones too, and no others are let in.
  [[nodiscard]] std::string lone_page(const html::Article& article, const PageFacts& facts,
                                      PageFormat format) const;
  [[nodiscard]] std::vector<RenderedFile> index(const ListPage& page) const;
  // README.md and, where the theme writes HTML, index.html.
  [[nodiscard]] std::vector<RenderedFile> front(const FrontPage& page) const;
  // archive/README.md and archive/index.html: all months, newest first.
  [[nodiscard]] std::vector<RenderedFile> archive(const std::vector<MonthSummary>& months) const;
  // "June 2026" in the site's language; `month` from 1 to 12, 0 for pages without a date.
  [[nodiscard]] std::string month_title(int year, unsigned month) const;
  // 404.html, search.html with its script, .nojekyll, robots.txt and the theme's own assets: what
  // no page changes.
  [[nodiscard]] std::vector<RenderedFile> fixed_files() const;
  // feed.xml (Atom, RFC 4287) and feed.json (JSON Feed 1.1), newest first.
  [[nodiscard]] std::vector<RenderedFile> feeds(const std::vector<FeedEntry>& entries) const;

  // An article's body for a feed: HTML whose local addresses count from the mirror's root.
  [[nodiscard]] std::string feed_content(const html::Article& article,
                                         const PageFacts& facts) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `{site}`, `{category}`, `{id}`, `{path}` and, with a key, `{hash}` of a pattern filled in,
// percent-encoded where `encoded`. For `{mirror}` there is the mark of core/mirror_name.hpp.
[[nodiscard]] std::string fill_pattern(const std::string& pattern, const std::string& site,
                                       const PagePlace& place, bool encoded,
                                       const std::string& key = {});

}  // namespace dandelion
