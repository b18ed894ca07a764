// SPDX-License-Identifier: MIT
#include "pipeline/mirror_life.hpp"

#include <algorithm>

namespace dandelion {
namespace {

// What makes bad news worth believing.
struct Proof {
  int sightings = 0;
  std::chrono::seconds span{};
};

Proof proof_of(MirrorState state) {
  if (state == MirrorState::taken_down) return {2, std::chrono::minutes(30)};
  return {3, std::chrono::hours(6)};
}

bool is_good(MirrorState state) {
  return state == MirrorState::live || state == MirrorState::behind;
}

bool saw_it(const Sighting& sighting, const std::string& view) {
  return std::find(sighting.views.begin(), sighting.views.end(), view) != sighting.views.end();
}

MirrorStep changed(MirrorLife life, const Sighting& sighting, Timestamp since, Timestamp now) {
  MirrorChange change;
  change.at = now;
  change.from = life.state;
  change.to = sighting.state;
  change.since = since;
  change.detail = sighting.detail;
  life.state = sighting.state;
  life.since = since;
  life.detail = sighting.detail;
  life.view = is_good(sighting.state) || sighting.views.empty() ? "" : sighting.views.front();
  life.suspicions.clear();
  return {std::move(life), std::move(change)};
}

MirrorStep after_good_news(MirrorLife life, const Sighting& sighting, Timestamp now) {
  std::erase_if(life.suspicions,
                [&](const MirrorSuspicion& suspicion) { return saw_it(sighting, suspicion.view); });
  const bool holds_for_it = !life.state || is_good(*life.state) || saw_it(sighting, life.view);
  if (!holds_for_it) return {std::move(life), std::nullopt};
  if (life.state == sighting.state) {
    life.detail = sighting.detail;
    return {std::move(life), std::nullopt};
  }
  auto left = std::move(life.suspicions);
  MirrorStep step = changed(std::move(life), sighting, now, now);
  step.life.suspicions = std::move(left);
  return step;
}

}  // namespace

MirrorStep next_life(MirrorLife life, const Sighting& sighting, Timestamp now) {
  life.seen = now;
  if (is_good(sighting.state)) return after_good_news(std::move(life), sighting, now);
  const std::string view = sighting.views.empty() ? std::string() : sighting.views.front();
  if (life.state == sighting.state) {
    // Of several exits that are blocked the first has to be open again.
    if (sighting.state != MirrorState::geo_blocked) life.view = view;
    if (life.view == view) life.detail = sighting.detail;
    life.suspicions.clear();
    return {std::move(life), std::nullopt};
  }
  auto found = std::find_if(life.suspicions.begin(), life.suspicions.end(),
                            [&](const MirrorSuspicion& suspicion) {
                              return suspicion.state == sighting.state && suspicion.view == view;
                            });
  if (found == life.suspicions.end())
    found = life.suspicions.insert(found, {sighting.state, view, now, 0});
  ++found->sightings;
  const Proof proof = proof_of(sighting.state);
  const Timestamp first = found->first;
  if (found->sightings < proof.sightings || now - first < proof.span)
    return {std::move(life), std::nullopt};
  return changed(std::move(life), sighting, first, now);
}

std::string_view state_name(MirrorState state) {
  switch (state) {
    case MirrorState::live:
      return "live";
    case MirrorState::behind:
      return "behind";
    case MirrorState::geo_blocked:
      return "geo-blocked";
    case MirrorState::taken_down:
      return "taken-down";
    case MirrorState::gone:
      return "gone";
    case MirrorState::unreachable:
      break;
  }
  return "unreachable";
}

bool is_down(const std::optional<MirrorState>& state) {
  return state == MirrorState::taken_down || state == MirrorState::gone ||
         state == MirrorState::unreachable;
}

bool is_named(const MirrorStanding& mirror) {
  return (!mirror.is_spare || mirror.is_promoted) && !mirror.is_down;
}

std::vector<std::size_t> spares_to_promote(const std::vector<MirrorStanding>& mirrors) {
  const auto count = [&](auto which) {
    return std::count_if(mirrors.begin(), mirrors.end(), which);
  };
  auto missing = count([](const MirrorStanding& each) { return !each.is_spare; }) - count(is_named);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < mirrors.size() && missing > 0; ++i) {
    const MirrorStanding& each = mirrors[i];
    if (!each.is_spare || each.is_promoted || each.is_down || !each.is_filled) continue;
    chosen.push_back(i);
    --missing;
  }
  return chosen;
}

}  // namespace dandelion
