// SPDX-License-Identifier: MIT
#include "fetch/proxy_pool.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/sha256.hpp"

namespace dandelion {
namespace {

// How much the last answer counts against all before it.
constexpr double weight = 0.2;

// Proxies whose scores differ by less are equals, so that one slow answer does not move a site from
// exit to exit.
constexpr double same_score = 0.25;

double rank(double score) {
  return std::floor(std::min(score, 0.99) / same_score);
}

}  // namespace

std::string proxy_name(const ProxyAddress& proxy) {
  if (proxy.user.empty()) return proxy.display();
  return fmt::format("{} (user {})", proxy.display(), sha256_hex(proxy.user).substr(0, 8));
}

ProxyPool::ProxyPool(const std::vector<ProxyAddress>& proxies,
                     const std::vector<ProxyHealth>& known, Timestamp now)
    : proxies_(proxies), breakers_(proxies.size()) {
  for (const ProxyHealth& past : known) {
    const auto last = std::max(past.last_success, past.last_failure);
    if (!last || *last + memory < now || *last > now) continue;
    for (std::size_t i = 0; i < proxies_.size(); ++i) {
      if (proxy_name(proxies_[i]) != past.proxy) continue;
      health_[{i, past.site}] = past;
      if (past.failures <= breakers_[i].failures || !past.last_failure) continue;
      breakers_[i].failures = past.failures;
      rest(i, *past.last_failure);
    }
  }
}

ProxyHealth& ProxyPool::entry(const std::string& site, std::size_t proxy) {
  ProxyHealth& found = health_[{proxy, site}];
  if (found.proxy.empty()) {
    found.proxy = proxy_name(proxies_.at(proxy));
    found.site = site;
  }
  return found;
}

void ProxyPool::rest(std::size_t proxy, Timestamp failed) {
  Breaker& breaker = breakers_.at(proxy);
  if (breaker.failures < failures_to_open) return;
  const int doublings = std::min(breaker.failures - failures_to_open, 10);
  breaker.rested = failed + std::min(shortest_rest * (1 << doublings), longest_rest);
}

ProxyPool::Choice ProxyPool::choose(const std::string& site, const std::vector<std::size_t>& tried,
                                    Timestamp now) const {
  Choice best;
  double best_rank = -1;
  for (std::size_t i = 0; i < proxies_.size(); ++i) {
    if (std::find(tried.begin(), tried.end(), i) != tried.end()) continue;
    const Timestamp rested = breakers_[i].rested;
    if (rested > now) {
      if (best.rested == Timestamp{} || rested < best.rested) best.rested = rested;
      continue;
    }
    const auto known = health_.find({i, site});
    const double its_rank = rank(known == health_.end() ? 1 : known->second.score);
    if (its_rank > best_rank) {
      best.proxy = i;
      best_rank = its_rank;
    }
  }
  return best;
}

void ProxyPool::succeeded(const std::string& site, std::size_t proxy, Timestamp now) {
  if (breakers_.at(proxy).failures > 0) {
    breakers_.at(proxy) = {};
    for (auto& [key, past] : health_) {
      if (key.first == proxy) past.failures = 0;
    }
  }
  ProxyHealth& known = entry(site, proxy);
  known.score += (1 - known.score) * weight;
  known.last_success = now;
}

void ProxyPool::failed(const std::string& site, std::size_t proxy, Timestamp now,
                       std::string error) {
  Breaker& breaker = breakers_.at(proxy);
  // Transfers that were on their way when it broke tell nothing new.
  if (breaker.rested <= now) {
    ++breaker.failures;
    rest(proxy, now);
  }
  turned_away(site, proxy, now, std::move(error));
  entry(site, proxy).failures = breaker.failures;
}

void ProxyPool::turned_away(const std::string& site, std::size_t proxy, Timestamp now,
                            std::string error) {
  ProxyHealth& known = entry(site, proxy);
  known.score -= known.score * weight;
  known.last_failure = now;
  known.last_error = std::move(error);
}

void ProxyPool::distrusted(const std::string& site, std::size_t proxy, Timestamp now,
                           std::string error) {
  turned_away(site, proxy, now, std::move(error));
  entry(site, proxy).score /= 2;
}

std::string ProxyPool::display() const {
  std::string list;
  for (const ProxyAddress& proxy : proxies_)
    list += (list.empty() ? "" : ", ") + proxy.display();
  return list;
}

std::vector<ProxyHealth> ProxyPool::health() const {
  std::vector<ProxyHealth> all;
  all.reserve(health_.size());
  for (const auto& [key, known] : health_)
    all.push_back(known);
  return all;
}

}  // namespace dandelion
