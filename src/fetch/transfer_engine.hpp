// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/network_settings.hpp"
#include "core/proxy_health.hpp"

namespace dandelion {

class BodySink;
class ExchangeRecorder;

// What the origin gave with a page, to ask next time whether it changed (RFC 9110, 8.8).
struct Validators {
  std::string etag;
  std::string last_modified;
};

struct FetchRequest {
  std::string url;   // absolute, http or https
  std::string site;  // whose settings and proxy order it goes by; for messages
  Validators validators{};
  std::uint64_t max_body = 0;        // bytes after decompression; 0: network.max_body
  std::shared_ptr<BodySink> sink{};  // takes the body; FetchedPage::body stays empty then
  std::shared_ptr<ExchangeRecorder> recorder{};
  // Not through this proxy (FetchedPage::proxy of an earlier answer), as long as there is another:
  // a second opinion on what a first one gave.
  std::optional<std::size_t> other_than{};
  // A 404 or 410 is believed only when a second proxy says so too, where there is one that works.
  bool confirm_gone = false;
  // The address is the operator's own and nobody else's to read: logs show no more of it than its
  // origin, and robots.txt, which is for crawlers, is not asked.
  bool is_secret = false;
  // A person asked for this very page, as one does with a browser: robots.txt, which is for
  // crawlers, is not asked.
  bool passes_robots = false;
  // Asked before each try; where it says no, nothing goes out and the answer is `transient`. Empty:
  // it is wanted to the end.
  std::function<bool()> still_wanted{};
};

struct FetchedPage {
  std::string url;            // where the redirects ended
  long status = 0;            // 200…299, or 304
  bool not_modified = false;  // 304: the validators still hold, `body` is empty
  std::string content_type;   // as the header says, with its charset; may be empty
  std::string body;           // decompressed, at most max_body bytes
  Validators validators;
  std::vector<std::string> redirects{};     // the addresses that led here, the first one first
  std::vector<std::string> header_names{};  // of the response, in lower case, each once
  std::optional<std::size_t> proxy{};       // through which one; none: direct
};

// A robots.txt that was had before, and when.
struct CachedRobots {
  std::string text;
  Timestamp fetched;
};

// Keeps robots.txt from one run to the next (RFC 9309, 2.4: for a day at most). Whoever implements
// it decides where; what cannot be kept is just fetched again.
class RobotsCache {
 public:
  RobotsCache() = default;
  RobotsCache(const RobotsCache&) = delete;
  RobotsCache& operator=(const RobotsCache&) = delete;
  RobotsCache(RobotsCache&&) = delete;
  RobotsCache& operator=(RobotsCache&&) = delete;
  virtual ~RobotsCache() = default;

  // `origin` is scheme://host[:port].
  [[nodiscard]] virtual std::optional<CachedRobots> find(const std::string& origin) = 0;
  virtual void keep(const std::string& origin, const CachedRobots& robots) = 0;
};

// What an earlier run left for an engine to begin with.
struct EngineMemory {
  std::vector<ProxyHealth> proxies{};
  RobotsCache* robots = nullptr;  // must outlive the engine
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

  // `settings` is copied. bad_input where a secret cannot be read, a file is not there, or
  // `proxies: tor` meets nothing that speaks SOCKS.
  [[nodiscard]] static Result<std::unique_ptr<TransferEngine>> create(
      const NetworkSettings& settings, const EngineMemory& memory = {});

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

  // How many ways out there are: the proxies, or 1 where there are none.
  [[nodiscard]] virtual std::size_t ways_out() const { return 1; }

  // What came through this proxy (FetchedPage::proxy) was no page of the site's: others go first
  // for the site from now on.
  virtual void distrust(const std::string& site, std::size_t proxy, const std::string& reason);

  // How the proxies did, with what its memory knew of them; for the next engine's memory.
  [[nodiscard]] virtual std::vector<ProxyHealth> proxy_health() const { return {}; }
};

}  // namespace dandelion
