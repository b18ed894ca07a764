// SPDX-License-Identifier: MIT
#include "core/clock.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string normalised(std::string_view text) {
  const auto time = parse_iso8601(text);
  return time ? format_rfc3339(*time) : "none";
}

TEST(ParseIso8601, ReadsWhatPagesWrite) {
  EXPECT_EQ(normalised("2023-09-27T10:15:00+08:00"), "2023-09-27T02:15:00Z");
  EXPECT_EQ(normalised("2023-09-27T10:15:00.123Z"), "2023-09-27T10:15:00Z");
  EXPECT_EQ(normalised("2023-09-27 10:15 -0530"), "2023-09-27T15:45:00Z");
  EXPECT_EQ(normalised(" 2024-02-29 "), "2024-02-29T00:00:00Z");
}

TEST(ParseIso8601, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2023-02-29", "2023-13-01", "2023-09-27T25:00",
                           "2023-09-27T10:15:00 CET"}) {
    EXPECT_EQ(normalised(text), "none") << text;
  }
}

}  // namespace
}  // namespace dandelion
