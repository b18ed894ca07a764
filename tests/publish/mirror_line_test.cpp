// SPDX-License-Identifier: MIT
#include "publish/mirror_line.hpp"

#include "core/mirror_name.hpp"
#include "core/text.hpp"
#include "publish/push_fixture.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

using std::chrono::hours;

class MirrorLineTest : public test::PushFixture {
 protected:
  // A commit on that day since 1970, in a repository of its own.
  std::string commit_on(int day, MirrorRepository& repository) {
    return repository
        .commit({{fmt::format("pages/{}.md", day), fmt::format("{} {}", day, mirror_name_mark)}},
                {.author_name = "Dandelion",
                 .author_email = "mirror@invalid",
                 .time = Timestamp{hours(24 * day)},
                 .message = fmt::format("Day {}", day)})
        .value()
        .value();
  }
  std::string commit_on(int day) { return commit_on(day, source_); }

  MirrorLine derive(const std::string& head, const SigningKey* key = nullptr) {
    auto line = derive_line(source_.folder(), head, settings_, key);
    EXPECT_TRUE(line) << line.error().message;
    return std::move(*line);
  }
  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", source_.folder().string()});
    const auto finished = test::run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return finished.output;
  }

  MirrorRepository source_ = MirrorRepository::open_or_create(folder_ / "line.git").value();
};

TEST_F(MirrorLineTest, IsTheRepositorysOwnWhereNothingElseIsAskedFor) {
  const auto head = commit_on(1);
  const auto line = derive(head);
  EXPECT_EQ(line.commit, head);
  EXPECT_FALSE(line.is_own);
}

TEST_F(MirrorLineTest, PutsTheFilesIntoAFolder) {
  commit_on(1);
  settings_.folder = "docs/site";
  const auto line = derive(commit_on(2));
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", line.commit}),
            "docs/site/pages/1.md\ndocs/site/pages/2.md\n");
  EXPECT_EQ(git({"log", "--format=%s %ct %an", line.commit}),
            git({"log", "--format=%s %ct %an", "HEAD"}));
  EXPECT_EQ(git({"fsck", "--strict", "--no-progress", "--no-dangling"}), "");
}

TEST_F(MirrorLineTest, FoldsWhatIsOlderThanTwoStretches) {
  settings_.keep_history = hours(24 * 30);
  std::string head;
  for (const int day : {1, 10, 31, 59, 61, 89})
    head = commit_on(day);
  // Days 60 to 89 and 30 to 59 are kept, and what was there on day 10 is the root.
  const auto line = derive(head);
  EXPECT_TRUE(line.is_folded);
  EXPECT_EQ(git({"log", "--format=%s", line.commit}),
            "Day 89\nDay 61\nDay 59\nDay 31\nFold the history up to 1970-01-11\n");
  EXPECT_EQ(git({"rev-parse", line.commit + "^{tree}"}), git({"rev-parse", "HEAD^{tree}"}));
  EXPECT_EQ(git({"ls-tree", "-r", "--name-only", line.commit + "~4"}), "pages/1.md\npages/10.md\n");
}

TEST_F(MirrorLineTest, GrowsOnItsRootUntilTheStretchIsOver) {
  settings_.keep_history = hours(24 * 30);
  for (const int day : {1, 31, 61})
    commit_on(day);
  const auto before = derive(source_.head().value().value());
  const auto after = derive(commit_on(62));
  EXPECT_EQ(git({"rev-parse", after.commit + "~1"}), before.commit + "\n");
  EXPECT_EQ(derive(source_.head().value().value()).commit, after.commit) << "nothing new";
  const auto next = derive(commit_on(91));
  EXPECT_TRUE(next.is_folded);
  EXPECT_EQ(git({"log", "--format=%s", next.commit}),
            "Day 91\nDay 62\nDay 61\nFold the history up to 1970-02-01\n");
}

TEST_F(MirrorLineTest, TellsEachMirrorOfAFoldThatItHasNotGot) {
  settings_.keep_history = hours(24 * 30);
  auto other = settings_;
  other.name = "other";
  const auto bring = [&](const MirrorSettings& mirror, const std::string& head) {
    const auto line = derive_line(source_.folder(), head, mirror, nullptr).value();
    EXPECT_TRUE(remember_pushed(source_.folder(), mirror, line.commit));
    return line.is_folded;
  };
  EXPECT_FALSE(bring(settings_, commit_on(1)));
  const auto before = source_.head()->value();
  EXPECT_FALSE(bring(other, before));
  for (const int day : {2, 31, 61})
    commit_on(day);
  const auto head = source_.head()->value();
  EXPECT_TRUE(bring(settings_, head));
  EXPECT_TRUE(bring(other, head));
  EXPECT_FALSE(bring(settings_, head)) << "said once, where the root moves";
  EXPECT_FALSE(bring(settings_, commit_on(62)));
}

TEST_F(MirrorLineTest, LeavesTheRepositoryAloneWhereItForetells) {
  settings_.folder = "docs";
  settings_.keep_history = hours(24 * 30);
  for (const int day : {1, 2, 31, 61})
    commit_on(day);
  const auto head = source_.head()->value();
  const auto state = [&] { return git({"for-each-ref"}) + git({"count-objects", "-v"}); };
  const auto before = state();
  const auto told = foretell_line(source_.folder(), head, settings_, nullptr).value();
  EXPECT_EQ(state(), before);
  EXPECT_TRUE(told.is_folded);
  EXPECT_EQ(told.commit, derive(head).commit);
}

TEST_F(MirrorLineTest, IsTheSameHoweverOftenItWasDerived) {
  settings_.keep_history = hours(24 * 30);
  settings_.folder = "docs";
  settings_.names_pages = true;
  auto other = MirrorRepository::open_or_create(folder_ / "other.git").value();
  MirrorLine stepwise;
  for (const int day : {1, 31, 61, 75, 91, 92}) {
    stepwise = derive(commit_on(day));
    commit_on(day, other);
  }
  const auto at_once = derive_line(other.folder(), other.head()->value(), settings_, nullptr);
  ASSERT_TRUE(at_once);
  EXPECT_EQ(at_once->commit, stepwise.commit);
}

TEST_F(MirrorLineTest, NamesTheMirrorInPagesAndSharesAllElse) {
  const std::string mark(mirror_name_mark);
  const auto commit = [&](const std::vector<FileChange>& files, int day) {
    return source_
        .commit(files, {.author_name = "Dandelion",
                        .author_email = "mirror@invalid",
                        .time = Timestamp{hours(24 * day)},
                        .message = "Day"})
        ->value();
  };
  commit({{"pages/a.md", "<img src='https://c.example/" + mark + "/a'/>"},
          {"pages/a.html", mark + " and " + mark},
          {"pages/b.md", "no counter"},
          {"assets/picture.bin", mark},
          {"README.md", "front"}},
         1);
  settings_.names_pages = true;
  settings_.name = "one";
  settings_.folder = "docs";
  const auto first = derive(source_.head()->value());
  EXPECT_EQ(git({"show", first.commit + ":docs/pages/a.md"}),
            "<img src='https://c.example/one/a'/>");
  EXPECT_EQ(git({"show", first.commit + ":docs/pages/a.html"}), "one and one");
  EXPECT_EQ(git({"show", first.commit + ":docs/assets/picture.bin"}), mark);
  EXPECT_EQ(git({"rev-parse", first.commit + ":docs/assets"}), git({"rev-parse", "HEAD:assets"}));
  settings_.name = "two";
  EXPECT_EQ(git({"show", derive(source_.head()->value()).commit + ":docs/pages/a.html"}),
            "two and two");
  // What comes later finds what is known.
  settings_.name = "one";
  const auto head =
      commit({{"pages/c.md", mark}, {"pages/b.md", std::nullopt}, {"more/deep/d.md", mark}}, 2);
  const auto second = derive(head);
  EXPECT_EQ(git({"rev-parse", second.commit + "~1"}), first.commit + "\n");
  EXPECT_EQ(git({"diff", "--name-status", first.commit, second.commit}),
            "A\tdocs/more/deep/d.md\nD\tdocs/pages/b.md\nA\tdocs/pages/c.md\n");
  EXPECT_EQ(git({"grep", "--name-only", mark, second.commit}),
            second.commit + ":docs/assets/picture.bin\n");
  EXPECT_EQ(git({"fsck", "--strict", "--no-progress", "--no-dangling"}), "");
  EXPECT_EQ(foretell_line(source_.folder(), head, settings_, nullptr)->commit, second.commit);
}

TEST_F(MirrorLineTest, NamesTheMirrorInPagesOnceOthersCommitsWereTakenInToo) {
  settings_.names_pages = true;
  settings_.name = "one";
  settings_.folder = "docs";
  const auto head = commit_on(1);
  const auto first = derive(head);
  const auto theirs =
      git({"-c", "user.name=Somebody", "-c", "user.email=somebody@e.example", "commit-tree",
           first.commit + "^{tree}", "-p", first.commit, "-m", "Theirs"});
  const auto merge = adopt_into_line(source_.folder(), settings_, nullptr, head, first.commit,
                                     std::string(trim(theirs)));
  ASSERT_TRUE(merge) << merge.error().message;
  const auto second = derive(commit_on(2));
  EXPECT_EQ(git({"rev-parse", second.commit + "~1"}), *merge + "\n");
  EXPECT_EQ(git({"show", second.commit + ":docs/pages/1.md"}), "1 one");
  EXPECT_EQ(git({"show", second.commit + ":docs/pages/2.md"}), "2 one");
  EXPECT_EQ(git({"fsck", "--strict", "--no-progress", "--no-dangling"}), "");
}

TEST_F(MirrorLineTest, IsSignedAnew) {
  if (test::find_program("ssh-keygen").empty()) GTEST_SKIP() << "ssh-keygen is missing";
  const auto key = SigningKey::generate().value();
  settings_.folder = "docs";
  const auto line = derive(commit_on(1), &key);
  test::write_text(folder_ / "signers", "mirror@invalid " + ssh_line(key.public_key()));
  git({"-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile=" + (folder_ / "signers").string(),
       "verify-commit", line.commit});
}

class LineAtMirror : public MirrorLineTest {
 protected:
  LineAtMirror() {
    make_remote(remote_);
    settings_.url = remote_.string();
    settings_.keep_history = hours(24 * 30);
    settings_.name = "m";
  }

  Result<PushOutcome> push_line(const MirrorLine& line) {
    options_.commit = line.commit;
    options_.last_pushed = line.last_pushed;
    options_.is_derived = line.is_own;
    return push(source_, settings_, network_, options_);
  }
  Result<PushOutcome> push_and_note(const MirrorLine& line) {
    auto outcome = push_line(line);
    if (outcome) {
      EXPECT_TRUE(remember_pushed(source_.folder(), settings_, outcome->commit));
    }
    return outcome;
  }
  std::string commits(std::initializer_list<int> days) {
    std::string head;
    for (const int day : days)
      head = commit_on(day);
    return head;
  }
  void move_remote(const std::string& commit) {
    const auto moved =
        test::run({"git", "-C", remote_.string(), "update-ref", "refs/heads/main", commit});
    EXPECT_EQ(moved.code, 0) << moved.output;
  }
  // As pruning does, once nothing leads to it any more.
  void take_away(const std::string& commit) {
    ASSERT_TRUE(forget_other_lines(source_.folder(), {settings_}, nullptr));
    git({"-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all"});
    git({"gc", "-q", "--prune=now"});
    const auto looked =
        test::run({"git", "-C", source_.folder().string(), "cat-file", "-e", commit});
    ASSERT_NE(looked.code, 0) << "it is gone here";
  }
  void expect_taken(const Result<PushOutcome>& outcome) {
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->replaced, "");
    EXPECT_EQ(at(remote_), options_.commit);
  }

  const std::filesystem::path remote_ = folder_ / "remote.git";
};

TEST_F(LineAtMirror, ReplacesOnlyWhatItPushedItself) {
  expect_taken(push_and_note(derive(commits({1, 31, 61}))));
  expect_taken(push_and_note(derive(commit_on(91))));
  EXPECT_EQ(test::run({"git", "-C", remote_.string(), "fsck", "--strict", "--no-progress",
                       "--no-dangling"})
                .output,
            "");
  move_on(remote_);
  expect_failure(push_and_note(derive(commit_on(121))), ErrorKind::conflict, "somebody else");
}

TEST_F(LineAtMirror, ReplacesWhatNobodyNotedThatItCameThrough) {
  expect_taken(push_and_note(derive(commits({1, 31, 61}))));
  expect_taken(push_line(derive(commit_on(91))));
  expect_taken(push_line(derive(commit_on(121))));
  const auto line = derive(commit_on(151));
  expect_taken(push_and_note(line));
  EXPECT_EQ(derive(source_.head()->value()).last_pushed, line.commit);
}

TEST_F(LineAtMirror, ReplacesAPieceOfAPushThatEndedThere) {
  expect_taken(push_and_note(derive(commits({1, 31}))));
  auto line = derive(commits({61, 70, 80}));
  options_.goal = line.commit;
  line.commit = git({"rev-parse", line.commit + "~1"}).substr(0, 40);
  expect_taken(push_line(line));
  options_.goal.clear();
  expect_taken(push_line(derive(commit_on(121))));
}

TEST_F(LineAtMirror, ReplacesWhatAHostSetBack) {
  expect_taken(push_and_note(derive(commits({1, 31, 61, 62}))));
  move_remote(git({"rev-parse", at(remote_) + "~2"}).substr(0, 40));
  expect_taken(push_and_note(derive(commit_on(121))));
}

TEST_F(LineAtMirror, ReplacesTheRepositorysOwnHistory) {
  const auto plain = settings_.keep_history;
  settings_.keep_history = hours(0);
  expect_taken(push_line(derive(commits({1, 31}))));
  settings_.keep_history = plain;
  settings_.folder = "docs";
  expect_taken(push_line(derive(commit_on(61))));
  settings_.folder = "";
  settings_.keep_history = hours(0);
  expect_taken(push_line(derive(source_.head()->value())));
}

TEST_F(LineAtMirror, DoesNotTakeWhatOthersPushedForItsOwnOnceItIsMerged) {
  expect_taken(push_and_note(derive(commits({1, 31}))));
  move_on(remote_);
  const auto theirs = at(remote_);
  const auto line = derive(commit_on(61));
  expect_failure(push_line(line), ErrorKind::conflict, "somebody else");
  options_.fetch_to = fetched_ref(settings_);
  ASSERT_TRUE(push_line(line));
  options_.fetch_to.clear();
  const auto merge = adopt_into_line(source_.folder(), settings_, nullptr, source_.head()->value(),
                                     line.commit, theirs);
  ASSERT_TRUE(merge) << merge.error().message;
  expect_taken(push_and_note(derive(source_.head()->value())));
  move_remote(theirs);
  expect_failure(push_line(derive(commit_on(121))), ErrorKind::conflict, "nothing in common");
  move_remote(*merge);
  expect_taken(push_and_note(derive(source_.head()->value())));
}

TEST_F(LineAtMirror, KeepsWhatARepositoryFromAnOldCopyHasLost) {
  settings_.keep_history = hours(0);
  const auto old = commit_on(1);
  const auto lost = commit_on(2);
  expect_taken(push_line(derive(lost)));
  git({"update-ref", "refs/heads/main", old});
  settings_.folder = "docs";
  auto line = derive(old);
  line.last_pushed = lost;  // as the state has it
  expect_failure(push_line(line), ErrorKind::conflict, "nothing in common");
  git({"-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all"});
  git({"gc", "-q", "--prune=now"});
  expect_failure(push_line(line), ErrorKind::conflict, "restored from an old copy?");
  EXPECT_EQ(at(remote_), lost);
}

TEST_F(LineAtMirror, ReplacesWhatWasFoldedAwayLongAgo) {
  expect_taken(push_and_note(derive(commits({1, 2, 31, 61}))));
  const auto old = at(remote_);
  expect_taken(push_and_note(derive(commits({91, 121, 151}))));
  take_away(old);
  move_remote(old);
  const auto line = derive(commit_on(152));
  options_.last_pushed = old;  // as a host's limits have it looked at first
  expect_taken(push_and_note(line));
  move_remote(old);
  move_on(remote_);
  expect_failure(push_and_note(derive(commit_on(181))), ErrorKind::conflict, "do not have");
}

TEST_F(LineAtMirror, ReplacesWhatAMirrorGotUnderAnotherName) {
  expect_taken(push_and_note(derive(commits({1, 2, 31, 61}))));
  settings_.name = "renamed";
  const auto line = derive(commits({91, 121}));
  expect_taken(push_and_note(line));
  move_on(remote_);
  settings_.name = "once more";
  expect_failure(push_and_note(derive(commit_on(151))), ErrorKind::conflict, "do not have");
}

TEST_F(LineAtMirror, RemembersNothingOfALineThatOthersCommitsHangOn) {
  expect_taken(push_and_note(derive(commits({1, 31}))));
  move_on(remote_);
  const auto theirs = at(remote_);
  const auto line = derive(commit_on(61));
  options_.fetch_to = fetched_ref(settings_);
  ASSERT_TRUE(push_line(line));
  options_.fetch_to.clear();
  ASSERT_TRUE(adopt_into_line(source_.folder(), settings_, nullptr, source_.head()->value(),
                              line.commit, theirs));
  expect_taken(push_and_note(derive(commit_on(62))));
  settings_.name = "renamed";
  expect_failure(push_line(derive(commit_on(121))), ErrorKind::conflict, "");
}

TEST_F(LineAtMirror, DoesNotGoBackToAHeadThatHasLostWhatAMirrorWasMadeOf) {
  const auto old = commits({1, 31});
  expect_taken(push_and_note(derive(commit_on(61))));
  git({"update-ref", "refs/heads/main", old});
  settings_.name = "renamed";
  expect_failure(push_line(derive(old)), ErrorKind::conflict, "ahead of ours");
}

}  // namespace
}  // namespace dandelion
