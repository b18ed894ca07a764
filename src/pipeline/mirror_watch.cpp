// SPDX-License-Identifier: MIT
#include "pipeline/mirror_watch.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <variant>

#include "core/log.hpp"
#include "core/mirror_addresses.hpp"
#include "fetch/way_out.hpp"
#include "pipeline/notify.hpp"
#include "publish/push_target.hpp"

namespace dandelion {
namespace {

bool is_out_of_reach(const MirrorSeen& seen) {
  return seen.sighting && seen.sighting->state == MirrorState::unreachable;
}

// The host that a push to it has to get through to, beyond this machine and its network; empty:
// none.
std::string far_host(const MirrorSettings& mirror, const NetworkSettings& network) {
  const auto target = parse_target(mirror.url);
  if (!target || std::holds_alternative<LocalTarget>(*target)) return {};
  const std::string host = host_of(mirror);
  const bool is_near = network.proxies.empty() && may_see_token(host) && !host.ends_with(".onion");
  return is_near ? std::string() : host;
}

bool has_address(const MirrorSettings& mirror) {
  return !mirror.public_url.empty() || !mirror.pages_url.empty();
}

bool is_bad(const std::optional<MirrorState>& state) {
  return state && *state > MirrorState::behind;
}

void log_change(const std::string& site, const MirrorChange& change) {
  if (!is_news(change)) return;
  if (is_bad(change.to) || !change.to) {
    log_warning("{}", words_of(site, change));
  } else {
    log_info("{}", words_of(site, change));
  }
}

Result<MirrorStanding> standing_of(const Store& store, const std::string& site,
                                   const MirrorSettings& mirror) {
  auto life = life_of(store, site, mirror);
  if (!life) return tl::unexpected(life.error());
  auto record = record_of(store, site, mirror);
  if (!record) return tl::unexpected(record.error());
  return MirrorStanding{.is_spare = mirror.is_spare,
                        .is_promoted = life->is_promoted,
                        .is_down = is_down(life->state),
                        .is_filled = !record->commit.empty()};
}

// The work on one site's mirrors, in one transaction.
class Watch {
 public:
  Watch(const Config& config, const SiteConfig& site, Store& store, Timestamp now)
      : config_(config), site_(site), store_(store), now_(now) {}

  Result<void> take(const MirrorSeen& seen) {
    const MirrorSettings* mirror = config_.find_mirror(seen.mirror);
    if (mirror == nullptr || (!seen.sighting && !seen.moved_to)) return {};
    auto life = life_of(store_, site_.name, *mirror);
    if (!life) return tl::unexpected(life.error());
    if (seen.moved_to) life->moved_to = *seen.moved_to;
    if (!seen.sighting) return keep(*mirror, *life, {});
    MirrorStep step = next_life(std::move(*life), *seen.sighting, now_);
    return keep(*mirror, step.life, std::move(step.change));
  }

  Result<void> promote_spares() {
    std::vector<const MirrorSettings*> mirrors;
    std::vector<MirrorStanding> standings;
    for (const std::string& name : site_.mirrors) {
      const MirrorSettings* mirror = config_.find_mirror(name);
      if (mirror == nullptr) continue;
      auto standing = standing_of(store_, site_.name, *mirror);
      if (!standing) return tl::unexpected(standing.error());
      mirrors.push_back(mirror);
      standings.push_back(*standing);
    }
    for (const std::size_t place : spares_to_promote(standings)) {
      auto life = life_of(store_, site_.name, *mirrors[place]);
      if (!life) return tl::unexpected(life.error());
      life->is_promoted = true;
      MirrorChange change;
      change.at = change.since = now_;
      change.from = life->state;
      if (auto kept = keep(*mirrors[place], *life, std::move(change)); !kept) return kept;
    }
    return {};
  }

  void log_changes() const {
    for (const MirrorChange& change : changes_)
      log_change(site_.name, change);
  }

 private:
  Result<void> keep(const MirrorSettings& mirror, const MirrorLife& life,
                    std::optional<MirrorChange> change) {
    std::vector<MirrorChange> changes;
    if (change) {
      change->mirror = mirror.name;
      change->is_told = !is_news(*change);
      changes_.push_back(*change);
      changes.push_back(std::move(*change));
    }
    return store_.set_mirror_life(site_.name, mirror.name, life, changes);
  }

  const Config& config_;
  const SiteConfig& site_;
  Store& store_;
  Timestamp now_;
  std::vector<MirrorChange> changes_;
};

}  // namespace

std::string drop_own_outage(const Config& config, std::vector<MirrorSeen>& seen) {
  std::vector<MirrorSeen*> silent;
  std::set<std::string> hosts;
  for (MirrorSeen& each : seen) {
    const MirrorSettings* mirror = config.find_mirror(each.mirror);
    if (mirror == nullptr || !each.sighting) continue;
    const std::string host = far_host(*mirror, config.network);
    if (host.empty()) continue;
    if (!is_out_of_reach(each)) return {};
    silent.push_back(&each);
    hosts.insert(host);
  }
  if (silent.empty()) return {};
  std::string reason = own_outage(config.network, *hosts.begin());
  if (reason.empty() && hosts.size() > 1) reason = "no mirror's host answers";
  if (reason.empty()) return {};
  for (MirrorSeen* each : silent)
    each->sighting.reset();
  return reason;
}

Result<void> note_sightings(const Config& config, const SiteConfig& site, Store& store,
                            const std::vector<MirrorSeen>& seen, Timestamp now) {
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  Watch watch(config, site, store, now);
  for (const MirrorSeen& each : seen) {
    if (auto taken = watch.take(each); !taken) return taken;
  }
  if (auto promoted = watch.promote_spares(); !promoted) return promoted;
  if (auto kept = batch->commit(); !kept) return kept;
  watch.log_changes();
  return {};
}

Result<MirrorLife> life_of(const Store& store, const std::string& site,
                           const MirrorSettings& mirror) {
  auto life = store.mirror_life(site, mirror.name);
  if (!life || (life->url == mirror.url && life->branch == mirror.branch)) return life;
  MirrorLife fresh;
  fresh.url = mirror.url;
  fresh.branch = mirror.branch;
  fresh.is_promoted = life->is_promoted;
  return fresh;
}

Result<MirrorRecord> record_of(const Store& store, const std::string& site,
                               const MirrorSettings& mirror) {
  auto record = store.mirror(site, mirror.name);
  const bool is_there = record && record->url == mirror.url && record->branch == mirror.branch;
  if (record && !is_there) return MirrorRecord{};
  return record;
}

std::optional<Timestamp> rest_of(const MirrorRecord& known, Timestamp now) {
  const auto& until = known.not_before;
  return until && now < *until && *until - now <= longest_rest ? until : std::nullopt;
}

Result<void> forget_pushes(const Config& config, const MirrorSettings& mirror) {
  auto store = Store::open(config.state, Store::Mode::read_write);
  if (!store) return tl::unexpected(store.error());
  for (const SiteConfig& site : config.sites) {
    for (const std::string& name : site.mirrors) {
      const MirrorSettings* other = config.find_mirror(name);
      if (other == nullptr || !is_one_repository(*other, mirror)) continue;
      if (auto done = store->set_mirror(site.name, name, MirrorRecord{}); !done) return done;
    }
  }
  return {};
}

Result<std::vector<MirrorSettings>> named_mirrors(const Config& config, const SiteConfig& site,
                                                  const Store& store) {
  std::vector<MirrorSettings> named;
  std::vector<MirrorSettings> named_before;  // and those that we do not reach now
  std::string unreached;
  for (const std::string& name : site.mirrors) {
    const MirrorSettings* mirror = config.find_mirror(name);
    if (mirror == nullptr) continue;
    auto standing = standing_of(store, site.name, *mirror);
    if (!standing) return tl::unexpected(standing.error());
    const auto life = life_of(store, site.name, *mirror);
    if (!life) return tl::unexpected(life.error());
    if (is_named(*standing)) named.push_back(*mirror);
    const bool is_unreached = life->state == MirrorState::unreachable && has_address(*mirror);
    standing->is_down = standing->is_down && !is_unreached;
    if (!is_named(*standing)) continue;
    named_before.push_back(*mirror);
    if (is_unreached) unreached += (unreached.empty() ? "" : ", ") + name;
  }
  if (unreached.empty() || std::any_of(named.begin(), named.end(), has_address)) return named;
  log_warning(
      "{}: no mirror with an address for readers can be reached; they go on being told of "
      "{}",
      site.name, unreached);
  return named_before;
}

std::string words_of(const std::string& site, const MirrorChange& change) {
  if (!change.to) {
    return fmt::format("{}: mirror {} was a spare and steps in: readers are told of it", site,
                       change.mirror);
  }
  return fmt::format("{}: mirror {} is {} since {}{}{}", site, change.mirror,
                     state_name(*change.to), format_rfc3339(change.since),
                     change.detail.empty() ? "" : ": ", change.detail);
}

Result<bool> names_changed_since(const SiteConfig& site, const Store& store, Timestamp time) {
  constexpr std::size_t looked_through = 20;
  for (const std::string& mirror : site.mirrors) {
    auto changes = store.mirror_changes(site.name, mirror, looked_through);
    if (!changes) return tl::unexpected(changes.error());
    for (const MirrorChange& change : *changes) {
      const bool is_other = !change.to || is_down(change.from) != is_down(change.to);
      if (is_other && change.at >= time) return true;
    }
  }
  return false;
}

Result<void> tell_mirror_changes(const Config& config, TransferEngine* engine) {
  std::unique_ptr<TransferEngine> own;
  auto store = Store::open(config.state, Store::Mode::read_write);
  if (!store) return tl::unexpected(store.error());
  for (const SiteConfig& site : config.sites) {
    auto changes = store->untold_mirror_changes(site.name);
    if (!changes) return tl::unexpected(changes.error());
    if (!changes->empty() && engine == nullptr) {
      auto made = TransferEngine::create(config.network);
      if (!made) return tl::unexpected(made.error());
      own = std::move(*made);
      engine = own.get();
    }
    for (const MirrorChange& change : *changes) {
      const MirrorNotice notice{
          change.to ? "mirror-" + std::string(state_name(*change.to)) : "mirror-named",
          is_bad(change.to), words_of(site.name, change) + "\n"};
      if (auto told = notify_of_mirror(config.notify, notice, *engine); !told) return told;
      if (auto noted = store->set_told(change); !noted) return noted;
    }
  }
  return {};
}

bool is_news(const MirrorChange& change) {
  return !change.to || is_bad(change.from) || is_bad(change.to);
}

}  // namespace dandelion
