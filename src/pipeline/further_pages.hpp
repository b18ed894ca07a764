// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "extract/page_joiner.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/article.hpp"
#include "pipeline/page_gate.hpp"
#include "state/store.hpp"

namespace dandelion {

// Fetches the pages on which an article goes on (extract/next_page.hpp), one after the other, and
// joins them to the first, up to max_article_pages in all.
//
// An address that the site's sources list is an article of its own, and no further page; nor is one
// that leads back, or to the front page, or that PageJoiner refuses. A further page that is gone,
// refused or holds no article ends the article there. One that could not be had, or that is not
// believed, is an error, so that no half of an article passes for the whole.
class FurtherPages : public std::enable_shared_from_this<FurtherPages> {
 public:
  struct Context {
    const SiteConfig& site;
    TransferEngine& engine;
    const Store& store;
    const PageGate& gate;
  };
  struct Joined {
    html::Article article;
    std::vector<std::string> addresses;  // of the pages behind the first, normalised
  };
  using Done = std::function<void(Result<Joined>)>;

  // Whether there is anything to fetch for this article.
  [[nodiscard]] static Result<bool> goes_on(const Context& context, const html::Article& article);
  // `done` is called once, inside the engine's loop; what the context names must outlive that.
  // Where `content_with_less`, a page that could not be had ends the article too.
  static void join(const Context& context, html::Article first, bool content_with_less, Done done);

 private:
  FurtherPages(const Context& context, html::Article first, bool content_with_less, Done done);

  void fetch_next();
  void take(const std::string& address, const Result<FetchedPage>& fetched);
  [[nodiscard]] Result<bool> add(const std::string& address, const Result<FetchedPage>& fetched);
  void end(Result<void> outcome);

  const Context context_;
  const bool content_with_less_;
  Done done_;
  Joined joined_;
  PageJoiner joiner_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace dandelion
