// SPDX-License-Identifier: MIT
#include "pipeline/run_lock.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <unistd.h>

namespace dandelion {
namespace {

TEST(RunLock, IsHeldByOneAndFreeAgainAfterwards) {
  std::string folder = testing::TempDir() + "dandelion-lock-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::filesystem::path state = std::filesystem::path(folder) / "var" / "state.db";
  const Timestamp now = *parse_iso8601("2026-11-24T12:00:00Z");
  {
    const auto first = RunLock::take(state, now);
    ASSERT_TRUE(first) << first.error().message;
    const auto second = RunLock::take(state, now + std::chrono::minutes(41));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::conflict);
    EXPECT_NE(second.error().message.find(
                  fmt::format("process {} since 2026-11-24T12:00:00Z, for 41 min", ::getpid())),
              std::string::npos)
        << second.error().message;
  }
  EXPECT_TRUE(RunLock::take(state, now));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dandelion
