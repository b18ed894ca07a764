// SPDX-License-Identifier: MIT
#include "pipeline/list_month.hpp"

namespace dandelion {

Month month_of(const PageRecord& page) {
  if (!page.published) return {0, 0};
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(*page.published));
  return {static_cast<int>(day.year()), static_cast<unsigned>(day.month())};
}

ListScope month_scope(const Month& month) {
  ListScope scope;
  if (month.second == 0) {
    scope.undated = true;
    return scope;
  }
  const auto first = std::chrono::year(month.first) / std::chrono::month(month.second) / 1;
  const auto next = std::chrono::year_month_day(first) + std::chrono::months(1);
  scope.published = {Timestamp(std::chrono::sys_days(first)),
                     Timestamp(std::chrono::sys_days(next))};
  return scope;
}

}  // namespace dandelion
