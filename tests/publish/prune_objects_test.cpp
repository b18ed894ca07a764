// SPDX-License-Identifier: MIT
#include "publish/prune_objects.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "publish/mirror_line.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using test::run;

class PruneObjectsTest : public test::PushFixture {
 protected:
  std::string commit_on(int day, const std::string& content) {
    return source_
        .commit({{fmt::format("pages/{}.md", day), content}},
                {.author_name = "Dandelion",
                 .author_email = "mirror@invalid",
                 .time = Timestamp{hours(24 * day)},
                 .message = fmt::format("Day {}", day)})
        .value()
        .value();
  }
  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", source_.folder().string()});
    const auto finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return finished.output;
  }
  // As many lines as objects that nothing needs.
  [[nodiscard]] auto waste() const {
    const std::string told = git({"fsck", "--strict", "--no-progress", "--unreachable"});
    return std::count(told.begin(), told.end(), '\n');
  }
  [[nodiscard]] std::uintmax_t packed_bytes() const {
    std::uintmax_t bytes = 0;
    for (const auto& file : fs::directory_iterator(packs_))
      bytes += file.file_size();
    return bytes;
  }
  void let_packs_age() const {
    for (const auto& file : fs::directory_iterator(packs_))
      fs::last_write_time(file.path(), fs::file_time_type::clock::now() - hours(2));
  }
  PruneOutcome prune(const std::vector<std::string>& commits = {}) const {
    const auto outcome = prune_objects(source_.folder(), commits);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return *outcome;
  }
  // Commits of sixty days, derived each day: a root every ten days.
  MirrorLine fold_often() {
    settings_.folder = "docs";
    settings_.keep_history = hours(24 * 10);
    MirrorLine line;
    for (int day = 1; day <= 60; ++day) {
      line = derive_line(source_.folder(), commit_on(day, "text"), settings_, nullptr).value();
      EXPECT_TRUE(remember_pushed(source_.folder(), settings_, line.commit));
    }
    return line;
  }

  MirrorRepository source_ = MirrorRepository::open_or_create(folder_ / "line.git").value();
  const fs::path packs_ = source_.folder() / "objects/pack";
};

TEST_F(PruneObjectsTest, TakesAwayWhatFoldingLeftBehind) {
  const auto line = fold_often();
  const auto left_behind = waste();
  EXPECT_GT(left_behind, 50);
  EXPECT_EQ(prune().objects, 0U) << "somebody may be about to name what is in a young pack";
  let_packs_age();
  const auto before = packed_bytes();
  const auto head = source_.head()->value();
  const auto files = git({"ls-tree", "-r", line.commit}) + git({"log", "--format=%H %T", head});
  const auto outcome = prune();
  EXPECT_GE(static_cast<long>(outcome.objects), left_behind) << "some lay in two packs";
  EXPECT_LT(packed_bytes(), before);
  EXPECT_EQ(waste(), 0) << "and git finds nothing missing";
  EXPECT_EQ(git({"ls-tree", "-r", line.commit}) + git({"log", "--format=%H %T", head}), files);
  EXPECT_EQ(source_.read("pages/7.md").value(), "text") << "it was opened before";
  let_packs_age();
  EXPECT_EQ(prune().objects, 0U);
  const auto next = derive_line(source_.folder(), commit_on(61, "more"), settings_, nullptr);
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(git({"rev-parse", next->commit + "~1"}), line.commit + "\n");
}

TEST_F(PruneObjectsTest, KeepsWhatIsAskedFor) {
  commit_on(1, "one");
  const auto aside = commit_on(2, "two");
  git({"update-ref", "refs/heads/main", aside + "~1"});
  let_packs_age();
  EXPECT_EQ(prune({aside, std::string(40, 'a'), ""}).objects, 0U) << "the state knows it";
  git({"update-ref", "refs/kept/aside", aside});
  EXPECT_EQ(prune().objects, 0U);
  git({"update-ref", "-d", "refs/kept/aside"});
  for (const auto& file : fs::directory_iterator(packs_)) {
    if (file.path().extension() == ".pack")
      test::write_text(fs::path(file.path()).replace_extension(".keep"), "");
  }
  EXPECT_EQ(prune().objects, 0U) << "git was told to keep it";
  for (const auto& file : fs::directory_iterator(packs_)) {
    if (file.path().extension() == ".keep") fs::remove(file.path());
  }
  EXPECT_EQ(prune().objects, 4U) << "a commit, two trees, a file";
  EXPECT_EQ(waste(), 0);
}

TEST_F(PruneObjectsTest, TakesNothingFromUnderAReader) {
  fold_often();
  let_packs_age();
  std::atomic<bool> stop = false;
  std::atomic<int> clones = 0;
  std::thread reader([&] {
    while (!stop) {
      test::TemporaryFolder place;
      const auto clone = (place / "clone.git").string();
      const auto finished =
          run({"git", "clone", "-q", "--bare", "file://" + source_.folder().string(), clone});
      EXPECT_EQ(finished.code, 0) << finished.output;
      ++clones;
    }
  });
  const auto wait_for = [&](int count) {
    while (clones < count)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  };
  wait_for(1);
  EXPECT_NE(prune().objects, 0U);
  wait_for(clones + 2);
  stop = true;
  reader.join();
}

TEST_F(PruneObjectsTest, LeavesObjectsAloneThatOthersMayUse) {
  const auto aside = commit_on(1, "one");
  git({"update-ref", "-d", "refs/heads/main"});
  let_packs_age();
  test::write_text(source_.folder() / "worktrees/other/HEAD", aside);
  EXPECT_EQ(prune().objects, 0U);
}

}  // namespace
}  // namespace dandelion
