// SPDX-License-Identifier: MIT
// Months, as the lists and the search page's index are cut by them.
#pragma once

#include <utility>

#include "state/records.hpp"

namespace dandelion {

// Its year, and 1 to 12; {0, 0} for pages without a date.
using Month = std::pair<int, unsigned>;

[[nodiscard]] Month month_of(const PageRecord& page);

// The listed pages of a month.
[[nodiscard]] ListScope month_scope(const Month& month);

}  // namespace dandelion
