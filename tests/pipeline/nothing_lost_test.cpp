// SPDX-License-Identifier: MIT
// What becomes of a mirror when a run is struck at any of its steps.
#include <csignal>
#include <fstream>
#include <random>
#include <thread>

#include <git2.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/paper.hpp"
#include "publish/git_handles.hpp"
#if defined(__x86_64__) && defined(__linux__)
#include "pipeline/traced_run.hpp"
#define DANDELION_TRACED_RUNS 1
#endif

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

// A mirror, and a source that has changed since in every way: new, corrected, withdrawn, moved. The
// folder is copied for every trial.
class NothingLost : public PaperTest {
 protected:
  NothingLost() {
    for (const char* name : {"old", "gone", "moved", "same"})
      paper.add(name, clock.now() - hours(1));
    publish_and_run();
    paper.stories.erase("gone");
    clock.advance(hours(1));
    publish_and_run();
    clock.advance(hours(49));
    paper.stories["old"].text = "Better words.";
    paper.add("new1", clock.now());
    paper.add("new2", clock.now());
    paper.publish(engine);
    engine.pages[Paper::url("x/moved")] = engine.pages[Paper::url("moved")];
    engine.pages[Paper::url("moved")].moved_to = Paper::url("x/moved");
    std::string& index = engine.pages[Paper::url("index.html")].body;
    index += "<ul class=list><a href=/x/moved>m</a></ul>";
  }

  // The undisturbed run, on a copy.
  void know_what_is_right() {
    keep("undisturbed");
    const SiteOutcome outcome = run();
    EXPECT_EQ(outcome.added.size(), 2U);
    EXPECT_EQ(outcome.corrected.size(), 1U);
    EXPECT_EQ(outcome.withdrawn.size(), 1U);
    right_files = files(true);
    right_commits = commits();
    restore("undisturbed");
  }

  void know_what_is_right_after_all() {
    right_files = files(true);
    right_commits = commits();
  }

  void keep(const std::string& name) { fs::copy(var(), kept(name), fs::copy_options::recursive); }
  void restore(const std::string& name) {
    fs::remove_all(var());
    fs::copy(kept(name), var(), fs::copy_options::recursive);
  }
  [[nodiscard]] fs::path var() const { return folder / "var"; }
  [[nodiscard]] fs::path kept(const std::string& name) const { return folder / ("kept-" + name); }

  // How many commits lead to HEAD, and that no two in a row are of one tree.
  [[nodiscard]] std::size_t commits() const;

  // Every page that an index names is there.
  void expect_nothing_listed_that_is_not_there() const {
    auto repository = MirrorRepository::open(config.output / "paper");
    if (!repository) return;
    const auto index = repository->read("indexes/news.md").value();
    if (!index) return;
    for (auto at = index->find("(../pages/"); at != std::string::npos;
         at = index->find("(../pages/", at + 1)) {
      const auto end = index->find(')', at);
      EXPECT_TRUE(repository->read(index->substr(at + 4, end - at - 4)).value());
    }
  }

  void expect_the_next_run_to_mend_it(const std::string& what) {
    expect_nothing_listed_that_is_not_there();
    run();
    EXPECT_EQ(files(true), right_files) << what;
    EXPECT_EQ(commits(), right_commits) << what;
    const std::string before = head();
    run();
    EXPECT_EQ(head(), before) << what;
  }

  int work() {
    auto report = run_mirroring(config, {}, engine, clock, {});
    return !report ? 2 : report->ok() ? 0 : 1;
  }

  // A run in a process of its own, killed after so long unless it ends before; whether it was.
  [[nodiscard]] bool run_and_kill(std::optional<std::chrono::microseconds> after) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work());
    if (after) {
      std::this_thread::sleep_for(*after);
      ::kill(child, SIGKILL);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  }

  std::map<std::string, std::string> right_files;
  std::size_t right_commits = 0;
};

std::size_t NothingLost::commits() const {
  GitRepository repository;
  git_repository_open_bare(out(repository), (config.output / "paper").c_str());
  Handle<git_revwalk, git_revwalk_free> walk;
  git_revwalk_new(out(walk), repository.get());
  if (git_revwalk_push_head(walk.get()) != 0) return 0;
  std::size_t count = 0;
  std::string last_tree;
  git_oid id{};
  while (git_revwalk_next(&id, walk.get()) == 0) {
    GitCommit commit;
    git_commit_lookup(out(commit), repository.get(), &id);
    std::string tree = hex(*git_commit_tree_id(commit.get()));
    EXPECT_NE(tree, last_tree) << "a commit that changes nothing";
    last_tree = std::move(tree);
    ++count;
  }
  return count;
}

#ifdef DANDELION_TRACED_RUNS

// Strikes at every `every`-th step; how often that was.
template <typename Prepare, typename Strike, typename Check>
int strike_at_steps(int every, const Prepare& prepare, const Strike& strike, const Check& check) {
  int strikes = 0;
  for (int step = 1;; step += every) {
    prepare();
    const test::Traced traced = strike(step);
    if (!traced.possible || traced.steps < step) return strikes;
    ++strikes;
    check(step);
    if (testing::Test::HasFailure()) return strikes;
  }
}

TEST_F(NothingLost, KilledAtAnyStepOfARun) {
  know_what_is_right();
  keep("before");
  const int kills = strike_at_steps(
      1, [&] { restore("before"); },
      [&](int step) {
        return test::run_traced([&] { return work(); }, {step, 0});
      },
      [&](int step) { expect_the_next_run_to_mend_it(fmt::format("killed at step {}", step)); });
  if (kills == 0) GTEST_SKIP() << "the kernel allows no tracing here";
  RecordProperty("kills", kills);
  EXPECT_GT(kills, 60);
}

TEST_F(NothingLost, KilledAtAnyStepOfTheFirstRun) {
  fs::remove_all(var());
  run();
  right_files = files(true);
  right_commits = commits();
  const int kills = strike_at_steps(
      1, [&] { fs::remove_all(var()); },
      [&](int step) {
        return test::run_traced([&] { return work(); }, {step, 0});
      },
      [&](int step) { expect_the_next_run_to_mend_it(fmt::format("killed at step {}", step)); });
  if (kills == 0) GTEST_SKIP() << "the kernel allows no tracing here";
  RecordProperty("kills", kills);
  EXPECT_GT(kills, 60);
}

TEST_F(NothingLost, OutOfDiskAtAnyStep) {
  know_what_is_right();
  keep("before");
  const int strikes = strike_at_steps(
      3, [&] { restore("before"); },
      [&](int step) {
        auto traced = test::run_traced([&] { return work(); }, {step, ENOSPC});
        EXPECT_GE(traced.exit_code, traced.steps < step ? 0 : -1) << step;
        return traced;
      },
      [&](int step) { expect_the_next_run_to_mend_it(fmt::format("disk full at {}", step)); });
  if (strikes == 0) GTEST_SKIP() << "the kernel allows no tracing here";
  EXPECT_GT(strikes, 20);
}

TEST_F(NothingLost, NothingCanBeWritten) {
  know_what_is_right();
  const auto before = files(true);
  const auto traced = test::run_traced([&] { return work(); }, {1, EROFS});
  if (!traced.possible) GTEST_SKIP() << "the kernel allows no tracing here";
  EXPECT_NE(traced.exit_code, 0);
  EXPECT_EQ(files(true), before);
  expect_the_next_run_to_mend_it("read-only");
}

#endif

// At a time that falls anywhere in a run, not only at what we take for its steps: between two
// statements, within a system call, while it ends.
TEST_F(NothingLost, KilledAtRandomTimes) {
  know_what_is_right();
  keep("before");
  std::mt19937 random(20260101);
  auto longest = std::chrono::microseconds(0);
  int kills = 0;
  constexpr int wanted_kills = 60;
  for (int trial = 0; kills < wanted_kills && trial < 3 * wanted_kills; ++trial) {
    restore("before");
    // The first ones are left alone, to know how long a run takes here.
    std::optional<std::chrono::microseconds> after;
    if (trial >= 3) {
      after = std::chrono::microseconds(
          std::uniform_int_distribution<std::int64_t>(0, longest.count())(random));
    }
    const auto begin = std::chrono::steady_clock::now();
    const bool killed = run_and_kill(after);
    if (!after) {
      longest = std::max(longest, std::chrono::duration_cast<std::chrono::microseconds>(
                                      std::chrono::steady_clock::now() - begin));
    }
    kills += killed ? 1 : 0;
    expect_the_next_run_to_mend_it(fmt::format("killed after {} us", after ? after->count() : -1));
    if (testing::Test::HasFailure()) return;
  }
  RecordProperty("kills", kills);
  EXPECT_GE(kills, wanted_kills);
}

TEST_F(NothingLost, TheStateIsLockedByAnotherProgram) {
  know_what_is_right();
  const auto before = files(true);
  {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(config.state.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    auto report = run_mirroring(config, {}, engine, clock, {});
    sqlite3_close(other);
    const std::string message = report
                                    ? fmt::format("{}", fmt::join(report->sites.at(0).errors, "; "))
                                    : report.error().message;
    EXPECT_NE(message.find("another program holds it"), std::string::npos) << message;
  }
  EXPECT_EQ(files(true), before);
  expect_the_next_run_to_mend_it("locked");
}

TEST_F(NothingLost, TheStateIsLost) {
  know_what_is_right();
  fs::remove_all(config.state);
  fs::remove_all(config.state.string() + "-wal");
  fs::remove_all(config.state.string() + "-shm");
  clock.advance(hours(1));
  // New pages come at once, the others are looked at in the course of time.
  run();
  EXPECT_TRUE(files().contains("pages/news/new1.md"));
  EXPECT_EQ(store().counts("paper")->pages, 6);
  for (int day = 0; day < 40; ++day) {
    clock.advance(hours(24));
    run();
  }
  EXPECT_EQ(files().size(), 8U);
  EXPECT_NE(files().at("pages/news/old.md").find("Better words."), std::string::npos);
  EXPECT_NE(files().at("pages/news/old.md").find("Corrected at the source"), std::string::npos);
  // Without its article, which was lost too, it cannot be written anew: it stays as it is.
  EXPECT_EQ(store().counts("paper")->withdrawn, 1);
  EXPECT_NE(files().at("pages/news/gone.md").find("Words."), std::string::npos);
}

TEST_F(NothingLost, TheStateIsDamagedAnywhere) {
  // So that it is more than a few pages long.
  for (int i = 0; i < 150; ++i)
    paper.add(fmt::format("many{}", i), clock.now(),
              std::string(2000, static_cast<char>('a' + i % 26)));
  publish_and_run();
  know_what_is_right_after_all();
  keep("before");
  const auto size = fs::file_size(config.state);
  for (std::uintmax_t at = 4096; at + 4096 <= size;
       at += 4096 * std::max<std::uintmax_t>(1, size / 4096 / 12)) {
    restore("before");
    std::fstream file(config.state, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at));
    file << std::string(4096, '\x5A');
    file.close();
    static_cast<void>(work());
    run();
    EXPECT_EQ(files(true), right_files) << at;
    EXPECT_EQ(commits(), right_commits) << at;
  }
}

TEST_F(NothingLost, TheRepositoryIsLost) {
  know_what_is_right();
  fs::remove_all(config.output);
  run();
  // What the source has no more is gone with it; nothing is listed that is not there.
  EXPECT_EQ(store().counts("paper")->pages, 5);
  expect_nothing_listed_that_is_not_there();
}

TEST_F(NothingLost, AnOldStateMeetsANewRepository) {
  know_what_is_right();
  keep("before");
  run();
  const std::string now = head();
  fs::copy_file(kept("before") / "state.db", config.state, fs::copy_options::overwrite_existing);
  fs::remove(config.state.string() + "-wal");
  fs::remove(config.state.string() + "-shm");
  run();
  EXPECT_EQ(files(true), right_files);
  EXPECT_EQ(head(), now);
}

}  // namespace
}  // namespace dandelion
