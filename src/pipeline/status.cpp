// SPDX-License-Identifier: MIT
#include "pipeline/status.hpp"

#include "core/url.hpp"
#include "fetch/proxy_pool.hpp"
#include "pipeline/mirror_watch.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion {
namespace {

constexpr std::size_t changes_shown = 50;

std::string head_of(const std::filesystem::path& folder) {
  auto repository = MirrorRepository::open(folder);
  if (!repository) return {};
  auto head = repository->head();
  return head ? head->value_or(std::string()) : std::string();
}

Result<MirrorStatus> mirror_status(const Store& store, const std::string& site,
                                   const MirrorSettings& mirror, const std::string& head,
                                   Timestamp now) {
  MirrorStatus status;
  status.name = mirror.name;
  status.url = redact_url(mirror.url);
  auto known = store.mirror(site, mirror.name);
  if (!known) return tl::unexpected(known.error());
  status.record = std::move(*known);
  status.behind = !head.empty() && status.record.commit != head;
  if (status.behind && status.record.pushed) status.lag = now - *status.record.pushed;
  auto life = life_of(store, site, mirror);
  if (!life) return tl::unexpected(life.error());
  status.life = std::move(*life);
  status.is_spare = mirror.is_spare;
  status.is_named = is_named({.is_spare = mirror.is_spare,
                              .is_promoted = status.life.is_promoted,
                              .is_down = is_down(status.life.state)});
  auto changes = store.mirror_changes(site, mirror.name, changes_shown);
  if (!changes) return tl::unexpected(changes.error());
  status.changes = std::move(*changes);
  return status;
}

Result<SiteStatus> site_status(const Config& config, const Store& store, const SiteConfig& site,
                               Timestamp now) {
  SiteStatus status;
  status.name = site.name;
  status.repository = (config.output / site.name).string();
  status.head = head_of(config.output / site.name);
  auto record = store.site(site.name);
  if (!record) return tl::unexpected(record.error());
  status.record = std::move(*record);
  if (status.record.last_run && site.every.count() > 0)
    status.next_due = *status.record.last_run + site.every;
  if (status.record.last_success) status.lag = now - *status.record.last_success;
  auto runs = store.runs(site.name, 1);
  if (!runs) return tl::unexpected(runs.error());
  if (!runs->empty()) status.last = std::move(runs->front());
  auto counts = store.counts(site.name);
  if (!counts) return tl::unexpected(counts.error());
  status.counts = *counts;
  auto failures = store.failures(site.name);
  if (!failures) return tl::unexpected(failures.error());
  status.failures = std::move(*failures);
  auto quarantine = store.quarantined(site.name);
  if (!quarantine) return tl::unexpected(quarantine.error());
  status.quarantine = std::move(*quarantine);
  for (const std::string& name : site.mirrors) {
    const MirrorSettings* mirror = config.find_mirror(name);
    if (mirror == nullptr) continue;
    auto each = mirror_status(store, site.name, *mirror, status.head, now);
    if (!each) return tl::unexpected(each.error());
    status.mirrors.push_back(std::move(*each));
  }
  return status;
}

}  // namespace

Result<std::vector<SiteStatus>> read_status(const Config& config, Timestamp now) {
  auto store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(store.error());
  std::vector<SiteStatus> found;
  for (const SiteConfig& site : config.sites) {
    auto status = site_status(config, *store, site, now);
    if (!status) return tl::unexpected(status.error());
    found.push_back(std::move(*status));
  }
  return found;
}

Result<std::vector<ProxyHealth>> read_proxy_status(const Config& config) {
  auto store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(store.error());
  auto known = store->proxies();
  if (!known) return known;
  // One that was taken out of sites.yaml is of no interest any more.
  std::erase_if(*known, [&config](const ProxyHealth& health) {
    return std::none_of(
        config.network.proxies.begin(), config.network.proxies.end(),
        [&health](const ProxyAddress& proxy) { return proxy_name(proxy) == health.proxy; });
  });
  return known;
}

}  // namespace dandelion
