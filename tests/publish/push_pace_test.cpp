// SPDX-License-Identifier: MIT
#include "publish/push_pace.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::milliseconds;

TEST(PushPace, KeepsPushesToOneHostApart) {
  PushPace pace;
  const PushPace::Clock::time_point now{};
  EXPECT_EQ(pace.book("a", milliseconds(10'000), now), milliseconds(0));
  EXPECT_EQ(pace.book("a", milliseconds(10'000), now), milliseconds(10'000));
  EXPECT_EQ(pace.book("a", milliseconds(10'000), now + milliseconds(500)), milliseconds(19'500));
  EXPECT_EQ(pace.book("b", milliseconds(10'000), now), milliseconds(0)) << "another host";
}

TEST(PushPace, OwesNothingForTimeThatPassed) {
  PushPace pace;
  const PushPace::Clock::time_point now{};
  static_cast<void>(pace.book("a", milliseconds(10'000), now));
  const auto later = now + milliseconds(60'000);
  EXPECT_EQ(pace.book("a", milliseconds(10'000), later), milliseconds(0));
  EXPECT_EQ(pace.book("a", milliseconds(10'000), later), milliseconds(10'000));
}

}  // namespace
}  // namespace dandelion
