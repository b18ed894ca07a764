// SPDX-License-Identifier: MIT
#include "cli/archive_progress.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::seconds;

TEST(ArchiveProgress, SaysHowManyAndHowFast) {
  ArchiveProgressLine line;
  const ArchiveProgressLine::Moment start{};
  ArchiveCounts counts{.running = 4, .waiting = 96};
  EXPECT_EQ(line.update(counts, start), "0 kept, 4 running, 96 waiting; 0 KiB");
  counts = {.kept = 2, .failed = 1, .running = 4, .waiting = 93, .bytes = 8U << 20};
  EXPECT_EQ(line.update(counts, start + seconds(4)),
            "2 kept, 1 failed, 4 running, 93 waiting; 8.0 MiB, 2.0 MiB/s");
}

TEST(ArchiveProgress, TheRateIsThatOfTheLastSeconds) {
  ArchiveProgressLine line;
  const ArchiveProgressLine::Moment start{};
  ArchiveCounts counts{.bytes = 100U << 20};
  std::ignore = line.update({}, start);
  std::ignore = line.update(counts, start + seconds(1));
  for (int second = 2; second < 12; ++second)
    std::ignore = line.update(counts, start + seconds(second));
  EXPECT_EQ(line.update(counts, start + seconds(12)), "0 kept; 100.0 MiB, 0 KiB/s");
}

TEST(ArchiveProgress, TheSummaryNamesWhatWasNotDone) {
  EXPECT_EQ(archive_summary({.kept = 3, .same = 1, .failed = 2, .running = 1, .waiting = 4}),
            "3 kept, 1 as they were, 2 failed, 5 not done");
  EXPECT_EQ(archive_summary({.kept = 3}), "3 kept");
}

}  // namespace
}  // namespace dandelion
