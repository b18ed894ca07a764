// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "core/clock.hpp"

namespace dandelion {

// How long to wait before the next try, after `attempt` tries (from 1): half a second doubled with
// each, at most half a minute, spread over the upper half by `random` in [0, 1), so that many
// requests do not come back at once. What the server asked for by Retry-After is a floor that the
// ceiling does not cut.
[[nodiscard]] std::chrono::milliseconds retry_delay(
    int attempt, double random, std::optional<std::chrono::seconds> retry_after);

// Retry-After (RFC 9110, 10.2.3): seconds or a date, seen from `now`; nullopt where it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    Timestamp now);

}  // namespace dandelion
