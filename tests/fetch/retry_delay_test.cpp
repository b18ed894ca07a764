// SPDX-License-Identifier: MIT
#include "fetch/retry_delay.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(RetryDelay, DoublesUpToItsCeilingAndSpreadsOverTheUpperHalf) {
  EXPECT_EQ(retry_delay(1, 0, {}), milliseconds(250));
  EXPECT_EQ(retry_delay(1, 0.999, {}), milliseconds(499));
  EXPECT_EQ(retry_delay(3, 0, {}), milliseconds(1'000));
  EXPECT_EQ(retry_delay(20, 0, {}), milliseconds(15'000));
  EXPECT_EQ(retry_delay(100, 0.999, {}), milliseconds(29'985));
}

TEST(RetryDelay, TakesWhatTheServerAsksForAsAFloor) {
  EXPECT_EQ(retry_delay(1, 0, seconds(90)), milliseconds(90'000));
  EXPECT_EQ(retry_delay(3, 0, seconds(0)), milliseconds(1'000));
}

TEST(ParseRetryAfter, ReadsSecondsAndDates) {
  const Timestamp now = *parse_iso8601("2026-11-24T12:00:00Z");
  EXPECT_EQ(parse_retry_after(" 120 ", now), seconds(120));
  EXPECT_EQ(parse_retry_after("-5", now), seconds(0));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2026 12:01:30 GMT", now), seconds(90));
  EXPECT_EQ(parse_retry_after("Tue, 24 Nov 2020 12:01:30 GMT", now), seconds(0));
  EXPECT_EQ(parse_retry_after("soon", now), std::nullopt);
}

}  // namespace
}  // namespace dandelion
