// SPDX-License-Identifier: MIT
#include "pipeline/network_memory.hpp"

namespace dandelion {
namespace {

// Older copies are of no use to anybody (RFC 9309, 2.4), but for an origin that answers nothing.
constexpr std::chrono::hours robots_memory{24 * 30};

}  // namespace

void NetworkMemory::load(const std::filesystem::path& state) {
  auto store = Store::open(state, Store::Mode::read_only);
  if (!store) return;
  if (auto proxies = store->proxies()) proxies_ = std::move(*proxies);
  if (auto robots = store->robots()) {
    for (RobotsRecord& record : *robots)
      robots_[record.origin] = {std::move(record.text), record.fetched};
  }
}

Result<void> NetworkMemory::save(Store& store, const TransferEngine& engine) {
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  if (auto saved = store.set_proxies(engine.proxy_health()); !saved) return saved;
  for (const auto& [origin, robots] : fresh_) {
    if (auto saved = store.put_robots({origin, robots.text, robots.fetched}); !saved) return saved;
  }
  if (auto gone = store.forget_robots(clock_.now() - robots_memory); !gone) return gone;
  return batch->commit();
}

std::optional<CachedRobots> NetworkMemory::find(const std::string& origin) {
  const auto found = robots_.find(origin);
  return found == robots_.end() ? std::nullopt : std::optional(found->second);
}

void NetworkMemory::keep(const std::string& origin, const CachedRobots& robots) {
  robots_[origin] = robots;
  fresh_[origin] = robots;
}

}  // namespace dandelion
