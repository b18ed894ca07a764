// SPDX-License-Identifier: MIT
#include "publish/history_size.hpp"

#include "publish/git_handles.hpp"
#include "publish/mirror_line.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;

class HistorySizeTest : public test::PushFixture {
 protected:
  HistorySizeTest() { settings_.max_history_bytes = 200'000; }

  // The n-th piece of noise; no two have anything in common.
  [[nodiscard]] std::string piece(std::size_t n, std::size_t size = 20'000) const {
    return noise_.substr(n * 20'000, size);
  }
  static std::string put(MirrorRepository& repository, const std::string& path,
                         const std::string& content, int hour) {
    return repository
        .commit({{path, content}}, {.author_name = "Dandelion",
                                    .author_email = "mirror@invalid",
                                    .time = Timestamp{std::chrono::hours(400'000 + hour)},
                                    .message = fmt::format("Hour {}", hour)})
        .value()
        .value();
  }
  MirrorLine derive(const std::string& head) const { return derive(source_, head); }
  [[nodiscard]] MirrorLine derive(const MirrorRepository& repository,
                                  const std::string& head) const {
    auto line = derive_line(repository.folder(), head, settings_, nullptr);
    EXPECT_TRUE(line) << line.error().message;
    return std::move(*line);
  }
  [[nodiscard]] long ask(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", source_.folder().string(), "rev-list"});
    const auto finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return std::stol(finished.output);
  }

  const std::string noise_ = test::noise(2'000'000);
  MirrorRepository source_ = MirrorRepository::open_or_create(folder_ / "line.git").value();
};

TEST_F(HistorySizeTest, KeepsTheMirrorBelowItsSize) {
  int roots = 0;
  for (int i = 0; i < 40; ++i) {
    const auto line = derive(put(source_, "page", piece(static_cast<std::size_t>(i)), i));
    const long bytes = ask({"--objects", "--disk-usage", line.commit});
    EXPECT_LT(bytes, 200'000) << i;
    EXPECT_NEAR(static_cast<double>(line.bytes) / static_cast<double>(bytes), 1, 0.1);
    if (i >= 10) {
      EXPECT_GE(ask({"--count", line.commit}), 4) << i;
    }
    if (line.is_folded) ++roots;
    EXPECT_TRUE(remember_pushed(source_.folder(), settings_, line.commit));
  }
  EXPECT_GE(roots, 4);
  EXPECT_LE(roots, 8) << "a root stays for half of the size";
  EXPECT_EQ(run({"git", "-C", source_.folder().string(), "fsck", "--strict", "--no-progress",
                 "--no-dangling"})
                .output,
            "");
}

TEST_F(HistorySizeTest, FollowsFromTheHistoryAlone) {
  auto other = MirrorRepository::open_or_create(folder_ / "other.git").value();
  MirrorLine stepwise;
  for (int i = 0; i < 33; ++i) {
    const auto content = piece(static_cast<std::size_t>(i));
    const auto head = put(source_, fmt::format("page{}", i % 3), content, i);
    EXPECT_EQ(put(other, fmt::format("page{}", i % 3), content, i), head);
    if (i % 4 != 1) stepwise = derive(head);
  }
  const auto head = source_.head()->value();
  EXPECT_EQ(derive(other, head).commit, stepwise.commit) << "asked for once";
  EXPECT_EQ(derive(other, head).bytes, stepwise.bytes);
  fs::remove_all(source_.folder() / "dandelion");
  EXPECT_EQ(derive(head).commit, stepwise.commit) << "the note was lost";
  test::write_text(source_.folder() / "dandelion/history-200000",
                   fmt::format("1 {0} {0} 5 200000\n", std::string(40, 'a')));
  EXPECT_EQ(derive(head).commit, stepwise.commit) << "the note is of another history";
  settings_.name = "other";
  EXPECT_EQ(derive(head).commit, stepwise.commit) << "the same for every mirror";
}

TEST_F(HistorySizeTest, CountsChangesNotFiles) {
  std::string page = piece(0, 60'000);
  MirrorLine line;
  for (int i = 0; i < 60; ++i) {
    page.replace(30'000, 2, fmt::format("{:02}", i));
    line = derive(put(source_, "page", page, i));
  }
  EXPECT_LT(line.bytes, 100'000U);
  EXPECT_EQ(ask({"--count", line.commit}), 60);
}

TEST_F(HistorySizeTest, DoesNotFoldWhereThatSavesLittle) {
  put(source_, "much", piece(0, 400'000), 0);
  const auto add = [&](int i) {
    return derive(put(source_, "page", piece(30 + static_cast<std::size_t>(i), 10'000), i));
  };
  for (int i = 1; i <= 4; ++i)
    EXPECT_FALSE(add(i).is_folded);
  const auto line = add(5);
  EXPECT_EQ(ask({"--count", line.commit}), 6);
  EXPECT_GT(line.bytes, settings_.max_history_bytes);
  bool folded = false;
  for (int i = 6; i <= 12 && !folded; ++i)
    folded = add(i).is_folded;
  EXPECT_TRUE(folded) << "it saves a tenth now";
}

}  // namespace
}  // namespace dandelion
