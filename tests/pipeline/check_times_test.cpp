// SPDX-License-Identifier: MIT
#include "pipeline/check_times.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp now{days(20'000)};

TEST(FirstRecheck, IsATenthOfTheAgeBetweenHalfAnHourAndThirtyDays) {
  PageRecord page;
  EXPECT_EQ(first_recheck(page, now), minutes(30));
  page.published = now + hours(1);
  EXPECT_EQ(first_recheck(page, now), minutes(30));
  page.published = now - hours(20);
  EXPECT_EQ(first_recheck(page, now), hours(2));
  page.published = now - days(3000);
  EXPECT_EQ(first_recheck(page, now), days(30));
}

TEST(NextRecheck, DoublesUpToThirtyDays) {
  EXPECT_EQ(next_recheck(minutes(30)), hours(1));
  EXPECT_EQ(next_recheck(days(16)), days(30));
  EXPECT_EQ(next_recheck(minutes(0)), minutes(30));
}

TEST(ScheduleCheck, SpreadsPagesThatCameTogether) {
  PageRecord one;
  one.url = "https://e.example/1";
  PageRecord two;
  two.url = "https://e.example/2";
  schedule_check(one, days(30), now);
  schedule_check(two, days(30), now);
  EXPECT_NE(one.next_check, two.next_check);
  for (const PageRecord& page : {one, two}) {
    EXPECT_GE(page.next_check, now + days(30));
    EXPECT_LT(page.next_check, now + days(34));
  }
}

TEST(NextTry, ComesAtOnceThenEverMoreSeldom) {
  EXPECT_EQ(next_try(1, now), now);
  EXPECT_EQ(next_try(2, now), now + minutes(30));
  EXPECT_EQ(next_try(3, now), now + hours(1));
  EXPECT_EQ(next_try(100, now), now + days(7));
}

}  // namespace
}  // namespace dandelion
