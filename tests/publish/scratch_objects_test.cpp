// SPDX-License-Identifier: MIT
#include "publish/scratch_objects.hpp"

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/files.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

class ScratchObjectsTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string made = (fs::temp_directory_path() / "scratch-objects-XXXXXX").string();
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    room = made;
    ::setenv("TMPDIR", room.c_str(), 1);
  }
  void TearDown() override { fs::remove_all(room); }

  [[nodiscard]] std::vector<fs::path> names() const {
    std::vector<fs::path> found;
    for (const auto& each : fs::directory_iterator(room))
      found.push_back(each.path());
    return found;
  }

  // As a process leaves them that is killed: no destructor runs.
  static void leave_some_behind() {
    const pid_t other = ::fork();
    if (other == 0) {
      const auto made = ScratchObjects::make();
      const bool done = made && create_file(made->folder() / "pack/some.pack", "objects");
      ::_exit(done ? 0 : 1);
    }
    int status = -1;
    ::waitpid(other, &status, 0);
    ASSERT_EQ(status, 0);
  }

  fs::path room;
};

TEST_F(ScratchObjectsTest, GoWithTheirOwner) {
  {
    const auto made = ScratchObjects::make();
    ASSERT_TRUE(made);
    const fs::perms all = fs::status(made->folder()).permissions();
    EXPECT_EQ(all, fs::perms::owner_all) << "what is published anyway is nobody else's yet";
  }
  EXPECT_EQ(names(), std::vector<fs::path>{});
}

TEST_F(ScratchObjectsTest, WhatAKilledProcessLeftGoesWithTheNextAndWhatIsInUseStays) {
  const auto held = ScratchObjects::make();
  ASSERT_TRUE(held);
  leave_some_behind();
  ASSERT_EQ(names().size(), 2U);
  leave_some_behind();
  ASSERT_EQ(names().size(), 2U) << "the second swept the first's";
  fs::create_directory(room / "somebody-elses");
  {
    const auto next = ScratchObjects::make();
    ASSERT_TRUE(next);
    EXPECT_TRUE(fs::exists(held->folder() / "pack"));
  }
  auto left = names();
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<fs::path>{held->folder(), room / "somebody-elses"}));
}

}  // namespace
}  // namespace dandelion
