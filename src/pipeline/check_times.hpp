// SPDX-License-Identifier: MIT
// When a page is looked at again. Pure: the same facts give the same times.
#pragma once

#include <chrono>

#include "state/records.hpp"

namespace dandelion {

constexpr std::chrono::seconds shortest_recheck = std::chrono::minutes(30);
constexpr std::chrono::seconds longest_recheck = std::chrono::days(30);
// Two answers of 404 or 410 this far apart, and nothing else between them, withdraw a page.
constexpr std::chrono::seconds withdrawal_gap = std::chrono::days(1);
// What failed this often and was not listed for this long is given up.
constexpr int attempts_before_giving_up = 10;
constexpr std::chrono::seconds listing_before_giving_up = std::chrono::days(30);

// The interval for a page that is new or was just changed: a tenth of its age, as caches guess
// (RFC 9111, 4.2.2), between the two above. Of a page without a time of publication nothing is
// known: the shortest.
[[nodiscard]] std::chrono::seconds first_recheck(const PageRecord& page, Timestamp now);

// Twice the interval, up to the longest.
[[nodiscard]] std::chrono::seconds next_recheck(std::chrono::seconds interval);

// Sets `checked`, `recheck` and `next_check`. Up to an eighth is added to the interval, by the
// page's address, so that pages that came together do not stay together.
void schedule_check(PageRecord& page, std::chrono::seconds interval, Timestamp now);

// When an address that failed `attempts` times is tried again: the next run after the first
// failure, then half an hour later, an hour, two … up to a week.
[[nodiscard]] Timestamp next_try(int attempts, Timestamp now);

}  // namespace dandelion
