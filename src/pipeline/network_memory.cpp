// SPDX-License-Identifier: MIT
#include "pipeline/network_memory.hpp"

namespace dandelion {
namespace {

// Older copies are of no use to anybody (RFC 9309, 2.4), but for an origin that answers nothing.
constexpr std::chrono::hours robots_memory{24 * 30};
constexpr std::size_t most_robots = 2'000;
// The rules for us alone: longer ones are asked for by each run.
constexpr std::size_t longest_robots = 64U << 10;

}  // namespace

void NetworkMemory::load(const std::filesystem::path& state) {
  auto store = Store::open(state, Store::Mode::read_only);
  if (!store) return;
  if (auto proxies = store->proxies()) proxies_ = std::move(*proxies);
  before_.emplace(std::move(*store));
}

Result<void> NetworkMemory::save(Store& store, const TransferEngine& engine) {
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  if (auto saved = store.set_proxies(engine.proxy_health()); !saved) return saved;
  for (const auto& [origin, robots] : fresh_) {
    if (auto saved = store.put_robots({origin, robots.text, robots.fetched}); !saved) return saved;
  }
  if (auto gone = store.forget_robots(clock_.now() - robots_memory, most_robots); !gone)
    return gone;
  return batch->commit();
}

std::optional<CachedRobots> NetworkMemory::find(const std::string& origin) {
  if (const auto found = fresh_.find(origin); found != fresh_.end()) return found->second;
  auto known = before_ ? before_->robots(origin) : Result<std::optional<RobotsRecord>>();
  if (!known || !*known) return std::nullopt;
  return CachedRobots{std::move((*known)->text), (*known)->fetched};
}

void NetworkMemory::keep(const std::string& origin, const CachedRobots& robots) {
  if (robots.text.size() <= longest_robots && fresh_.size() < most_robots) fresh_[origin] = robots;
}

}  // namespace dandelion
