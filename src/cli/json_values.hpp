// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/clock.hpp"
#include "pipeline/mirror_life.hpp"

// What the commands' --json say, each thing in one way: times as RFC 3339 has them, null for what
// is not known.
namespace dandelion {

[[nodiscard]] nlohmann::ordered_json time_or_null(const std::optional<Timestamp>& time);
[[nodiscard]] nlohmann::ordered_json text_or_null(const std::string& text);

// A mirror's state, and since when it is believed.
[[nodiscard]] nlohmann::ordered_json state_or_null(const std::optional<MirrorState>& state);
[[nodiscard]] nlohmann::ordered_json since_or_null(const MirrorLife& life);

// Bad news of a mirror that is not believed yet.
[[nodiscard]] nlohmann::ordered_json suspicions_of(const MirrorLife& life);

}  // namespace dandelion
