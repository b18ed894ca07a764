// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/network_settings.hpp"
#include "core/proxy_health.hpp"

namespace dandelion {

// What a proxy's record goes by, without what is secret: two users of one proxy may well fare
// differently.
[[nodiscard]] std::string proxy_name(const ProxyAddress& proxy);

// Which of several proxies to use. Each site has its own order: by the share of recent answers that
// were good, and between near equals the order of sites.yaml. Above it stands a circuit breaker for
// each proxy: after `failures_to_open` failures of its own in a row it rests, first half a minute,
// then twice as long each time up to ten minutes; then one try decides.
class ProxyPool {
 public:
  static constexpr int failures_to_open = 3;
  static constexpr std::chrono::seconds shortest_rest{30};
  static constexpr std::chrono::seconds longest_rest{600};
  // What an earlier run learnt counts for so long.
  static constexpr std::chrono::hours memory{24};

  // `proxies` must outlive the pool. `known` is what health() gave before; entries of other proxies
  // and stale ones are passed over.
  ProxyPool(const std::vector<ProxyAddress>& proxies, const std::vector<ProxyHealth>& known,
            Timestamp now);

  [[nodiscard]] bool direct() const { return proxies_.empty(); }
  [[nodiscard]] std::size_t size() const { return proxies_.size(); }

  struct Choice {
    std::optional<std::size_t> proxy;  // none: all that are left are at rest …
    Timestamp rested;                  // … until then
  };
  // The best proxy for the site that is not among `tried`. Not for direct(), nor where all are
  // tried.
  [[nodiscard]] Choice choose(const std::string& site, const std::vector<std::size_t>& tried,
                              Timestamp now) const;

  void succeeded(const std::string& site, std::size_t proxy, Timestamp now);
  // The proxy itself did not work.
  void failed(const std::string& site, std::size_t proxy, Timestamp now, std::string error);
  // The proxy worked, but the site would not answer through it: only this site's order changes.
  void turned_away(const std::string& site, std::size_t proxy, Timestamp now, std::string error);

  // It answered, but with what the site did not say: that weighs as much as several failures.
  void distrusted(const std::string& site, std::size_t proxy, Timestamp now, std::string error);

  // "socks5h://127.0.0.1:9050, http://proxy.example:3128": without user names.
  [[nodiscard]] std::string display() const;
  [[nodiscard]] const ProxyAddress& at(std::size_t proxy) const { return proxies_.at(proxy); }

  // One entry for each proxy and site that met, in that order.
  [[nodiscard]] std::vector<ProxyHealth> health() const;

 private:
  struct Breaker {
    int failures = 0;
    Timestamp rested{};
  };
  ProxyHealth& entry(const std::string& site, std::size_t proxy);
  void rest(std::size_t proxy, Timestamp failed);

  const std::vector<ProxyAddress>& proxies_;
  std::vector<Breaker> breakers_;
  std::map<std::pair<std::size_t, std::string>, ProxyHealth> health_;
};

}  // namespace dandelion
