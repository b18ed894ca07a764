// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"
#include "core/clock.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/article.hpp"
#include "pipeline/mirror_update.hpp"
#include "pipeline/run.hpp"
#include "render/page.hpp"

namespace dandelion {

// An address to fetch: a new one, or that of a page which is checked again.
struct PageTask {
  std::string url;  // normalised
  std::string category;
  std::optional<Timestamp> hint;  // when it changed, by feed or sitemap
  int attempts = 0;               // that failed before
  bool is_check = false;
  bool is_archived = false;            // a given page (given_page.hpp)
  std::vector<std::string> further{};  // pages that were joined to it, once it was fetched
};

// Decides what becomes of a page that was fetched: a new page of the mirror, another address of one
// that it has, a correction, a withdrawal, or nothing; and hands that to a MirrorUpdate. All
// decisions of a page's life are here:
//
// - A page's identity is its address, or the one that it calls canonical, if that is on the same
//   site. Its file never moves.
// - An address that redirects to a page of the mirror, names it as canonical, or would have its
// file
//   leads to that page, if it is the same article (the same words, or the same title). Where it is
//   not, a canonical address is not believed, and a file that is taken is told.
// - A page whose words or pictures changed (article_hash) is a correction, dated today. One that
//   other rules read differently is not: only the file is new.
// - A page that was given to be kept for good lies where the mirror has that page already, else in
// a
//   category of its own (place_archived_page). What was given last is what it says; from then on
//   nobody asks its source, and nothing but another given page changes it.
// - A page that holds what must not be published is no page: it is asked for again later, and told
//   of as one that could not be had. One that the mirror has already stays what it was.
// - 404 or 410 twice, a day apart, and the page is withdrawn. When it comes back, so does its file.
class PageKeeper {
 public:
  struct Context {
    const SiteConfig& site;
    const SiteRenderer& renderer;
    const std::string& rules_hash;  // of what extracts an article
    const std::string& look_hash;   // of what renders it
    Store& store;
    const Clock& clock;
    MirrorUpdate& update;
    SiteOutcome& outcome;
  };
  explicit PageKeeper(const Context& context) : context_(context) {}

  // Takes what was fetched for the task, with the article that was read from it (not looked at
  // where the page is unchanged); an error where it is no page to keep.
  [[nodiscard]] Result<void> keep(const PageTask& task, const FetchedPage& fetched,
                                  Result<html::Article> article);
  // Takes that it could not be had. Of a page that the mirror has, a 404 is no failure.
  [[nodiscard]] Result<void> miss(const PageTask& task, const Error& error);
  // Takes that a commit did not take the page along.
  [[nodiscard]] Result<void> leave_out(const LeftOutPage& page);
  // Renders the page again from the article that the state keeps; whether there is one.
  [[nodiscard]] Result<bool> render_again(const PageRecord& page);

 private:
  [[nodiscard]] Result<void> keep_new(const PageTask& task, const FetchedPage& fetched,
                                      Result<html::Article> article);
  [[nodiscard]] Result<void> keep_for_good(const PageTask& task, const FetchedPage& fetched,
                                           Result<html::Article> article);
  [[nodiscard]] Result<void> check(const PageTask& task, PageRecord page,
                                   const FetchedPage& fetched,
                                   const Result<html::Article>& article);
  [[nodiscard]] Result<void> check_article(const PageTask& task, PageRecord page,
                                           const FetchedPage& fetched,
                                           const Result<html::Article>& article);
  [[nodiscard]] Result<void> move(PageUpdate& update, const FetchedPage& fetched,
                                  const html::Article& article);
  [[nodiscard]] Result<std::optional<PageRecord>> held_page(
      const PageTask& task, const std::optional<std::string>& canonical, const FetchedPage& fetched,
      const html::Article& article, const std::string& hash) const;
  [[nodiscard]] bool is_same_article(const PageRecord& page, const html::Article& article,
                                     const std::string& hash) const;
  [[nodiscard]] Result<void> add_page(const PageTask& task, const std::string& identity,
                                      const FetchedPage& fetched, html::Article article,
                                      std::string hash);
  [[nodiscard]] Result<std::size_t> folders_below(const std::string& category);
  void join(const PageTask& task, const PageRecord& page, const std::string& hash);
  void could_not_check(const PageRecord& page, const std::string& message);
  [[nodiscard]] Result<void> missing(PageRecord page);
  [[nodiscard]] Result<void> withdraw(PageRecord page);
  void unchanged(PageRecord& page) const;
  void set_article(PageUpdate& update, const html::Article& article, std::string hash);
  void set_files(PageUpdate& update, std::vector<FileChange> files);
  [[nodiscard]] std::optional<std::string> canonical_of(const html::Article& article,
                                                        const std::string& url) const;

  const Context context_;
  std::map<std::string, std::size_t> folders_below_;  // by category, once somebody asked
};

}  // namespace dandelion
