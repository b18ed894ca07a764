// SPDX-License-Identifier: MIT
#include "cli/json_values.hpp"

namespace dandelion {

using nlohmann::ordered_json;

ordered_json time_or_null(const std::optional<Timestamp>& time) {
  return time ? ordered_json(format_rfc3339(*time)) : ordered_json(nullptr);
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json state_or_null(const std::optional<MirrorState>& state) {
  return state ? ordered_json(state_name(*state)) : ordered_json(nullptr);
}

ordered_json since_or_null(const MirrorLife& life) {
  return life.state ? ordered_json(format_rfc3339(life.since)) : ordered_json(nullptr);
}

ordered_json suspicions_of(const MirrorLife& life) {
  ordered_json list = ordered_json::array();
  for (const MirrorSuspicion& suspicion : life.suspicions) {
    list.push_back({{"state", state_name(suspicion.state)},
                    {"seen_by", suspicion.view},
                    {"first", format_rfc3339(suspicion.first)},
                    {"sightings", suspicion.sightings}});
  }
  return list;
}

}  // namespace dandelion
