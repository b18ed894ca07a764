// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "core/clock.hpp"
#include "publish/api_request.hpp"

namespace dandelion {

// A host wants fewer requests.
struct RateLimit {
  std::optional<Timestamp> again;  // when it wants to be asked again; nullopt: it does not say
};

// Whether the answer says that: 429, or GitHub's 403 with Retry-After (RFC 9110, 10.2.3: seconds or
// a date), with nothing left of a limit, or with the words of its second limit alone.
[[nodiscard]] std::optional<RateLimit> find_rate_limit(const ApiAnswer& answer, Timestamp now);

}  // namespace dandelion
