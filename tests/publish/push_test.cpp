// SPDX-License-Identifier: MIT
#include "publish/push.hpp"

#include <algorithm>
#include <thread>

#include <dirent.h>
#include <sys/file.h>
#include <sys/resource.h>

#include "core/handle.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;

class PushTest : public test::PushFixture {
 protected:
  PushTest() { make_remote(remote_); }
  fs::path remote_ = folder_ / "disk/remote one.git";
};

TEST_F(PushTest, BringsALocalMirrorUpToDate) {
  const auto first = push_to(remote_.string());
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(first->commit, repository_.head().value());
  EXPECT_FALSE(first->up_to_date);
  expect_mirrored(remote_);

  const auto again = push_to(remote_.string());
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_TRUE(again->up_to_date);

  commit("README.md", "# Hello again\n");
  commit("pages/a.md", "a\n");
  EXPECT_TRUE(push_to(remote_.string()).has_value());
  expect_mirrored(remote_);
}

TEST_F(PushTest, TakesFileAddresses) {
  std::string path = remote_.string();
  path.replace(path.find(' '), 1, "%20");
  const auto outcome = push_to("file://" + path);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_TRUE(push_to("file://localhost" + path)->up_to_date);
  expect_mirrored(remote_);
}

TEST_F(PushTest, PushesToTheMirrorsBranch) {
  ASSERT_TRUE(push_to(remote_.string(), nullptr, "gh-pages").has_value());
  EXPECT_EQ(at(remote_, "refs/heads/gh-pages"), repository_.head().value());
  EXPECT_EQ(at(remote_), "");
  expect_failure(push_to(remote_.string(), nullptr, "no..good"), ErrorKind::bad_input,
                 "'no..good'");
}

TEST_F(PushTest, SaysWhatIsMissing) {
  expect_failure(push_to((folder_ / "absent.git").string()), ErrorKind::not_found,
                 "git init --bare");
  fs::create_directories(folder_ / "empty");
  expect_failure(push_to((folder_ / "empty").string()), ErrorKind::not_found, "git init --bare");
  test::write_text(folder_ / "other/file", "");
  expect_failure(push_to((folder_ / "other").string()), ErrorKind::not_found,
                 "is no Git repository");
  ASSERT_EQ(run({"git", "init", "-q", (folder_ / "tree").string()}).code, 0);
  expect_failure(push_to((folder_ / "tree").string()), ErrorKind::refused, "work tree");

  auto unborn = MirrorRepository::open_or_create(folder_ / "unborn.git").value();
  MirrorSettings mirror;
  mirror.url = remote_.string();
  const auto outcome = push(unborn, mirror, network_);
  expect_failure(outcome, ErrorKind::bad_input, "no commit");
}

TEST_F(PushTest, RefusesSchemesThatItDoesNotSpeak) {
  for (const char* url :
       {"ssh://git@example.org/site.git", "git@example.org:site.git", "example.org:site.git"}) {
    network_.proxies = {
        {.scheme = ProxyAddress::Scheme::socks5h, .user = {}, .host = "h", .port = 1}};
    expect_failure(push_to(url), ErrorKind::refused, "ssh would go past the proxies");
  }
  expect_failure(push_to("git://127.0.0.1/site.git"), ErrorKind::refused, "past the proxies");
  network_.proxies.clear();
  expect_failure(push_to("git://example.org/site.git"), ErrorKind::refused, "git://");
  expect_failure(push_to("ftp://example.org/site.git"), ErrorKind::refused, "ftp://");
  expect_failure(push_to("ext::sh -c touch% /tmp/x"), ErrorKind::refused, "");
  expect_failure(push_to("relative/site.git"), ErrorKind::refused, "absolute path");
  expect_failure(push_to("file://host/site.git"), ErrorKind::bad_input, "absolute path");
  expect_failure(push_to("https://me:s3cret@example.org/site.git"), ErrorKind::bad_input,
                 "https://example.org/site.git");
  expect_failure(push_to("https://example.org/site.git?x=1"), ErrorKind::bad_input, "query");
  expect_failure(push_to("https://example.org/"), ErrorKind::bad_input, "no repository");
}

TEST_F(PushTest, RefusesToSendATokenInClearTextOverThePublicNetwork) {
  expect_failure(push_to("http://example.org/site.git", "DANDELION_TEST_TOKEN"), ErrorKind::refused,
                 "clear text");
  expect_failure(push_to("http://8.8.8.8/site.git", "DANDELION_TEST_TOKEN"), ErrorKind::refused,
                 "clear text");
}

TEST_F(PushTest, NamesTheVariableThatLacksTheToken) {
  expect_failure(push_to("https://example.org/site.git", "DANDELION_TEST_ABSENT"),
                 ErrorKind::bad_input, "DANDELION_TEST_ABSENT");
}

TEST_F(PushTest, DoesNotOverwriteWhatOthersPushed) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  move_on(remote_);
  const auto theirs = at(remote_);
  commit("a", "1");
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "commits that we do not have");
  EXPECT_EQ(at(remote_), theirs);
}

TEST_F(PushTest, TellsAMirrorThatIsAheadFromOneThatParted) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  const auto old = repository_.head().value().value();
  const auto ours = commit("a", "1");
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"git", "-C", repository_.folder().string()});
    EXPECT_EQ(run(words).code, 0);
  };
  git({"update-ref", "refs/heads/main", old});
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "ahead of ours");
  git({"update-ref", "refs/heads/kept", ours});
  commit("b", "2");
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "have parted");
  EXPECT_EQ(at(remote_), ours);
}

TEST_F(PushTest, TellsWhoPushedToAMirrorThatMovedOn) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  const auto left_at = at(remote_);
  move_on(remote_);
  commit("a", "1");
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "we never pushed there");
  options_.last_pushed = left_at;
  expect_failure(push_to(remote_.string()), ErrorKind::conflict,
                 "we left it at " + left_at.substr(0, 12));
}

TEST_F(PushTest, TellsAMirrorThatHasNothingToDoWithOurs) {
  auto other = MirrorRepository::open_or_create(folder_ / "other.git").value();
  ASSERT_TRUE(
      other
          .commit({{"theirs", std::string("1")}}, {.author_name = "Other",
                                                   .author_email = "other@invalid",
                                                   .time = Timestamp{std::chrono::seconds{1}},
                                                   .message = "Other"})
          .has_value());
  const auto theirs = other.head().value().value();
  for (const auto& place : {remote_, repository_.folder()}) {
    ASSERT_EQ(run({"git", "-C", other.folder().string(), "push", "-q", place.string(),
                   "main:" + std::string(place == remote_ ? "main" : "other")})
                  .code,
              0);
  }
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "nothing in common with ours");
  EXPECT_EQ(at(remote_), theirs);
}

TEST_F(PushTest, OverwritesWhereTheConfigurationSaysSo) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  move_on(remote_);
  const auto theirs = at(remote_);
  commit("a", "1");
  settings_.on_conflict = OnConflict::overwrite;
  const auto outcome = push_to(remote_.string());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(outcome->replaced, theirs);
  expect_mirrored(remote_);
}

TEST_F(PushTest, LeavesWhatOthersPushToAFolderWhileOursIsOnItsWay) {
  for (const auto conduct : {OnConflict::refuse, OnConflict::overwrite}) {
    settings_.on_conflict = conduct;
    ASSERT_TRUE(push_to(remote_.string()).has_value());
    commit("a", std::to_string(static_cast<int>(conduct)));
    std::string theirs;
    options_.progress = [&](const PushProgress&) {
      if (!theirs.empty()) return;
      move_on(remote_);
      theirs = at(remote_);
    };
    expect_failure(push_to(remote_.string()), ErrorKind::conflict, "by another push");
    EXPECT_NE(theirs, "");
    EXPECT_EQ(at(remote_), theirs);
    options_.progress = nullptr;
    ASSERT_EQ(run({"git", "-C", remote_.string(), "update-ref", "-d", "refs/heads/main"}).code, 0);
  }
}

TEST_F(PushTest, LeavesABranchThatOthersMakeInAFolderMeanwhile) {
  std::string theirs;
  options_.progress = [&](const PushProgress&) {
    if (!theirs.empty()) return;
    ASSERT_EQ(run({"git", "-C", repository_.folder().string(), "push", "-q", remote_.string(),
                   "HEAD:main"})
                  .code,
              0);
    move_on(remote_);
    theirs = at(remote_);
  };
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "by another push");
  EXPECT_EQ(at(remote_), theirs);
  EXPECT_EQ(run({"git", "-C", remote_.string(), "for-each-ref", "--format=%(refname)"}).output,
            "refs/heads/main\n");
}

TEST_F(PushTest, TellsOfALockInAFolder) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  const auto before = at(remote_);
  commit("a", "1");
  const auto lock = remote_ / "refs/heads/main.lock";
  test::write_text(lock, "");
  fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::minutes(1));
  const auto outcome = push_to(remote_.string());
  expect_failure(outcome, ErrorKind::storage, lock.string());
  expect_failure(outcome, ErrorKind::storage, "remove the file");
  EXPECT_TRUE(fs::exists(lock)) << "it is not ours";
  EXPECT_EQ(at(remote_), before);
  fs::remove(lock);
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  expect_mirrored(remote_);
}

TEST_F(PushTest, WaitsForAnotherPushThatMovesTheBranchOfAFolder) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  commit("a", "1");
  const auto lock = remote_ / "refs/heads/main.lock";
  test::write_text(lock, "");
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    fs::remove(lock);
  });
  const auto outcome = push_to(remote_.string());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
}

TEST_F(PushTest, FoldsThePacksOfAFolderAndLeavesThemToWhoeverDoesSo) {
  const auto packs = remote_ / "objects/pack";
  const auto push_often = [&](int times) {
    for (int i = 0; i < times; ++i) {
      commit(fmt::format("pages/{}.md", i % 7), fmt::format("{} {}", times, i));
      ASSERT_TRUE(push_to(remote_.string()).has_value());
    }
  };
  const auto count = [&] {
    return std::count_if(fs::directory_iterator(packs), fs::directory_iterator(),
                         [](const auto& each) { return each.path().extension() == ".pack"; });
  };
  {
    const Handle<DIR, ::closedir> held(::opendir(packs.c_str()));
    ASSERT_EQ(::flock(::dirfd(held.get()), LOCK_EX | LOCK_NB), 0);
    push_often(55);
    EXPECT_EQ(count(), 55);
  }
  push_often(10);
  EXPECT_LE(count(), 10);
  expect_mirrored(remote_);
}

TEST_F(PushTest, NamesTheBranchBesideWhichThereCanBeNone) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  expect_failure(push_to(remote_.string(), nullptr, "main/x"), ErrorKind::bad_input,
                 "the mirror has refs/heads/main, beside which there can be no refs/heads/main/x");
  ASSERT_TRUE(push_to(remote_.string(), nullptr, "a/b").has_value());
  expect_failure(push_to(remote_.string(), nullptr, "a"), ErrorKind::bad_input, "refs/heads/a/b");
}

class FolderWithRulesTest : public PushTest {
 protected:
  void configure(const std::string& name, const std::string& value) {
    ASSERT_EQ(run({"git", "-C", remote_.string(), "config", name, value}).code, 0);
  }
  static void write_hook(const fs::path& hook, const std::string& script) {
    test::write_text(hook, "#!/bin/sh\n" + script);
    fs::permissions(hook, fs::perms::owner_all);
  }
};

TEST_F(FolderWithRulesTest, RunsTheHooks) {
  write_hook(remote_ / "hooks/pre-receive",
             "cat > " + (folder_ / "heard").string() + "\necho not on a Sunday >&2; exit 1\n");
  const auto outcome = push_to(remote_.string());
  expect_failure(outcome, ErrorKind::refused, "pre-receive hook declined");
  expect_failure(outcome, ErrorKind::refused, "not on a Sunday");
  EXPECT_EQ(at(remote_), "");
  EXPECT_EQ(
      test::file_text(folder_ / "heard"),
      fmt::format("{} {} refs/heads/main\n", std::string(40, '0'), *repository_.head().value()));
  fs::remove(remote_ / "hooks/pre-receive");

  configure("core.hooksPath", (folder_ / "elsewhere").string());
  write_hook(folder_ / "elsewhere/post-update", "echo \"$@\" > " + (folder_ / "after").string());
  ASSERT_TRUE(push_to("file://" + (folder_ / "disk/remote%20one.git").string()).has_value());
  EXPECT_EQ(test::file_text(folder_ / "after"), "refs/heads/main\n");
  expect_mirrored(remote_);
  commit("a", "1");
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  expect_mirrored(remote_);
}

TEST_F(FolderWithRulesTest, RefusesWhereThereIsNoGitToRunTheHooks) {
  write_hook(remote_ / "hooks/update", "exit 0\n");
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", (folder_ / "nothing").c_str(), 1);
  const auto outcome = push_to(remote_.string());
  ::setenv("PATH", path.c_str(), 1);
  expect_failure(outcome, ErrorKind::refused, "it has hooks/update, which git alone heeds");
  EXPECT_EQ(at(remote_), "");
}

TEST_F(FolderWithRulesTest, SharesFilesWithTheGroupAsTheFolderDoes) {
  const auto shared = folder_ / "shared.git";
  ASSERT_EQ(
      run({"git", "init", "-q", "--bare", "--shared=group", "-b", "main", shared.string()}).code,
      0);
  ASSERT_TRUE(push_to(shared.string(), nullptr, "team/main").has_value());
  const auto may_group_write = [](const fs::path& path) {
    return (fs::status(path).permissions() & fs::perms::group_write) != fs::perms::none;
  };
  EXPECT_TRUE(may_group_write(shared / "refs/heads/team"));
  EXPECT_TRUE(may_group_write(shared / "refs/heads/team/main"));
}

TEST_F(FolderWithRulesTest, TellsAServerThatLeavesNoCommitsBehindFromARace) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  move_on(remote_);
  const auto theirs = at(remote_);
  configure("receive.denyNonFastForwards", "true");
  commit("a", "1");
  settings_.on_conflict = OnConflict::overwrite;
  const auto outcome = push_to(remote_.string());
  expect_failure(outcome, ErrorKind::refused, "may only grow");
  expect_failure(outcome, ErrorKind::refused, "receive.denyNonFastForwards");
  EXPECT_EQ(at(remote_), theirs);
}

TEST_F(FolderWithRulesTest, TellsALockOfTheServerFromARace) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  configure("receive.fsckObjects", "true");
  commit("a", "1");
  test::write_text(remote_ / "refs/heads/main.lock", "");
  expect_failure(push_to(remote_.string()), ErrorKind::refused, "a lock is in the way");
}

TEST_F(FolderWithRulesTest, HearsOfAPushThatCameBeforeItsOwn) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  configure("receive.fsckObjects", "true");
  commit("a", "1");
  std::string theirs;
  options_.progress = [&](const PushProgress&) {
    if (!theirs.empty()) return;
    move_on(remote_);
    theirs = at(remote_);
  };
  expect_failure(push_to(remote_.string()), ErrorKind::conflict, "by another push");
  EXPECT_NE(theirs, "");
  EXPECT_EQ(at(remote_), theirs);
}

TEST_F(PushTest, CatchesUpAfterManyMissedCommits) {
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  for (int i = 0; i < 25; ++i)
    commit(fmt::format("pages/{}.md", i % 7), std::to_string(i));
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  expect_mirrored(remote_);
}

TEST_F(PushTest, IgnoresThatTheConfigurationNamesAnotherAddress) {
  const auto other = folder_ / "other.git";
  make_remote(other);
  ASSERT_EQ(run({"git", "-C", repository_.folder().string(), "config",
                 "url." + other.string() + ".insteadOf", remote_.string()})
                .code,
            0);
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  EXPECT_EQ(at(other), "");
  expect_mirrored(remote_);
}

TEST_F(PushTest, SaysWhyALocalMirrorCannotBeWritten) {
  commit("noise", test::noise(2'000'000));
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{100'000, old.rlim_max};  // stands in for a full disk
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto outcome = push_to(remote_.string());
  ::setrlimit(RLIMIT_FSIZE, &old);
  expect_failure(outcome, ErrorKind::storage, remote_.string());
  EXPECT_EQ(at(remote_), "");
  ASSERT_TRUE(push_to(remote_.string()).has_value());
  expect_mirrored(remote_);
}

TEST_F(PushTest, SaysWhyAReadOnlyMirrorCannotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(remote_ / "objects/pack", fs::perms::owner_read | fs::perms::owner_exec);
  const auto outcome = push_to(remote_.string());
  fs::permissions(remote_ / "objects/pack", fs::perms::owner_all);
  expect_failure(outcome, ErrorKind::storage, "Permission denied");
}

}  // namespace
}  // namespace dandelion
