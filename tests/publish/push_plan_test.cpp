// SPDX-License-Identifier: MIT
#include "publish/push_plan.hpp"

#include "publish/patient_push.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

using test::run;

class PushPlanTest : public test::PushFixture {
 protected:
  Result<PushPlan> plan(const HostLimits& limits, const std::string& from = {}) {
    return plan_push(repository_.folder(), from, repository_.head()->value(), limits);
  }
  const std::string first_ = repository_.head().value().value_or("");
};

TEST_F(PushPlanTest, IsOnePushWhereNothingIsTooLarge) {
  const auto last = commit("a", "1");
  EXPECT_EQ(plan({.name = "tight", .push = 10'000})->commits, std::vector<std::string>{last});
  EXPECT_EQ(plan({.name = "none"})->commits, std::vector<std::string>{last});
}

TEST_F(PushPlanTest, CutsAPushAlongTheHistory) {
  std::vector<std::string> made;
  for (int i = 0; i < 5; ++i)
    made.push_back(
        commit(fmt::format("f{}", i), test::noise(40'000 + static_cast<std::size_t>(i))));
  EXPECT_EQ(plan({.name = "tight", .push = 100'000})->commits,
            (std::vector<std::string>{made[1], made[3], made[4]}));
  EXPECT_EQ(plan({.name = "tight", .push = 100'000}, made[2])->commits,
            std::vector<std::string>{made[4]});
  EXPECT_EQ(plan({.name = "tight", .push = 10}, made[3])->commits,
            std::vector<std::string>{made[4]})
      << "a commit is not cut";
}

TEST_F(PushPlanTest, WarnsOfACommitThatIsMoreThanAPushMayHold) {
  const auto large = commit("big", test::noise(3'000'000));
  const auto last = commit("a", "1");
  const auto found = plan({.name = "tight", .push = 2'000'000});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->commits, (std::vector<std::string>{first_, large, last}));
  const std::string words =
      fmt::format("the commit {} alone brings some 2.9 MiB; tight takes at most 1.9 MiB a push",
                  large.substr(0, 10));
  EXPECT_EQ(found->oversize, (std::map<std::string, std::string>{{large, words}}));
  EXPECT_EQ(found->warnings,
            std::vector<std::string>{words + ": it goes in one piece, and may be refused"});
}

TEST_F(PushPlanTest, WeighsWhatAMergeBrings) {
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", repository_.folder().string(), "-c", "user.name=o",
                                 "-c", "user.email=o@invalid"});
    auto finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return finished.output.substr(0, 40);
  };
  const auto ours = commit("a", test::noise(60'000));
  test::write_text(folder_ / "big", test::noise(70'000));
  const auto blob = git({"hash-object", "-w", (folder_ / "big").string()});
  test::write_text(folder_ / "listing", "100644 blob " + blob + "\tbig\n");
  const auto tree = run({"sh", "-c",
                         "git -C " + repository_.folder().string() + " mktree <" +
                             (folder_ / "listing").string()})
                        .output.substr(0, 40);
  const auto theirs = git({"commit-tree", "-p", first_, "-m", "theirs", tree});
  const auto merge =
      git({"commit-tree", "-p", ours, "-p", theirs, "-m", "merge", ours + "^{tree}"});
  git({"update-ref", "refs/heads/main", merge});
  EXPECT_EQ(plan({.name = "tight", .push = 100'000}, first_)->commits,
            (std::vector<std::string>{ours, merge}));
  const auto refused = plan({.name = "tight", .file = 65'000}, first_);
  ASSERT_FALSE(refused) << "the host looks into all that comes";
  EXPECT_EQ(refused.error().message.substr(0, 4), "big ");
}

TEST_F(PushPlanTest, NamesTheFileThatTheHostWouldRefuse) {
  commit("pictures/big.jpg", test::noise(3'000'000));
  const auto refused = plan({.name = "tight", .file = 2'000'000});
  ASSERT_FALSE(refused);
  EXPECT_EQ(static_cast<int>(refused.error().kind), static_cast<int>(ErrorKind::too_large));
  EXPECT_EQ(refused.error().message,
            "pictures/big.jpg is 2.9 MiB; tight takes no file above 1.9 MiB (see `limits`)");
  const auto warned = plan({.name = "tight", .file_warned = 2'000'000});
  ASSERT_TRUE(warned);
  EXPECT_EQ(
      warned->warnings,
      std::vector<std::string>{"pictures/big.jpg is 2.9 MiB; tight warns of files above 1.9 MiB"});
  const auto known = commit("a", "1");
  EXPECT_TRUE(plan({.name = "tight", .file = 2'000'000}, *repository_.head().value()));
}

TEST_F(PushPlanTest, TellsOfARepositoryThatOutgrewItsHost) {
  commit("noise", test::noise(2'000'000));
  const auto refused = plan({.name = "tight", .repository = 1'000'000});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("shorten its `history`"), std::string::npos);
  EXPECT_EQ(plan({.name = "tight", .repository_warned = 1'000'000})->warnings.size(), 1U);
}

TEST_F(PushPlanTest, CountsOnlyWhatTheMirrorGets) {
  commit("noise", test::noise(2'000'000));
  commit("noise", "small now");
  const auto folded = run({"git", "-C", repository_.folder().string(), "-c", "user.name=o", "-c",
                           "user.email=o@invalid", "commit-tree", "-m", "folded", "HEAD^{tree}"})
                          .output.substr(0, 40);
  const HostLimits tight{.name = "tight", .repository = 1'000'000};
  EXPECT_FALSE(plan(tight));
  EXPECT_TRUE(plan_push(repository_.folder(), "", folded, tight));
}

TEST_F(PushPlanTest, TellsOfFoldersWithManyEntries) {
  for (int i = 0; i < 4; ++i)
    commit(fmt::format("pages/{}.md", i), "1");
  const auto warned = plan({.name = "tight", .folder_entries = 3});
  ASSERT_TRUE(warned);
  EXPECT_EQ(warned->warnings,
            std::vector<std::string>{"the folder pages/ has 4 entries; tight wants at most 3"});
}

TEST_F(PushPlanTest, GoesOnAfterAPieceThatAnEarlierPushBrought) {
  const auto remote = folder_ / "remote.git";
  make_remote(remote);
  const auto half = commit("a", "1");
  const auto more = commit("b", "2");
  const auto all = commit("c", "3");
  options_.commit = more;
  ASSERT_TRUE(push_to(remote.string()));
  options_.commit = half;
  expect_failure(push_to(remote.string()), ErrorKind::conflict, "ahead of ours");
  options_.goal = all;
  const auto outcome = push_to(remote.string());
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->commit, more);
  EXPECT_EQ(at(remote), more);
}

TEST_F(PushPlanTest, IsMadeAnewWhereTheMirrorIsNotWhereItWasLeft) {
  const auto remote = folder_ / "remote.git";
  make_remote(remote);
  commit("big", std::string(std::size_t{101} << 20U, '\0'));
  MirrorSettings mirror;
  mirror.name = "m";
  mirror.url = remote.string();
  mirror.limits = "github";
  PushPace pace;
  options_.last_pushed = commit("a", "1");
  // It holds all that is known to be there, and the plan for what is new finds nothing to say.
  commit("b", "2");
  expect_failure(push_patiently(repository_, mirror, network_, options_, pace),
                 ErrorKind::too_large, "big is 101.0 MiB; github takes no file above 100.0 MiB");
  EXPECT_EQ(at(remote), "");
}

}  // namespace
}  // namespace dandelion
