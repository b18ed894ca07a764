// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "state/store.hpp"

namespace dandelion {

// What one run's engine leaves for the next one's: how the proxies did, and each origin's
// robots.txt. It must outlive the engine that it was given to.
//
//   NetworkMemory memory(clock);
//   memory.load(config.state);
//   auto engine = TransferEngine::create(config.network, memory.for_engine());
//   … a run …
//   memory.save(store, **engine);
class NetworkMemory final : public RobotsCache {
 public:
  explicit NetworkMemory(const Clock& clock) : clock_(clock) {}

  // Reads the state, if there is one; what cannot be read is just not remembered.
  void load(const std::filesystem::path& state);
  [[nodiscard]] EngineMemory for_engine() { return {proxies_, this}; }
  [[nodiscard]] Result<void> save(Store& store, const TransferEngine& engine);

  [[nodiscard]] std::optional<CachedRobots> find(const std::string& origin) override;
  void keep(const std::string& origin, const CachedRobots& robots) override;

 private:
  const Clock& clock_;
  std::vector<ProxyHealth> proxies_;
  std::optional<Store> before_;                             // as earlier runs left it
  std::map<std::string, CachedRobots, std::less<>> fresh_;  // of this run
};

}  // namespace dandelion
