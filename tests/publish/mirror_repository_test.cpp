// SPDX-License-Identifier: MIT
#include "publish/mirror_repository.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/files.hpp"
#include "publish/child_process.hpp"
#include "publish/libraries.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;
using test::TemporaryFolder;

constexpr Timestamp noon{std::chrono::seconds{1'700'000'000}};

CommitSettings by_nobody(const std::string& message = "Mirror") {
  return {.author_name = "Dandelion",
          .author_email = "mirror@invalid",
          .time = noon,
          .message = message};
}

FileChange put(const std::string& path, const std::string& content) {
  return {path, content};
}
FileChange drop(const std::string& path) {
  return {path, std::nullopt};
}

class MirrorRepositoryTest : public testing::Test {
 protected:
  MirrorRepository make() {
    auto repository = MirrorRepository::open_or_create(place());
    if (!repository) throw std::runtime_error(repository.error().message);
    return std::move(*repository);
  }
  [[nodiscard]] fs::path place() const { return folder_ / "site/mirror.git"; }

  // What stock git says to the repository.
  std::string git(std::vector<std::string> words) const {
    words.insert(words.begin(), {"git", "-C", place().string()});
    const auto finished = run(words);
    EXPECT_EQ(finished.code, 0) << finished.output;
    return finished.output;
  }
  void expect_sound() const {
    EXPECT_EQ(git({"fsck", "--strict", "--no-dangling", "--no-progress"}), "");
  }

  std::vector<std::string> paths(const MirrorRepository& repository) const {
    const auto files = repository.list();
    EXPECT_TRUE(files.has_value()) << files.error().message;
    std::vector<std::string> found;
    if (files) {
      for (const auto& file : *files)
        found.push_back(file.path);
    }
    return found;
  }

  test::Libraries libraries_;
  TemporaryFolder folder_;
};

using Paths = std::vector<std::string>;

TEST_F(MirrorRepositoryTest, CommitsFilesThatStockGitReads) {
  auto repository = make();
  EXPECT_EQ(repository.head().value(), std::nullopt);

  const auto commit =
      repository.commit({put("README.md", "# Hello\n"), put("pages/世界/1.md", "one\n"),
                         put("pages/世界.html", ""), put(".nojekyll", "")},
                        by_nobody());

  ASSERT_TRUE(commit.has_value()) << commit.error().message;
  ASSERT_TRUE(commit->has_value());
  EXPECT_EQ(repository.head().value(), *commit);
  expect_sound();
  EXPECT_EQ(git({"cat-file", "blob", "HEAD:pages/世界/1.md"}), "one\n");
  EXPECT_EQ(paths(repository),
            (Paths{".nojekyll", "README.md", "pages/世界.html", "pages/世界/1.md"}));
  ASSERT_TRUE(repository.list().has_value());
  EXPECT_EQ(repository.list()->at(1).size, 8U);
  EXPECT_EQ(repository.read("README.md").value(), "# Hello\n");
  EXPECT_EQ(repository.read("pages/世界.html").value(), "");
  EXPECT_EQ(repository.read("pages/世界").value(), std::nullopt);
  EXPECT_EQ(repository.read("absent").value(), std::nullopt);
  EXPECT_EQ(repository.read("/README.md").value(), std::nullopt);
  EXPECT_EQ(repository.read("").value(), std::nullopt);

  const auto clone = folder_ / "clone";
  EXPECT_EQ(run({"git", "clone", "-q", place().string(), clone.string()}).code, 0);
  EXPECT_EQ(test::file_text(clone / "README.md"), "# Hello\n");
}

TEST_F(MirrorRepositoryTest, NamesTheFilesOfOneFolder) {
  auto repository = make();
  EXPECT_EQ(repository.names_in("").value(), Paths{});
  ASSERT_TRUE(repository.commit({put("README.md", "1"), put("pages/a/1.md", "1"),
                                 put("pages/a/2.md", "1"), put("pages/a/b/3.md", "1")},
                                by_nobody()));
  EXPECT_EQ(repository.names_in("").value(), Paths{"README.md"});
  EXPECT_EQ(repository.names_in("pages/a/").value(), (Paths{"1.md", "2.md"}));
  EXPECT_EQ(repository.names_in("pages/a").value(), (Paths{"1.md", "2.md"}));
  for (const char* none : {"pages", "pages/absent/", "README.md"})
    EXPECT_EQ(repository.names_in(none).value(), Paths{}) << none;
}

TEST_F(MirrorRepositoryTest, WritesTheCommitThatStockGitWouldWrite) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a", "1\n")}, by_nobody("First\n\nBody  \n\n")).has_value());
  const auto theirs =
      run({"env", "GIT_AUTHOR_NAME=Dandelion", "GIT_AUTHOR_EMAIL=mirror@invalid",
           "GIT_AUTHOR_DATE=1700000000 +0000", "GIT_COMMITTER_NAME=Dandelion",
           "GIT_COMMITTER_EMAIL=mirror@invalid", "GIT_COMMITTER_DATE=1700000000 +0000", "git", "-C",
           place().string(), "commit-tree", "HEAD^{tree}", "-m", "First\n\nBody"});
  EXPECT_EQ(theirs.output, *repository.head().value() + "\n");
}

TEST_F(MirrorRepositoryTest, SignsCommitsAsGitVerifiesThem) {
  if (test::find_program("ssh-keygen").empty()) GTEST_SKIP() << "ssh-keygen is missing";
  auto repository = make();
  auto settings = by_nobody("Signed\n\nwith a body");
  settings.key = std::make_shared<const SigningKey>(SigningKey::generate().value());
  const auto first = repository.commit({put("a", "1")}, settings).value();
  ASSERT_TRUE(repository.commit({put("a", "2")}, settings).value());
  expect_sound();
  const auto signers = folder_ / "signers";
  test::write_text(signers, "mirror@invalid " + ssh_line(settings.key->public_key()) + "\n");
  const auto verify = [&](const std::string& commit) {
    return run({"git", "-C", place().string(), "-c", "gpg.format=ssh", "-c",
                "gpg.ssh.allowedSignersFile=" + signers.string(), "verify-commit", commit});
  };
  EXPECT_EQ(verify("HEAD").code, 0) << verify("HEAD").output;
  EXPECT_EQ(verify("HEAD~1").code, 0);
  EXPECT_EQ(git({"log", "-1", "--format=%B"}), "Signed\n\nwith a body\n\n");

  auto again = MirrorRepository::open_or_create(folder_ / "again.git");
  EXPECT_EQ(again->commit({put("a", "1")}, settings).value(), first) << "signing changes nothing";
  settings.key = std::make_shared<const SigningKey>(SigningKey::generate().value());
  ASSERT_TRUE(repository.commit({put("a", "3")}, settings).value());
  EXPECT_NE(verify("HEAD").code, 0) << "another key's signature";
}

TEST_F(MirrorRepositoryTest, GivesTheSameIdForTheSameContentIdentityAndTime) {
  auto first = make();
  auto second = MirrorRepository::open_or_create(folder_ / "other.git");
  ASSERT_TRUE(second.has_value());
  const std::vector<FileChange> changes = {put("b/x", "1"), put("a", "2"), put("b.c", "3"),
                                           put("b/y/z", "4")};
  auto shuffled = changes;
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_EQ(first.commit(changes, by_nobody()).value(),
            second->commit(shuffled, by_nobody()).value());
}

TEST_F(MirrorRepositoryTest, MakesNoCommitWithoutAChange) {
  auto repository = make();
  EXPECT_EQ(repository.commit({}, by_nobody()).value(), std::nullopt);
  EXPECT_EQ(repository.commit({drop("absent"), drop("absent/too")}, by_nobody()).value(),
            std::nullopt);
  EXPECT_EQ(repository.head().value(), std::nullopt);

  const auto commit = repository.commit({put("a/b", "1")}, by_nobody()).value();
  EXPECT_EQ(
      repository
          .commit({put("a/b", "1"), drop("a/c"), drop("a/b/c"), drop("a")}, by_nobody("again"))
          .value(),
      std::nullopt);
  EXPECT_EQ(repository.head().value(), commit);
  EXPECT_EQ(std::distance(fs::directory_iterator(place() / "objects/pack"), {}), 2);
}

TEST_F(MirrorRepositoryTest, TakesTheFolderWithItsLastFile) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a/b/c", "1"), put("a/d", "2"), put("e", "3")}, by_nobody())
                  .has_value());
  ASSERT_TRUE(repository.commit({drop("a/b/c")}, by_nobody()).has_value());
  EXPECT_EQ(git({"ls-tree", "-r", "-t", "--name-only", "HEAD"}), "a\na/d\ne\n");
  ASSERT_TRUE(repository.commit({drop("a/d"), drop("e")}, by_nobody()).has_value());
  EXPECT_EQ(git({"ls-tree", "-r", "-t", "HEAD"}), "");
  EXPECT_EQ(paths(repository), Paths{});
  expect_sound();
  ASSERT_TRUE(repository.commit({put("again", "4")}, by_nobody()).has_value());
  expect_sound();
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "4\n");
}

TEST_F(MirrorRepositoryTest, SortsFoldersAsGitDoes) {
  auto repository = make();
  ASSERT_TRUE(repository
                  .commit({put("a/x", "1"), put("a-b", "1"), put("a.b/x", "1"), put("a0", "1"),
                           put("a!", "1")},
                          by_nobody())
                  .has_value());
  ASSERT_TRUE(repository.commit({put("a-c/x", "1"), put("a.b/y", "2"), drop("a0")}, by_nobody())
                  .has_value());
  expect_sound();
  EXPECT_EQ(paths(repository), (Paths{"a!", "a-b", "a-c/x", "a.b/x", "a.b/y", "a/x"}));
}

struct Refused {
  std::vector<FileChange> changes;
  std::string reason;  // a part of the message
};

TEST_F(MirrorRepositoryTest, RefusesWhatCannotBeAndWritesNothing) {
  auto repository = make();
  const auto before = repository.commit({put("a/b", "1"), put("f/g/h", "2")}, by_nobody()).value();
  const std::vector<Refused> cases = {
      {{put("ok", "1"), put("../up", "1")}, "'../up' is not a path"},
      {{put("/etc/passwd", "1")}, "not a path"},
      {{put("x/.git/config", "1")}, "not a path"},
      {{drop("x//y")}, "not a path"},
      {{put("", "1")}, "not a path"},
      {{put("new/x", "1"), put("new/y", "2"), put("new/x", "1")}, "'new/x' is changed twice"},
      {{put("x", "1"), drop("x")}, "'x' is changed twice"},
      {{put("a/b/c", "1")}, "'a/b/c' cannot be added: 'a/b' is a file"},
      {{put("f/g", "1")}, "'f/g' cannot be a file: there is a folder of that name"},
      {{put("f", "1"), drop("f/g/absent")}, "'f' cannot be a file"},
      {{put("n/o", "1"), put("n/o-", "1"), put("n/o/p", "1")},
       "'n/o' cannot be a file: there is a folder of that name with 'n/o/p'"},
      {{put("a/b/c", "1"), put("a/b", "2")}, "'a/b' cannot be a file"},
  };
  for (const auto& each : cases) {
    auto changes = each.changes;
    changes.push_back(put("innocent", "1"));
    const auto outcome = repository.commit(changes, by_nobody());
    ASSERT_FALSE(outcome.has_value()) << each.reason;
    EXPECT_EQ(outcome.error().kind, ErrorKind::refused);
    EXPECT_NE(outcome.error().message.find(each.reason), std::string::npos)
        << outcome.error().message;
  }
  EXPECT_EQ(repository.head().value(), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(place() / "objects/pack"), {}), 2);
  expect_sound();
}

TEST_F(MirrorRepositoryTest, LetsAFileBecomeAFolderAndBack) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a/b", "1")}, by_nobody()).has_value());
  ASSERT_TRUE(repository.commit({drop("a/b"), put("a/b/c", "2")}, by_nobody()).has_value());
  EXPECT_EQ(paths(repository), Paths{"a/b/c"});
  ASSERT_TRUE(repository.commit({drop("a/b/c"), put("a", "3")}, by_nobody()).has_value());
  EXPECT_EQ(paths(repository), Paths{"a"});
  expect_sound();
}

// Names that stand close to each other, of files and of folders, come, change and go, as files and
// as folders.
TEST_F(MirrorRepositoryTest, MakesTheTreesThatGitMakesWhateverIsChanged) {
  auto repository = make();
  std::mt19937 random(7);
  const std::array names = {"a", "a!", "a-", "a.b", "a0", "aa", "b"};
  std::map<std::string, std::string> files;
  for (int round = 0; round < 40; ++round) {
    std::map<std::string, std::optional<std::string>> changes;
    for (std::size_t i = 0; i < 1 + random() % 5; ++i) {
      const std::string name = names[random() % names.size()];
      const std::string path =
          random() % 2 == 0 ? name : name + "/" + names[random() % names.size()];
      const auto stands_in_the_way = [&](const auto& each) {
        return each.first.starts_with(path + "/") || path.starts_with(each.first + "/");
      };
      if (std::any_of(changes.begin(), changes.end(), stands_in_the_way)) continue;
      for (const auto& file : files) {
        if (stands_in_the_way(file)) changes[file.first] = std::nullopt;
      }
      changes[path] = random() % 4 == 0 ? std::nullopt : std::optional(std::to_string(random()));
    }
    std::vector<FileChange> list;
    for (const auto& [path, content] : changes) {
      list.push_back({path, content});
      files.erase(path);
      if (content) files[path] = *content;
    }
    ASSERT_TRUE(repository.commit(list, by_nobody()));
    if (round == 0) continue;
    std::set<std::string> wanted;
    for (const auto& [path, content] : files) {
      wanted.insert(path);
      EXPECT_EQ(repository.read(path).value(), content);
    }
    const auto found = paths(repository);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), wanted) << round;
    git({"read-tree", "HEAD"});
    EXPECT_EQ(git({"write-tree"}), git({"rev-parse", "HEAD^{tree}"})) << round;
  }
  expect_sound();
}

TEST_F(MirrorRepositoryTest, SaysThatATreeIsMalformed) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a/b", "1")}, by_nobody()));
  const auto broken = folder_ / "broken";
  ASSERT_TRUE(create_file(broken, std::string("100644 b\0too short", 18)));
  const auto tree =
      git({"hash-object", "-t", "tree", "-w", "--literally", broken.string()}).substr(0, 40);
  const auto commit = git({"-c", "user.name=o", "-c", "user.email=o@example.invalid", "commit-tree",
                           "-m", "broken", tree})
                          .substr(0, 40);
  git({"update-ref", "refs/heads/main", commit});
  const auto outcome = repository.commit({put("c", "1")}, by_nobody());
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::storage);
  EXPECT_EQ(repository.head().value(), commit);
}

TEST_F(MirrorRepositoryTest, KeepsNamesThatDifferInCaseApart) {
  auto repository = make();
  ASSERT_TRUE(
      repository.commit({put("Pages/x", "1"), put("pages/x", "2")}, by_nobody()).has_value());
  EXPECT_EQ(paths(repository), (Paths{"Pages/x", "pages/x"}));
}

TEST_F(MirrorRepositoryTest, RefusesAnIdentityOrMessageThatGitCannotHold) {
  auto repository = make();
  for (const auto& settings :
       {CommitSettings{"", "a@b", noon, "m"}, CommitSettings{"A", " ", noon, "m"},
        CommitSettings{"A\nparent x", "a@b", noon, "m"}, CommitSettings{"A", "a@b>", noon, "m"},
        CommitSettings{"A", "a@b", noon, " \n"},
        CommitSettings{"A", "a@b", noon, std::string("a\0b", 3)},
        CommitSettings{"A", "a@b", noon, "\xff"},
        CommitSettings{"A", "a@b", Timestamp{std::chrono::seconds{-1}}, "m"}}) {
    const auto outcome = repository.commit({put("a", "1")}, settings);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().kind, ErrorKind::bad_input);
  }
  EXPECT_EQ(repository.head().value(), std::nullopt);
}

TEST_F(MirrorRepositoryTest, UsesTheConfiguredBranch) {
  auto repository = MirrorRepository::open_or_create(place(), "gh-pages");
  ASSERT_TRUE(repository.has_value());
  ASSERT_TRUE(repository->commit({put("a", "1")}, by_nobody()).has_value());
  EXPECT_EQ(git({"for-each-ref", "--format=%(refname)"}), "refs/heads/gh-pages\n");
  EXPECT_EQ(git({"symbolic-ref", "HEAD"}), "refs/heads/gh-pages\n");

  const auto bad = MirrorRepository::open_or_create(folder_ / "bad.git", "no..good");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().kind, ErrorKind::bad_input);
  EXPECT_FALSE(fs::exists(folder_ / "bad.git"));
}

TEST_F(MirrorRepositoryTest, OpensWhatIsThere) {
  const auto commit = make().commit({put("a", "1")}, by_nobody()).value();
  EXPECT_EQ(make().head().value(), commit);
  EXPECT_EQ(MirrorRepository::open_or_create(place().string() + "/")->head().value(), commit);
  EXPECT_EQ(MirrorRepository::open(place())->read("a").value(), "1");
  fs::create_directories(folder_ / "empty");
  EXPECT_TRUE(MirrorRepository::open_or_create(folder_ / "empty").has_value());
}

TEST_F(MirrorRepositoryTest, ReadsAWorkTreesRepositoryButDoesNotCommitToIt) {
  make().commit({put("a/b", "1")}, by_nobody()).value();
  const auto clone = folder_ / "clone";
  ASSERT_EQ(run({"git", "clone", "-q", place().string(), clone.string()}).code, 0);
  auto repository = MirrorRepository::open(clone);
  ASSERT_TRUE(repository.has_value()) << repository.error().message;
  EXPECT_EQ(repository->read("a/b").value(), "1");
  EXPECT_EQ(repository->commit({put("a", "1")}, by_nobody()).error().kind, ErrorKind::refused);
  EXPECT_EQ(MirrorRepository::open_or_create(clone).error().kind, ErrorKind::storage);
}

TEST_F(MirrorRepositoryTest, LeavesAFolderThatHoldsSomethingElseAlone) {
  test::write_text(place() / "letter.txt", "mine");
  const auto outcome = MirrorRepository::open_or_create(place());
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::storage);
  EXPECT_NE(outcome.error().message.find("neither empty nor"), std::string::npos);
  EXPECT_EQ(MirrorRepository::open(place()).error().kind, ErrorKind::not_found);
  EXPECT_EQ(MirrorRepository::open(folder_ / "absent").error().kind, ErrorKind::not_found);
  test::write_text(folder_ / "file", "");
  EXPECT_EQ(MirrorRepository::open_or_create(folder_ / "file").error().kind, ErrorKind::storage);
  EXPECT_EQ(MirrorRepository::open_or_create(folder_ / "file/under.git").error().kind,
            ErrorKind::storage);
}

TEST_F(MirrorRepositoryTest, SweepsUpWhatAKilledProcessLeftWhileCreating) {
  const auto old = place().parent_path() / ".mirror.git.creating-abcdef";
  const auto young = place().parent_path() / ".mirror.git.creating-ghijkl";
  test::write_text(old / "HEAD", "ref: refs/he");
  test::write_text(young / "HEAD", "ref: refs/he");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
  make();
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));  // another process may be at it
  git({"fsck", "--strict"});
}

TEST_F(MirrorRepositoryTest, SaysWhatIsWrongWithACorruptHead) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a", "1")}, by_nobody()).has_value());
  test::write_text(place() / "refs/heads/main", "rubbish");
  const auto head = make().head();
  ASSERT_FALSE(head.has_value());
  EXPECT_EQ(head.error().kind, ErrorKind::storage);
  EXPECT_EQ(head.error().message.find("HEAD of "), 0U) << head.error().message;
  EXPECT_FALSE(repository.commit({put("a", "2")}, by_nobody()).has_value());
}

TEST_F(MirrorRepositoryTest, TakesAwayOldLocksOfItsOwnRefsAlone) {
  auto repository = make();
  const auto own = place() / "refs/dandelion/line-0123.lock";
  const auto packed = place() / "packed-refs.lock";
  const auto other = place() / "refs/heads/theirs.lock";
  for (const auto& lock : {own, packed, other}) {
    test::write_text(lock, "");
    fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::minutes(1));
  }
  repository.clear_own_locks();
  EXPECT_FALSE(fs::exists(own));
  EXPECT_FALSE(fs::exists(packed));
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(MirrorRepositoryTest, WaitsForAProcessThatHoldsALockOfItsOwnRefs) {
  auto repository = make();
  const auto lock = place() / "refs/dandelion/line-0123.lock";
  test::write_text(lock, "");
  std::atomic<bool> is_done = false;
  std::jthread git([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    is_done = true;
    fs::remove(lock);
  });
  repository.clear_own_locks();
  EXPECT_TRUE(is_done);
}

TEST_F(MirrorRepositoryTest, TakesAwayTheLockOfAKilledProcess) {
  auto repository = make();
  ASSERT_TRUE(repository.commit({put("a", "1")}, by_nobody()).has_value());
  const auto lock = place() / "refs/heads/main.lock";
  test::write_text(lock, "");
  fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::minutes(1));
  const auto outcome = repository.commit({put("a", "2")}, by_nobody());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_FALSE(fs::exists(lock));
}

TEST_F(MirrorRepositoryTest, GivesOneOfTwoWritersTheConflict) {
  make();
  std::array<int, 2> done{};
  const auto write = [&](std::size_t who) {
    auto mine = MirrorRepository::open(place());
    for (int i = 0; i < 20; ++i) {
      const auto outcome = mine->commit({put(fmt::format("{}/{}", who, i), "x")}, by_nobody());
      if (outcome) {
        ++done[who];
      } else {
        EXPECT_EQ(outcome.error().kind, ErrorKind::conflict) << outcome.error().message;
      }
    }
  };
  std::thread other(write, 1U);
  write(0U);
  other.join();
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), fmt::format("{}\n", done[0] + done[1]));
  EXPECT_EQ(paths(make()).size(), static_cast<std::size_t>(done[0] + done[1]));
  expect_sound();
}

TEST_F(MirrorRepositoryTest, KeepsTheOldHeadWhenTheDiskIsFull) {
  auto repository = make();
  const auto before = repository.commit({put("a", "1")}, by_nobody()).value();
  std::string noise;
  std::uint32_t state = 1;
  for (int i = 0; i < 2'000'000; ++i)
    noise += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);

  // A limit on the size of files stands in for the end of the disk: it works for root, too.
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{100'000, old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto outcome = repository.commit({put("noise", noise)}, by_nobody());
  ::setrlimit(RLIMIT_FSIZE, &old);

  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::storage);
  EXPECT_NE(outcome.error().message.find("File too large"), std::string::npos)
      << outcome.error().message;
  EXPECT_EQ(repository.head().value(), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(place() / "objects/pack"), {}), 2);
  EXPECT_TRUE(repository.commit({put("noise", noise)}, by_nobody()).has_value());
  expect_sound();
}

TEST_F(MirrorRepositoryTest, SaysWhyAReadOnlyFolderCannotBeWritten) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  auto repository = make();
  fs::permissions(place() / "objects/pack", fs::perms::owner_read | fs::perms::owner_exec);
  const auto outcome = repository.commit({put("a", "1")}, by_nobody());
  fs::permissions(place() / "objects/pack", fs::perms::owner_all);
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().kind, ErrorKind::storage);
  EXPECT_NE(outcome.error().message.find("Permission denied"), std::string::npos);
}

TEST_F(MirrorRepositoryTest, KeepsTheOldHeadWhenKilledAtAnyMoment) {
  make().commit({put("count", "0")}, by_nobody()).value();
  // A writer of this same binary would need a way in; a forked copy of the test does, and is killed
  // at ever later moments. What it left behind must be sound, and take the next commit.
  for (int round = 0; round < 12; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto repository = MirrorRepository::open(place());
      for (int i = 0; i < 1000; ++i) {
        auto ignored = repository->commit(
            {put("count", std::to_string(i)), put(fmt::format("{}/{}", round, i), "x")},
            by_nobody());
      }
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3 + 4 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto lock = place() / "refs/heads/main.lock";
    std::error_code none;
    if (fs::exists(lock))
      fs::last_write_time(lock, fs::file_time_type::clock::now() - std::chrono::minutes(1), none);
    const auto outcome = make().commit({put("after", std::to_string(round))}, by_nobody());
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  }
  expect_sound();
}

TEST_F(MirrorRepositoryTest, SurvivesGitsOwnHousekeeping) {
  auto repository = make();
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(
        repository
            .commit({put(fmt::format("pages/{}.md", i), "text"), put("count", std::to_string(i))},
                    by_nobody())
            .has_value());
  }
  git({"gc", "-q", "--prune=now"});
  // The same object, opened before: its packs have gone from under it.
  ASSERT_TRUE(repository.commit({put("pages/last.md", "text")}, by_nobody()).has_value());
  EXPECT_EQ(repository.read("pages/3.md").value(), "text");
  expect_sound();
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "31\n");
}

TEST_F(MirrorRepositoryTest, LetsNoPacksPileUp) {
  auto repository = make();
  std::string kept;
  for (int i = 0; i < 130; ++i) {
    ASSERT_TRUE(
        repository.commit({put(fmt::format("pages/{}.md", i), "text")}, by_nobody()).has_value());
    if (i == 0) {
      kept = fs::directory_iterator(place() / "objects/pack")->path().stem();
      test::write_text(place() / "objects/pack" / (kept + ".keep"), "");
    }
  }
  std::size_t packs = 0;
  for (const auto& file : fs::directory_iterator(place() / "objects/pack")) {
    packs += file.path().extension() == ".pack" ? 1 : 0;
  }
  EXPECT_LT(packs, 60U);
  EXPECT_TRUE(fs::exists(place() / "objects/pack" / (kept + ".pack")));
  EXPECT_EQ(paths(repository).size(), 130U);
  EXPECT_EQ(repository.read("pages/7.md").value(), "text");
  expect_sound();
  EXPECT_EQ(git({"rev-list", "--count", "HEAD"}), "130\n");
}

TEST_F(MirrorRepositoryTest, DoesNotListenToTheUsersConfiguration) {
  test::write_text(folder_ / "home/.gitconfig",
                   "[user]\n\tname = Real Name\n[core]\n\tlogAllRefUpdates = "
                   "always\n[init]\n\tdefaultBranch = trunk\n\ttemplateDir = /nowhere\n");
  const char* home = std::getenv("HOME");
  const std::string old = home != nullptr ? home : "";
  ::setenv("HOME", (folder_ / "home").c_str(), 1);
  auto repository = make();
  const auto outcome = repository.commit({put("a", "1")}, by_nobody());
  ::setenv("HOME", old.c_str(), 1);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  EXPECT_EQ(git({"symbolic-ref", "HEAD"}), "refs/heads/main\n");
  EXPECT_FALSE(fs::exists(place() / "logs"));
}

TEST_F(MirrorRepositoryTest, HoldsManyFilesInOneFolder) {
  auto repository = make();
  std::vector<FileChange> changes;
  changes.reserve(20'000);
  for (int i = 0; i < 20'000; ++i)
    changes.push_back(put(fmt::format("flat/{}.md", i), std::to_string(i)));
  ASSERT_TRUE(repository.commit(changes, by_nobody()).has_value());
  for (auto& change : changes)
    change.content.reset();
  changes.resize(19'999);
  ASSERT_TRUE(repository.commit(changes, by_nobody()).has_value());
  EXPECT_EQ(paths(repository), Paths{"flat/19999.md"});
  expect_sound();
}

}  // namespace
}  // namespace dandelion
