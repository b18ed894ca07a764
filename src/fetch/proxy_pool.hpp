// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/network_settings.hpp"

namespace dandelion {

// Which of several proxies to use: the one with the fewest failures in a row, the order of
// sites.yaml between equals.
class ProxyPool {
 public:
  explicit ProxyPool(const std::vector<ProxyAddress>& proxies)
      : proxies_(proxies), failures_(proxies.size(), 0) {}

  [[nodiscard]] bool direct() const { return proxies_.empty(); }

  // The best proxy that is not among `tried`; nullopt where all are. Not for direct().
  [[nodiscard]] std::optional<std::size_t> choose(const std::vector<std::size_t>& tried) const;

  void succeeded(std::size_t proxy) { failures_.at(proxy) = 0; }
  void failed(std::size_t proxy) { ++failures_.at(proxy); }

  // "socks5h://127.0.0.1:9050, http://proxy.example:3128": without user names.
  [[nodiscard]] std::string display() const;

 private:
  const std::vector<ProxyAddress>& proxies_;
  std::vector<int> failures_;
};

}  // namespace dandelion
