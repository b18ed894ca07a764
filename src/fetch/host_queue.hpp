// SPDX-License-Identifier: MIT
// The requests that wait, by origin; multi_engine.cpp is its only user.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fetch/robots.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

using SteadyClock = std::chrono::steady_clock;

// One request with what has become of it so far.
struct FetchJob {
  // What most requests never need.
  struct Detour {
    std::string url;                     // where the redirects have led so far; empty: nowhere yet
    std::vector<std::string> redirects;  // the addresses before it
    std::vector<std::size_t> tried_proxies;
    std::optional<std::size_t> said_gone;  // the proxy by which the page was not there
  };
  FetchRequest request;
  TransferEngine::Done done;
  std::unique_ptr<Detour> detour{};
  SteadyClock::time_point not_before{};
  int attempts = 0;
  bool is_robots = false;

  [[nodiscard]] const std::string& url() const {
    return detour && !detour->url.empty() ? detour->url : request.url;
  }
  [[nodiscard]] Detour& take_detour() {
    if (!detour) detour = std::make_unique<Detour>();
    return *detour;
  }
};

// One origin (scheme, host and port): its queue, and what its robots.txt says.
class HostQueue;
class Host {
 public:
  explicit Host(std::string its_origin) : origin(std::move(its_origin)) {}

  const std::string origin;
  RobotsRules rules;
  std::optional<Error> robots_error;                   // why nothing may be fetched from it now
  std::optional<SteadyClock::time_point> robots_read;  // none: not yet
  std::chrono::milliseconds delay{0};
  std::optional<Error> resting;  // it wants us back later than we wait: nothing goes out to it now

 private:
  friend class HostQueue;
  enum class Place { nowhere, ready, timed };
  std::deque<FetchJob> waiting_;
  std::multimap<SteadyClock::time_point, FetchJob> later_;
  std::deque<FetchJob> robots_;  // go before all others (a redirect may bring another host's)
  bool closed_ = false;          // until the rules are known
  int running_ = 0;
  SteadyClock::time_point next_start_{};
  Place place_ = Place::nowhere;
  std::multimap<SteadyClock::time_point, Host*>::iterator timed_;
};

// Hosts take turns, so that one with a long queue or slow answers does not hold up the others; each
// has a limit of running requests and a delay between two starts. What a call costs grows with the
// logarithm of the hosts that wait for their time, not with the number of requests.
class HostQueue {
 public:
  // `delay`: between two starts at one host, where its own `delay` says nothing else.
  explicit HostQueue(int per_host, std::chrono::milliseconds delay = {})
      : per_host_(per_host), delay_(delay) {}

  // The host of that origin, made where it is new. Stays where it is as long as the queue does.
  [[nodiscard]] Host& host(const std::string& origin);

  void push(Host& host, FetchJob job, SteadyClock::time_point now);
  // Only this request may start from now on, until open().
  void close_for(Host& host, FetchJob robots, SteadyClock::time_point now);
  void open(Host& host, SteadyClock::time_point now);

  struct Next {
    Host* host;
    FetchJob job;
  };
  // The next request whose time has come; it counts as running until finished(). What of it went
  // out is for the caller to tell by started(), for the delay.
  [[nodiscard]] std::optional<Next> take(SteadyClock::time_point now);
  void started(Host& host, SteadyClock::time_point now);
  void finished(Host& host, SteadyClock::time_point now);
  // Nothing more goes out to the host before that: it has said that we come too often.
  void pause(Host& host, SteadyClock::time_point until, SteadyClock::time_point now);

  // Everything that waits, taken out.
  [[nodiscard]] std::vector<FetchJob> drain();

  [[nodiscard]] std::size_t size() const { return size_; }
  // When take() may give something; nullopt: when something else has finished.
  [[nodiscard]] std::optional<SteadyClock::time_point> next_due() const;

 private:
  void place(Host& host, SteadyClock::time_point now);
  [[nodiscard]] std::optional<SteadyClock::time_point> due(const Host& host) const;
  [[nodiscard]] static FetchJob take_from(Host& host, SteadyClock::time_point now);

  const int per_host_;
  const std::chrono::milliseconds delay_;
  std::size_t size_ = 0;
  std::map<std::string, Host, std::less<>> hosts_;
  std::deque<Host*> ready_;
  std::multimap<SteadyClock::time_point, Host*> timed_;
};

}  // namespace dandelion
