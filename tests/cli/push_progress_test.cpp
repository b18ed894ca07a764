// SPDX-License-Identifier: MIT
#include "cli/push_progress.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::seconds;
using Stage = PushProgress::Stage;

PushProgress progress(Stage stage, std::size_t done, std::size_t total, std::size_t bytes = 0) {
  return {.stage = stage, .done = done, .total = total, .bytes = bytes};
}

class ProgressLine : public testing::Test {
 protected:
  std::string after(int since, const std::string& mirror, const PushProgress& what) {
    return line.update(mirror, what, begin + seconds(since));
  }

  PushProgressLine line;
  const PushProgressLine::Moment begin{seconds(1000)};
};

TEST_F(ProgressLine, CountsObjectsUntilItIsKnownHowManyThereAre) {
  EXPECT_EQ(after(0, "a", progress(Stage::packing, 12, 0)), "a: packing 12 objects");
  EXPECT_EQ(after(9, "a", progress(Stage::packing, 30, 40)), "a: packing 75 %");
}

TEST_F(ProgressLine, TellsTheRateOfSendingAlone) {
  after(0, "a", progress(Stage::packing, 40, 40));
  EXPECT_EQ(after(60, "a", progress(Stage::sending, 0, 40)), "a: 0 %, 0 KiB");
  EXPECT_EQ(after(62, "a", progress(Stage::sending, 10, 40, 3U << 20)),
            "a: 25 %, 3.0 MiB, 1.5 MiB/s");
}

TEST_F(ProgressLine, NamesMirrorsInOrderUntilTheyAreDone) {
  after(0, "b", progress(Stage::packing, 1, 0));
  EXPECT_EQ(after(0, "a", progress(Stage::packing, 2, 0)),
            "a: packing 2 objects; b: packing 1 objects");
  EXPECT_EQ(after(1, "a", progress(Stage::sending, 4, 4, 100)), "b: packing 1 objects");
  EXPECT_EQ(after(1, "b", progress(Stage::sending, 4, 4, 100)), "");
}

}  // namespace
}  // namespace dandelion
