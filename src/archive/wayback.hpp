// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

// A copy in the Wayback Machine (web.archive.org), by its time: YYYYMMDDhhmmss, in UTC.
struct Snapshot {
  std::string digits;  // fourteen, a date that there is
  Timestamp time;
};

// Where that archive says which copy of an address it has
// (https://archive.org/help/wayback_api.php). User and password stay here.
[[nodiscard]] std::string wayback_question(std::string_view url);

constexpr std::size_t most_wayback_answer = 64U << 10;  // bytes

// The closest copy that the answer names; nullopt where there is none. Of what it says only the
// time is used. malformed where it is no such answer.
[[nodiscard]] Result<std::optional<Snapshot>> read_wayback_answer(std::string_view json);

// Where the copy lies as the archive got it: no banner, addresses as they were. The archive leads
// on from there to the copy that is closest in time.
[[nodiscard]] std::string snapshot_address(const Snapshot& snapshot, std::string_view url);

// What lies at such an address; nullopt where it is none, or none of that archive's.
struct ArchivedAddress {
  Snapshot snapshot;
  std::string url;  // where the page was
};
[[nodiscard]] std::optional<ArchivedAddress> read_snapshot_address(std::string_view address);

}  // namespace dandelion
