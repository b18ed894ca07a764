// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "archive/exchange_log.hpp"
#include "archive/page_rewrite.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

// What a page shows and does not hold itself.
struct CapturedResource {
  FetchedPage page;  // empty where `error` says why it could not be had, in a word
  std::string error;
};

// A page with everything that it takes to show it.
struct CapturedPage {
  std::string asked;
  FetchedPage page;
  bool is_html = false;
  std::map<std::string, CapturedResource> resources;    // by the address that was asked for
  std::size_t left_out = 0;                             // how often it names one beyond the 1,000
  std::vector<std::shared_ptr<ExchangeLog>> exchanges;  // in the order of the asking, page first
};

// Fetches one page and what it shows, through the engine that it is given, as long as that runs. A
// page shows at most 1,000 other resources of 100 MiB in all, frames in frames three deep, style
// sheets in style sheets five deep.
class PageCapture {
 public:
  using Done = std::function<void(Result<CapturedPage>)>;

  // The object must outlive the engine's loop; `done` is called once. `site` is whose proxies and
  // settings the requests go by.
  PageCapture(TransferEngine& engine, std::string url, std::string site, Done done);
  PageCapture(const PageCapture&) = delete;
  PageCapture& operator=(const PageCapture&) = delete;
  PageCapture(PageCapture&&) = delete;
  PageCapture& operator=(PageCapture&&) = delete;
  ~PageCapture() = default;

  void begin();

 private:
  void take_page(Result<FetchedPage> fetched);
  void want(const std::string& url, EmbeddedKind kind, int depth);
  void take_resource(const std::string& url, EmbeddedKind kind, int depth,
                     Result<FetchedPage> fetched);
  void look_through(const FetchedPage& page, EmbeddedKind kind, int depth);
  [[nodiscard]] FetchRequest request(const std::string& url, std::uint64_t most);
  void end_one();

  TransferEngine& engine_;
  const std::string site_;
  Done done_;
  CapturedPage captured_;
  std::uint64_t bytes_ = 0;
  std::size_t open_ = 0;
};

// The type that a Content-Type header names, in lower case, without its parameters; may be empty.
[[nodiscard]] std::string media_type(std::string_view content_type);

// The page as one file (page_rewrite.hpp); for a page that is_html.
[[nodiscard]] std::string single_file(const CapturedPage& captured);

}  // namespace dandelion
