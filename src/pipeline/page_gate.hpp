// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/block_fingerprint.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "fetch/block_page.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/article.hpp"
#include "state/store.hpp"

namespace dandelion {

// The known block pages: those that come with the program, and those of the operator's own file
// (empty: none). bad_input, naming line and column, where one of the files is not sound.
[[nodiscard]] Result<std::vector<BlockFingerprint>> known_block_pages(
    const std::filesystem::path& own);

// Stands before a site's mirror: what comes in looks like one of the site's pages, or another way
// to the source vouches for it. A censor's notice, a captive portal or a bot check never becomes an
// article.
class PageGate {
 public:
  struct Context {
    std::string site;
    const std::vector<BlockFingerprint>& block_pages;
    Store& store;
    const Clock& clock;
    std::size_t ways_out = 1;                // TransferEngine::ways_out
    std::vector<std::string> own_domains{};  // registrable, that the operator has named
  };
  explicit PageGate(const Context& context) : context_(context) {
    look_.own_domains = context.own_domains;
  }

  // Why the page is a known block page, whatever was asked for; empty: it is none.
  [[nodiscard]] static std::string known_notice(const std::string& asked,
                                                const FetchedPage& fetched,
                                                const std::vector<BlockFingerprint>& block_pages);

  // Learns from the state what the site's pages look like.
  [[nodiscard]] Result<void> open();
  // Tells the state what was learnt since.
  [[nodiscard]] Result<void> close();

  enum class Verdict {
    admitted,    // take it
    look_again,  // fetch it by another way (FetchRequest::other_than), then ask compare()
    refused      // it is quarantined, and stays out
  };
  struct Judgement {
    Verdict verdict = Verdict::admitted;
    Suspicion suspicion;
    PageLook look;
  };
  // `article` is what the page holds by the site's rules.
  [[nodiscard]] Judgement judge(const std::string& asked, const FetchedPage& fetched,
                                const Result<html::Article>& article) const;
  // The last word on a page that was to be looked at again, when the second fetch is there, with
  // the article that it holds: never look_again. Where the two differ, the first is believed only
  // if it was hardly suspected and the second is worse: a known block page, or no article.
  [[nodiscard]] Judgement compare(Judgement first, const std::string& asked,
                                  const Result<FetchedPage>& second,
                                  const Result<html::Article>& second_article) const;

  // The page became one of the site's.
  void learn(const PageLook& look);
  // The page was refused: remembered, and told by `status`, until it is believed.
  [[nodiscard]] Result<void> quarantine(const std::string& url, const std::string& reason);

 private:
  [[nodiscard]] static PageLook look_at(const std::string& asked, const FetchedPage& fetched,
                                        const Result<html::Article>* article);

  const Context context_;
  SiteProfile look_;
  bool learnt_ = false;
};

}  // namespace dandelion
