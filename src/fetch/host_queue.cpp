// SPDX-License-Identifier: MIT
#include "fetch/host_queue.hpp"

#include <algorithm>
#include <cassert>

namespace dandelion {

Host& HostQueue::host(const std::string& origin) {
  const auto [found, is_new] = hosts_.try_emplace(origin, origin);
  if (is_new) found->second.delay = delay_;
  return found->second;
}

void HostQueue::push(Host& host, FetchJob job, SteadyClock::time_point now) {
  ++size_;
  if (job.is_robots) {
    host.robots_.push_back(std::move(job));
  } else if (job.not_before > now) {
    const auto at = job.not_before;
    host.later_.emplace(at, std::move(job));
  } else {
    host.waiting_.push_back(std::move(job));
  }
  place(host, now);
}

void HostQueue::close_for(Host& host, FetchJob robots, SteadyClock::time_point now) {
  assert(robots.is_robots);
  host.closed_ = true;
  push(host, std::move(robots), now);
}

void HostQueue::open(Host& host, SteadyClock::time_point now) {
  host.closed_ = false;
  place(host, now);
}

std::optional<SteadyClock::time_point> HostQueue::due(const Host& host) const {
  if (host.running_ >= per_host_) return std::nullopt;
  std::optional<SteadyClock::time_point> first;
  if (!host.robots_.empty()) first = host.robots_.front().not_before;
  if (!host.closed_) {
    const auto sooner = [&first](SteadyClock::time_point at) {
      first = std::min(first.value_or(at), at);
    };
    if (!host.waiting_.empty()) sooner(host.next_start_);
    if (!host.later_.empty()) sooner(host.later_.begin()->first);
  }
  return first ? std::optional(std::max(host.next_start_, *first)) : std::nullopt;
}

void HostQueue::place(Host& host, SteadyClock::time_point now) {
  if (host.place_ == Host::Place::timed) {
    timed_.erase(host.timed_);
    host.place_ = Host::Place::nowhere;
  }
  const auto at = due(host);
  // One that stands among the ready and is not any more is passed over when its turn comes.
  if (!at || host.place_ == Host::Place::ready) return;
  if (*at <= now) {
    host.place_ = Host::Place::ready;
    ready_.push_back(&host);
  } else {
    host.place_ = Host::Place::timed;
    host.timed_ = timed_.emplace(*at, &host);
  }
}

FetchJob HostQueue::take_from(Host& host, SteadyClock::time_point now) {
  FetchJob job;
  if (!host.robots_.empty() && (host.closed_ || host.robots_.front().not_before <= now)) {
    job = std::move(host.robots_.front());
    host.robots_.pop_front();
  } else if (!host.later_.empty() && host.later_.begin()->first <= now) {
    // Before those that never had a turn: it has waited longest.
    job = std::move(host.later_.extract(host.later_.begin()).mapped());
  } else {
    job = std::move(host.waiting_.front());
    host.waiting_.pop_front();
  }
  return job;
}

std::optional<HostQueue::Next> HostQueue::take(SteadyClock::time_point now) {
  while (!timed_.empty() && timed_.begin()->first <= now)
    place(*timed_.begin()->second, now);
  while (!ready_.empty()) {
    Host& host = *ready_.front();
    ready_.pop_front();
    host.place_ = Host::Place::nowhere;
    const auto at = due(host);
    if (!at || *at > now) {
      place(host, now);
      continue;
    }
    Next next{&host, take_from(host, now)};
    --size_;
    ++host.running_;
    place(host, now);
    return next;
  }
  return std::nullopt;
}

void HostQueue::started(Host& host, SteadyClock::time_point now) {
  host.next_start_ = std::max(host.next_start_, now + host.delay);
  place(host, now);
}

void HostQueue::finished(Host& host, SteadyClock::time_point now) {
  assert(host.running_ > 0);
  --host.running_;
  place(host, now);
}

void HostQueue::pause(Host& host, SteadyClock::time_point until, SteadyClock::time_point now) {
  host.next_start_ = std::max(host.next_start_, until);
  place(host, now);
}

std::vector<FetchJob> HostQueue::drain() {
  std::vector<FetchJob> all;
  for (auto& [origin, host] : hosts_) {
    std::move(host.robots_.begin(), host.robots_.end(), std::back_inserter(all));
    host.robots_.clear();
    std::move(host.waiting_.begin(), host.waiting_.end(), std::back_inserter(all));
    host.waiting_.clear();
    for (auto& [at, job] : host.later_)
      all.push_back(std::move(job));
    host.later_.clear();
  }
  for (Host* host : ready_)
    host->place_ = Host::Place::nowhere;
  for (auto& [at, host] : timed_)
    host->place_ = Host::Place::nowhere;
  ready_.clear();
  timed_.clear();
  size_ = 0;
  return all;
}

std::optional<SteadyClock::time_point> HostQueue::next_due() const {
  if (!ready_.empty()) return SteadyClock::time_point{};
  return timed_.empty() ? std::nullopt : std::optional(timed_.begin()->first);
}

}  // namespace dandelion
