// SPDX-License-Identifier: MIT
// What lies in an archive's folder when a process that keeps a page is struck at any of its steps.
#include "archive/kept_page.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/kept_index.hpp"
#include "core/files.hpp"
#include "core/held_folder.hpp"
#if defined(__x86_64__) && defined(__linux__)
#include "pipeline/traced_run.hpp"
#define DANDELION_TRACED_RUNS 1
#endif

namespace dandelion {
namespace {

namespace fs = std::filesystem;

class KeptPageTest : public testing::Test {
 protected:
  KeptPageTest() {
    std::string pattern = (fs::temp_directory_path() / "dandelion-kept-XXXXXX").string();
    under = fs::path(::mkdtemp(pattern.data())) / "archive";
  }
  KeptPageTest(const KeptPageTest&) = delete;
  KeptPageTest& operator=(const KeptPageTest&) = delete;
  KeptPageTest(KeptPageTest&&) = delete;
  KeptPageTest& operator=(KeptPageTest&&) = delete;
  ~KeptPageTest() override {
    std::error_code ignored;
    fs::remove_all(under.parent_path(), ignored);
  }

  static CapturedPage page(const std::string& name, const std::string& text) {
    CapturedPage captured;
    captured.asked = captured.page.url = "https://e.example/" + name;
    captured.page.content_type = "text/plain";
    captured.page.body = text;
    return captured;
  }

  // As one run of the command does it.
  Result<KeepOutcome> keep(const CapturedPage& captured) {
    HeldFolder::sweep(under, partial_prefix);
    auto index = KeptIndex::read(under);
    if (!index) return tl::unexpected(index.error());
    return keep_page(captured, {under, {KeptFormat::page}}, *index);
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator at(under, error); !error && at != fs::directory_iterator();
         at.increment(error)) {
      found.push_back(at->path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

  fs::path under;
};

TEST_F(KeptPageTest, AnIndexKnowsTheLastCopyOfEachAddress) {
  ASSERT_TRUE(keep(page("a", "first")));
  ASSERT_TRUE(keep(page("b", "other")));
  ASSERT_TRUE(keep(page("a", "second")));
  auto index = KeptIndex::read(under);
  ASSERT_TRUE(index);
  ASSERT_NE(index->find("https://e.example/a"), nullptr);
  EXPECT_EQ(index->find("https://e.example/c"), nullptr);
  const KeepOptions options{under, {KeptFormat::page}};
  EXPECT_FALSE(keep_page(page("a", "second"), options, *index)->is_new);
  EXPECT_TRUE(keep_page(page("a", "third"), options, *index)->is_new);
  EXPECT_FALSE(keep_page(page("a", "third"), options, *index)->is_new);
}

TEST_F(KeptPageTest, PagesOfOneNameGetANumberEach) {
  auto index = KeptIndex::read(under);
  for (const char* query : {"?id=1", "?id=2", "?id=3"})
    ASSERT_TRUE(
        keep_page(page(std::string("a") + query, query), {under, {KeptFormat::page}}, *index));
  EXPECT_EQ(names(), (std::vector<std::string>{"1970-01-01-e.example-a", "1970-01-01-e.example-a-2",
                                               "1970-01-01-e.example-a-3"}));
}

TEST_F(KeptPageTest, WhatAnotherProcessIsAtWorkOnIsNotSweptAway) {
  auto held = HeldFolder::create(under, partial_prefix);
  ASSERT_TRUE(held);
  const pid_t other = ::fork();
  if (other == 0) {
    HeldFolder::sweep(under, partial_prefix);
    ::_exit(keep(page("a", "text")) ? 0 : 1);
  }
  int status = -1;
  ::waitpid(other, &status, 0);
  EXPECT_EQ(status, 0);
  ASSERT_TRUE(create_file(held->path() / "file", "content"));
  ASSERT_TRUE(held->become(under / "mine"));
  EXPECT_EQ(names(), (std::vector<std::string>{"1970-01-01-e.example-a", "mine"}));
}

TEST_F(KeptPageTest, AFolderThatIsThereKeepsItsName) {
  fs::create_directories(under / "taken");
  auto made = HeldFolder::create(under, partial_prefix);
  ASSERT_TRUE(made);
  const auto named = made->become(under / "taken");
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().kind, ErrorKind::conflict);
}

TEST_F(KeptPageTest, WhereTheDiskIsFullNothingIsLeftBehind) {
  const CapturedPage captured = page("a", std::string(100'000, 'x'));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{50'000, before.rlim_max};
  const auto previous = ::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto kept = keep(captured);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, previous);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::storage);
  EXPECT_EQ(names(), std::vector<std::string>{});
}

#ifdef DANDELION_TRACED_RUNS

TEST_F(KeptPageTest, KilledAtAnyStepItIsKeptWholeByTheNextRun) {
  const CapturedPage captured = page("a", std::string(100'000, 'x'));
  int kills = 0;
  for (int step = 1;; ++step) {
    fs::remove_all(under);
    const auto traced = test::run_traced([&] { return keep(captured) ? 0 : 1; }, {step, 0});
    if (!traced.possible) GTEST_SKIP() << "the kernel allows no tracing here";
    if (!traced.killed) break;
    ++kills;
    for (const std::string& name : names()) {
      if (!name.starts_with(".partial-")) {
        EXPECT_EQ(check_kept(under / name, {}), std::vector<std::string>{}) << step;
      }
    }
    ASSERT_TRUE(keep(captured)) << step;
    EXPECT_EQ(names(), std::vector<std::string>{"1970-01-01-e.example-a"}) << step;
  }
  EXPECT_GT(kills, 5);
}

#endif

}  // namespace
}  // namespace dandelion
