// SPDX-License-Identifier: MIT
// A source site in memory, with a clock of its own: what the pipeline's tests fetch from.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/sha256.hpp"
#include "fetch/body_sink.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

class FakeClock final : public Clock {
 public:
  explicit FakeClock(Timestamp now) : now_(now) {}
  [[nodiscard]] Timestamp now() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }
  void set(Timestamp now) { now_ = now; }

 private:
  Timestamp now_;
};

// Answers from `pages` by address, with an ETag and 304; everything else is 404, and while `down`
// holds, nothing answers. Requests are answered in the order in which they were added.
class FakeEngine final : public TransferEngine {
 public:
  struct Page {
    std::string body;
    std::string moved_to;  // a redirect
    bool has_etag = true;
    bool broken = false;  // never comes whole
  };

  static constexpr std::size_t default_max_body = 1U << 20;

  std::map<std::string, Page> pages;
  bool down = false;
  std::vector<std::string> asked;  // addresses, in order

  void add(FetchRequest request, Done done) override {
    queue_.push_back({std::move(request), std::move(done)});
  }

  void run() override {
    while (!queue_.empty()) {
      Job job = std::move(queue_.front());
      queue_.pop_front();
      asked.push_back(job.request.url);
      job.done(answer(job.request));
    }
  }

 private:
  struct Job {
    FetchRequest request;
    Done done;
  };

  [[nodiscard]] Result<FetchedPage> answer(const FetchRequest& request) const {
    if (down) return fail(ErrorKind::transient, "{}: no connection", request.url);
    auto found = pages.find(request.url);
    if (found != pages.end() && !found->second.moved_to.empty())
      found = pages.find(found->second.moved_to);
    if (found == pages.end()) return fail(ErrorKind::not_found, "{}: 404", request.url);
    if (found->second.broken) return fail(ErrorKind::transient, "{}: broke off", request.url);
    FetchedPage page;
    page.url = found->first;
    page.status = 200;
    page.content_type = "text/html; charset=utf-8";
    if (found->second.has_etag) page.validators.etag = sha256_hex(found->second.body).substr(0, 16);
    if (found->second.has_etag && request.validators.etag == page.validators.etag) {
      page.status = 304;
      page.not_modified = true;
      return page;
    }
    const std::string& body = found->second.body;
    if (body.size() > (request.max_body == 0 ? default_max_body : request.max_body))
      return fail(ErrorKind::too_large, "{}: too large", request.url);
    if (!request.sink) {
      page.body = body;
    } else if (!request.sink->begin() || !request.sink->write(body) || !request.sink->end()) {
      return fail(ErrorKind::storage, "no room");
    }
    return page;
  }

  std::deque<Job> queue_;
};

}  // namespace dandelion
