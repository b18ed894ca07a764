// SPDX-License-Identifier: MIT
// From single sightings of a mirror to what is believed of it. Pure: no clock, no state, no
// network.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/records.hpp"

namespace dandelion {

// Who may see a mirror otherwise than others do. A third kind are readers behind a proxy that the
// operator has chosen: they go by its name ("socks5h://127.0.0.1:9050").
inline constexpr std::string_view owner_view = "owner";    // by the host's interface and by git
inline constexpr std::string_view reader_view = "reader";  // without an account

// What one look at a mirror, or one push to it, showed.
struct Sighting {
  MirrorState state = MirrorState::live;
  std::string detail;  // the reason; may be empty
  // Who saw it: of bad news the one that it came from, of good news all that it holds for.
  std::vector<std::string> views;
};

struct MirrorStep {
  MirrorLife life;
  std::optional<MirrorChange> change;  // absent where the state stayed what it was
};

// What is believed of a mirror after a sighting. Good news (live, behind) counts at once, for those
// who saw it: a push that went through says nothing of a mirror that readers do not get. Bad news
// may be an error of the host or of the way there, and is believed when it came again with no good
// news from there in between: `taken_down` twice, 30 minutes apart or more; `gone`, `geo_blocked`
// and `unreachable` three times, over six hours or more. It holds since it was seen first.
[[nodiscard]] MirrorStep next_life(MirrorLife life, const Sighting& sighting, Timestamp now);

// "live", "geo-blocked", "taken-down" …
[[nodiscard]] std::string_view state_name(MirrorState state);

// Whether nobody gets the mirror: taken down, gone or unreachable. A mirror that is blocked for
// some readers is there for others; nothing known is nothing bad.
[[nodiscard]] bool is_down(const std::optional<MirrorState>& state);

// One mirror of a site, as far as it matters who is told of it.
struct MirrorStanding {
  bool is_spare = false;  // by `spare: true`
  bool is_promoted = false;
  bool is_down = false;
  bool is_filled = false;  // whether anything was ever pushed to it
};

// Whether readers are told of it: not of a spare that is not needed, and not of one that is down.
[[nodiscard]] bool is_named(const MirrorStanding& mirror);

// The places of the spares that have to step in, so that readers are told of as many mirrors as
// there are without spares: the first ones that are up and hold the site. A spare that once stepped
// in goes on counting when the mirror that it stood in for is back.
[[nodiscard]] std::vector<std::size_t> spares_to_promote(
    const std::vector<MirrorStanding>& mirrors);

}  // namespace dandelion
