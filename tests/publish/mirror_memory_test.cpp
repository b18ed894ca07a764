// SPDX-License-Identifier: MIT
#include "publish/mirror_memory.hpp"

#include <fstream>

#include "publish/git_handles.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

class MadeCommits : public test::PushFixture {
 protected:
  void SetUp() override {
    head_ = source_
                .commit({{"a.md", "a"}}, {.author_name = "Dandelion",
                                          .author_email = "mirror@invalid",
                                          .time = Timestamp{std::chrono::hours(1)},
                                          .message = "One"})
                .value()
                .value();
  }

  static git_oid id(std::string_view hex) {
    git_oid made{};
    EXPECT_EQ(git_oid_fromstr(&made, std::string(hex).c_str()), 0);
    return made;
  }
  // No commit of these is anywhere: as if pruned.
  [[nodiscard]] MadeCommit made(int number) const {
    return {id(fmt::format("{:040x}", number)), id(head_)};
  }
  [[nodiscard]] bool knows(int number) const {
    const auto found = is_ours(repository_.get(), settings_, id(head_), made(number).id);
    EXPECT_TRUE(found) << found.error().message;
    return found && *found;
  }
  [[nodiscard]] std::filesystem::path file() const { return source_.folder() / "dandelion/made"; }

  MirrorRepository source_ = MirrorRepository::open_or_create(folder_ / "made.git").value();
  GitRepository repository_ = open_repository(source_.folder()).value();
  std::string head_;
};

TEST_F(MadeCommits, AreRememberedUntilThereAreManyNewerOnes) {
  constexpr int at_once = 1'000;
  std::uintmax_t largest = 0;
  int next = 1;
  for (int run = 0; run < 60; ++run) {
    std::vector<MadeCommit> more;
    for (int i = 0; i < at_once; ++i)
      more.push_back(made(next++));
    ASSERT_TRUE(remember_made(repository_.get(), more));
    largest = std::max(largest, std::filesystem::file_size(file()));
  }
  EXPECT_TRUE(knows(next - 1));
  EXPECT_TRUE(knows(next - 8'000));
  EXPECT_FALSE(knows(1));
  EXPECT_FALSE(knows(next));
  EXPECT_LT(largest, 2'000'000U);
  EXPECT_FALSE(std::filesystem::exists(file().string() + ".part"));
}

TEST_F(MadeCommits, OfAWholeHistoryAreTheNewest) {
  std::vector<MadeCommit> all;
  for (int i = 1; i <= 50'000; ++i)
    all.push_back(made(i));
  for (int run = 0; run < 3; ++run)
    ASSERT_TRUE(remember_made(repository_.get(), all));
  EXPECT_TRUE(knows(50'000));
  EXPECT_FALSE(knows(40'000));
}

TEST_F(MadeCommits, AreReadWhereAProcessWasKilledWhileItWrote) {
  ASSERT_TRUE(remember_made(repository_.get(), {{made(1)}}));
  std::ofstream(file(), std::ios::app) << fmt::format("{:040x} {}", 2, head_.substr(0, 20));
  EXPECT_TRUE(knows(1));
  EXPECT_FALSE(knows(2));
  ASSERT_TRUE(remember_made(repository_.get(), {{made(3)}}));
  EXPECT_TRUE(knows(1));
  EXPECT_FALSE(knows(2));
  EXPECT_TRUE(knows(3));
}

TEST_F(MadeCommits, CountWhereTheirSourceIsInOurHistoryAlone) {
  MadeCommit foreign = made(1);
  foreign.source = id("0123456789012345678901234567890123456789");
  ASSERT_TRUE(remember_made(repository_.get(), {{foreign}}));
  EXPECT_FALSE(knows(1));
  ASSERT_TRUE(remember_made(repository_.get(), {{made(1)}}));
  EXPECT_TRUE(knows(1));
}

}  // namespace
}  // namespace dandelion
