// SPDX-License-Identifier: MIT
#include "pipeline/status.hpp"

#include "core/url.hpp"
#include "fetch/proxy_pool.hpp"
#include "publish/mirror_repository.hpp"

namespace dandelion {
namespace {

std::string head_of(const std::filesystem::path& folder) {
  auto repository = MirrorRepository::open(folder);
  if (!repository) return {};
  auto head = repository->head();
  return head ? head->value_or(std::string()) : std::string();
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
    auto known = store.mirror(site.name, name);
    if (!known) return tl::unexpected(known.error());
    const bool behind = !status.head.empty() && known->commit != status.head;
    std::optional<std::chrono::seconds> lag;
    if (behind && known->pushed) lag = now - *known->pushed;
    status.mirrors.push_back({name, redact_url(mirror->url), behind, lag, std::move(*known)});
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
