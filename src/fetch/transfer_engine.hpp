// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

// What the origin gave with a page, to ask next time whether it changed (RFC 9110, 8.8).
struct Validators {
  std::string etag;
  std::string last_modified;
};

struct FetchRequest {
  std::string url;   // absolute, http or https
  std::string site;  // for isolation and messages
  Validators validators{};
};

struct FetchedPage {
  std::string url;            // where the redirects ended
  long status = 0;            // 200…299, or 304
  bool not_modified = false;  // 304: the validators still hold, `body` is empty
  std::string content_type;   // as the header says, with its charset; may be empty
  std::string body;           // decompressed, at most max_body bytes
  Validators validators;
};

// Many transfers over one libcurl multi loop: connection reuse, limits per host, retries with
// back-off, Retry-After, robots.txt (RFC 9309), and the proxies of `network:` with nothing beside
// them. One engine serves one thread; callbacks run in it, from run(), and may add more requests.
//
//   engine.add({.url = index, .site = "news"}, [&](Result<FetchedPage> page) { … });
//   engine.run();
class TransferEngine {
 public:
  using Done = std::function<void(Result<FetchedPage>)>;

  // `settings` is copied. bad_input where a proxy's password cannot be read or a CA file is not
  // there.
  [[nodiscard]] static Result<std::unique_ptr<TransferEngine>> create(
      const NetworkSettings& settings);

  TransferEngine() = default;
  TransferEngine(const TransferEngine&) = delete;
  TransferEngine& operator=(const TransferEngine&) = delete;
  TransferEngine(TransferEngine&&) = delete;
  TransferEngine& operator=(TransferEngine&&) = delete;
  virtual ~TransferEngine() = default;

  // Queues a request; its callback is called exactly once. A 404 or 410 is not_found, a 401, 403 or
  // 451 refused, 429 and 5xx transient, a body above the limit too_large: never an empty page. A
  // page that robots.txt forbids is refused and not fetched.
  virtual void add(FetchRequest request, Done done) = 0;

  // Works until nothing is queued. After a stop was requested (core/stop_signal.hpp) running
  // transfers end, queued ones are answered `stopped`.
  virtual void run() = 0;
};

}  // namespace dandelion
