// SPDX-License-Identifier: MIT
// The implementation of TransferEngine over one libcurl multi handle; transfer_engine.hpp is what
// others include.
#pragma once

#include <list>
#include <map>
#include <random>

#include <curl/curl.h>

#include "fetch/host_queue.hpp"
#include "fetch/proxy_pool.hpp"
#include "fetch/transfer.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

using CurlMulti = Handle<CURLM, curl_multi_cleanup>;
using CurlShare = Handle<CURLSH, curl_share_cleanup>;

class MultiEngine final : public TransferEngine {
 public:
  MultiEngine(const NetworkSettings& settings, const EngineMemory& memory, CurlMulti multi);
  MultiEngine(const MultiEngine&) = delete;
  MultiEngine& operator=(const MultiEngine&) = delete;
  MultiEngine(MultiEngine&&) = delete;
  MultiEngine& operator=(MultiEngine&&) = delete;
  ~MultiEngine() override;

  void add(FetchRequest request, Done done) override;
  void run() override;
  [[nodiscard]] std::size_t ways_out() const override;
  void distrust(const std::string& site, std::size_t proxy, const std::string& reason) override;
  [[nodiscard]] std::vector<ProxyHealth> proxy_health() const override { return pool_.health(); }

 private:
  struct Running {
    FetchJob job;
    Host* host;
    std::size_t proxy = 0;
    std::unique_ptr<Transfer> transfer;
  };
  using Outcome = Transfer::Outcome;

  void enqueue(FetchJob job);
  void start_due();
  void start(Host& host, FetchJob job);
  [[nodiscard]] bool obeys_robots(const FetchJob& job) const;
  // Whether it may go out; where not it has been answered, or put back.
  [[nodiscard]] bool may_start(Host& host, FetchJob& job);
  [[nodiscard]] std::vector<std::size_t> passed_over(const FetchJob& job) const;
  [[nodiscard]] std::optional<std::size_t> choose_proxy(FetchJob& job);
  [[nodiscard]] Result<std::unique_ptr<Transfer>> make_transfer(const FetchJob& job,
                                                                std::size_t proxy);
  [[nodiscard]] Result<void> add_cookies(CURL* handle, const std::string& site);

  void need_robots(Host& host, const std::string& site);
  void use_rules(Host& host, std::string_view text);
  void robots_done(Host& host, Result<FetchedPage> answered);

  void collect_finished();
  void finish(Running running, int code);
  // Whether the job went on through another proxy.
  [[nodiscard]] bool judge_proxy(FetchJob& job, std::size_t proxy, Outcome& outcome);
  // Whether the job went on to another proxy, for a second opinion.
  [[nodiscard]] bool ask_once_more(FetchJob& job, std::size_t proxy, const Outcome& outcome);
  void slow_down(Host& host, const FetchJob& job, const Outcome& outcome);
  void retry_or_fail(FetchJob job, const Error& error,
                     std::optional<std::chrono::seconds> retry_after);
  void follow(FetchJob job, const std::string& location);
  static void answer(FetchJob& job, Result<FetchedPage> result);
  void stop_waiting();
  void abandon_running();
  [[nodiscard]] int wait_ms() const;
  [[nodiscard]] double random();
  [[nodiscard]] Timestamp now() const { return clock_.now(); }

  const NetworkSettings settings_;
  const SystemClock clock_;
  CurlMulti multi_;
  ProxyPool pool_;
  RobotsCache* robots_cache_;
  HostQueue queue_;
  std::map<std::string, CurlShare> cookies_;  // by site; outlives the transfers that share them
  std::list<Running> running_;
  std::mt19937_64 generator_;
};

}  // namespace dandelion
