// SPDX-License-Identifier: MIT
// The implementation of TransferEngine over one libcurl multi handle; transfer_engine.hpp is what
// others include.
#pragma once

#include <deque>
#include <list>
#include <map>
#include <random>

#include <curl/curl.h>

#include "fetch/proxy_pool.hpp"
#include "fetch/robots.hpp"
#include "fetch/transfer.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

using CurlMulti = Handle<CURLM, curl_multi_cleanup>;

class MultiEngine final : public TransferEngine {
 public:
  MultiEngine(const NetworkSettings& settings, CurlMulti multi);
  MultiEngine(const MultiEngine&) = delete;
  MultiEngine& operator=(const MultiEngine&) = delete;
  MultiEngine(MultiEngine&&) = delete;
  MultiEngine& operator=(MultiEngine&&) = delete;
  ~MultiEngine() override;

  void add(FetchRequest request, Done done) override;
  void run() override;

 private:
  using Clock = std::chrono::steady_clock;

  struct Job {
    FetchRequest request;
    Done done;
    std::string url;  // where the redirects have led so far
    bool is_robots = false;
    int attempts = 0;
    int redirects = 0;
    std::vector<std::size_t> tried_proxies;
    Clock::time_point not_before{};
  };

  // One origin: scheme, host and port.
  struct Host {
    enum class Robots { unknown, fetching, known, unavailable };
    std::deque<Job> waiting;
    int running = 0;
    Clock::time_point next_start{};
    Robots robots = Robots::unknown;
    RobotsRules rules;
    std::optional<Error> robots_error;
    std::chrono::milliseconds delay{0};
  };

  struct Running {
    Job job;
    std::string origin;
    std::size_t proxy = 0;
    std::unique_ptr<Transfer> transfer;
  };

  void enqueue(Job job);
  void start_due();
  // The host's next job that may start now; nullopt where none may.
  std::optional<Job> take_startable(const std::string& origin, Host& host, Clock::time_point now);
  void fetch_robots(const std::string& origin, Host& host, const std::string& site);
  void robots_done(const std::string& origin, Result<FetchedPage> answer);
  void start(const std::string& origin, Host& host, Job job);
  void collect_finished();
  void finish(Running running, int code);
  void retry_or_fail(Job job, const Error& error, std::optional<std::chrono::seconds> retry_after);
  void follow(Job job, const std::string& location);
  void answer(Job& job, Result<FetchedPage> result);
  void stop_waiting();
  void abandon_running();
  [[nodiscard]] int wait_ms() const;
  [[nodiscard]] double random();

  const NetworkSettings settings_;
  CurlMulti multi_;
  ProxyPool pool_;
  std::map<std::string, Host> hosts_;
  std::string last_origin_;  // whose turn was last, so that hosts take turns
  std::list<Running> running_;
  std::size_t waiting_ = 0;
  std::mt19937_64 generator_;
};

}  // namespace dandelion
