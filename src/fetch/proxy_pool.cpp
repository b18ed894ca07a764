// SPDX-License-Identifier: MIT
#include "fetch/proxy_pool.hpp"

#include <algorithm>

namespace dandelion {

std::optional<std::size_t> ProxyPool::choose(const std::vector<std::size_t>& tried) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < proxies_.size(); ++i) {
    if (std::find(tried.begin(), tried.end(), i) != tried.end()) continue;
    if (!best || failures_[i] < failures_[*best]) best = i;
  }
  return best;
}

std::string ProxyPool::display() const {
  std::string list;
  for (const ProxyAddress& proxy : proxies_)
    list += (list.empty() ? "" : ", ") + proxy.display();
  return list;
}

}  // namespace dandelion
