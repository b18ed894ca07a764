// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/browser_rendering.hpp"
#include "archive/capture_budget.hpp"
#include "archive/exchange_log.hpp"
#include "archive/page_rewrite.hpp"
#include "archive/wayback.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/article.hpp"

namespace dandelion {

// What a page shows and does not hold itself.
struct CapturedResource {
  FetchedPage page;  // empty where `error` says why it could not be had, in a word
  std::string error;
};

// That a page is as a browser made it, and not as it came.
struct RenderedBy {
  std::string browser;
  bool settled = true;         // false: it was still loading
  std::string fetched_url;     // of the bytes that came, which are among the exchanges
  std::string fetched_sha256;  // of these bytes
};

// A page with everything that it takes to show it.
struct CapturedPage {
  std::string asked;
  FetchedPage page;                    // rendered: with the tree as its body
  std::optional<RenderedBy> rendered;  // none: the page is as it came
  bool is_html = false;
  std::optional<html::Article>
      article;  // what the page is about, where it is one; no passwords in it
  std::map<std::string, CapturedResource> resources;    // by the address that was asked for
  std::size_t left_out = 0;                             // how often it names one beyond the 1,000
  std::vector<std::shared_ptr<ExchangeLog>> exchanges;  // in the order of the asking, page first
  // Where it was had from the Wayback Machine: the copy's address and time. All other addresses are
  // those that the page had, but for the exchanges', which are as they were made.
  struct Copy {
    std::string url;
    Timestamp time;
  };
  std::optional<Copy> copy{};
};

struct CaptureOptions {
  std::string site;  // whose proxies and settings the requests go by
  // Bytes after decompression. HTML takes many times its size to be read.
  std::uint64_t most_html = 32U << 20;
  std::uint64_t most_other = 128U << 20;
  // Why what came in answer to an address is a notice in the page's place; empty: it is none.
  std::function<std::string(const std::string& asked, const FetchedPage&)> notice_in{};
  bool obeys_robots = false;           // for the page itself: nobody named it
  std::optional<Snapshot> snapshot{};  // from there, and what it shows too
  // Gives the page to a browser before anything else is made of it, if it is HTML; empty: no such.
  std::function<Result<RenderedPage>(const FetchedPage&)> render{};
  std::function<void(std::size_t)> on_bytes{};  // hears how many bytes came, as they come
};

// Fetches one page, what it shows and what its article shows besides, as a browser would for the
// person that named it: robots.txt is not asked, unless of the page itself where the options say
// so. A page shows at most 1,000 other resources of 100 MiB in all, fetched within five minutes,
// frames in frames three deep, style sheets in style sheets five deep.
class PageCapture {
 public:
  using Done = std::function<void(Result<CapturedPage>)>;

  // Works through the engine as long as that runs, and must outlive its loop; `done` is called
  // once. `stopped` where the person stopped it before all was there.
  PageCapture(TransferEngine& engine, std::string url, CaptureOptions options, Done done);
  PageCapture(const PageCapture&) = delete;
  PageCapture& operator=(const PageCapture&) = delete;
  PageCapture(PageCapture&&) = delete;
  PageCapture& operator=(PageCapture&&) = delete;
  ~PageCapture() = default;

  void begin();

  // After a failure: whether an archive may well have the page. It is not there, nobody answers at
  // its name, or what answers is no page; a server that is only busy is no such case, nor is what
  // we did not even ask for.
  [[nodiscard]] bool may_be_archived() const { return may_be_archived_; }

 private:
  void ask_for_page(std::optional<std::size_t> other_than);
  void take_page(Result<FetchedPage> fetched);
  void take_notice(const FetchedPage& fetched, const std::string& reason);
  [[nodiscard]] Result<FetchedPage> from_archive(Result<FetchedPage> fetched) const;
  [[nodiscard]] Result<void> render_page();
  void want(const std::string& url, EmbeddedKind kind, int depth);
  void take_resource(const std::string& url, EmbeddedKind kind, int depth,
                     Result<FetchedPage> fetched);
  [[nodiscard]] Result<void> look_through(const FetchedPage& page, EmbeddedKind kind, int depth);
  [[nodiscard]] FetchRequest request(const std::string& url, std::uint64_t most);
  void end_one();

  TransferEngine& engine_;
  const CaptureOptions options_;
  Done done_;
  CapturedPage captured_;
  std::shared_ptr<CaptureBudget> budget_ = std::make_shared<CaptureBudget>();
  std::size_t notices_ = 0;
  std::size_t open_ = 0;
  bool is_stopped_ = false;
  bool may_be_archived_ = false;
};

// The type that a Content-Type header names, in lower case, without its parameters; may be empty.
[[nodiscard]] std::string media_type(std::string_view content_type);

// What a page says, in UTF-8; data: addresses of more than 20 MiB, which no browser needs and no
// parser should read, are empty ones. `left_out`, where given, is raised by how many.
[[nodiscard]] std::string page_text(const FetchedPage& page, std::size_t* left_out = nullptr);

// The page as one file (page_rewrite.hpp); for a page that is_html.
[[nodiscard]] std::string single_file(const CapturedPage& captured);

}  // namespace dandelion
