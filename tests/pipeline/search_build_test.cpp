// SPDX-License-Identifier: MIT
#include "pipeline/search_build.hpp"

#include <filesystem>
#include <map>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using Files = std::map<std::string, std::string>;
using std::chrono::days;

constexpr std::chrono::sys_days first_day = std::chrono::year(2024) / 12 / 1;

class BuildSearch : public testing::Test {
 protected:
  BuildSearch() {
    site_.name = "site";
    theme_.templates["search.html"] = "";
  }
  ~BuildSearch() override { std::filesystem::remove_all(folder_); }

  // A page of that day; `title` is what it is found by.
  ListChange page(int number, std::optional<int> day, const std::string& title) {
    ListChange change;
    PageRecord& page = change.after;
    page.id = std::to_string(number);
    page.url = "https://e.example/" + page.id;
    if (auto known = store_.page_at_address(site_.name, page.url); known && *known) {
      change.before = **known;
      page = **known;
    }
    page.title = title;
    page.category = "news";
    page.path = "pages/news/" + page.id + ".md";
    page.published.reset();
    if (day) page.published = Timestamp(first_day + days(*day));
    page.key = *store_.put_page(site_.name, page);
    return change;
  }

  // What was written, with (gone) for what was there and was taken away.
  Files build(const std::vector<ListChange>& changes, bool all = false) {
    auto built = build_search({site_, theme_, mirrors_}, store_, known_, changes, all);
    EXPECT_TRUE(built) << built.error().message;
    Files written;
    for (FileChange& file : *built) {
      EXPECT_FALSE(written.contains(file.path)) << file.path << " comes twice";
      written[file.path] = file.content.value_or("(gone)");
      if (file.content) {
        files_[file.path] = *file.content;
      } else if (files_.erase(file.path) == 0) {
        written.erase(file.path);
      }
    }
    return written;
  }

  [[nodiscard]] std::string list() const { return files_.at("search/segments.js"); }

  // What many small steps left is what is made in one.
  void expect_same_as_anew() {
    const Files step_by_step = files_;
    files_.clear();
    build({}, true);
    EXPECT_EQ(files_, step_by_step);
  }

  SiteConfig site_;
  Theme theme_;
  std::vector<MirrorSettings> mirrors_;
  SearchPages known_;
  Files files_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("search_build_" +
       std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  Store store_ = [this] {
    std::filesystem::create_directories(folder_);
    return std::move(*Store::open(folder_ / "state.db", Store::Mode::read_write));
  }();
};

TEST_F(BuildSearch, WritesNothingWhereTheThemeHasNoSearchPage) {
  theme_.templates.clear();
  const ListChange one = page(1, 0, "One");
  EXPECT_TRUE(build({one}, true).empty());
}

TEST_F(BuildSearch, WritesOnlyTheMonthOfANewPage) {
  build({page(1, 40, "January"), page(2, 70, "February"), page(3, {}, "Undated")}, true);
  EXPECT_NE(list().find("[\"2025-02\",1,1,25],\n[\"2025-01\",1,1,25],\n[\"undated\",1,1,25]"),
            std::string::npos)
      << list();
  for (const auto& [path, content] : build({page(4, 71, "Another")})) {
    EXPECT_TRUE(path.starts_with("search/2025-02/") || path == "search/segments.js") << path;
  }
  expect_same_as_anew();
}

TEST_F(BuildSearch, MakesOneSegmentOfAYearThatIsOver) {
  for (int day = 0; day < 200; ++day)
    build({page(day, day, "Story")});
  EXPECT_TRUE(files_.contains("search/2024/0.js"));
  EXPECT_FALSE(files_.contains("search/2024-12/0.js"));
  EXPECT_TRUE(files_.contains("search/2025-06/0.js"));
  expect_same_as_anew();
  // The only page of a year that came too early: the months come back.
  build({page(1000, 800, "Tomorrow")});
  EXPECT_FALSE(files_.contains("search/2025-06/0.js"));
  build({page(1000, 100, "Yesterday")});
  EXPECT_TRUE(files_.contains("search/2025-06/0.js"));
  expect_same_as_anew();
}

TEST_F(BuildSearch, FollowsPagesThatChangeMoveOrGo) {
  for (int number = 0; number < 120; ++number)
    build({page(number, 35 + number % 60, "Story " + std::to_string(number))});
  build({page(7, 90, "Renamed")});
  EXPECT_EQ(list().find("undated"), std::string::npos);
  build({page(8, {}, "Without a date")});
  EXPECT_NE(list().find("undated"), std::string::npos);
  expect_same_as_anew();
  for (int number = 0; number < 100; ++number) {
    ListChange gone = page(number, 35 + number % 60, "Gone");
    gone.after.listed = false;
    ASSERT_TRUE(store_.put_page(site_.name, gone.after));
    build({gone});
  }
  expect_same_as_anew();
}

TEST_F(BuildSearch, FollowsACorrectedText) {
  ListChange corrected = page(1, 40, "One");
  build({corrected}, true);
  corrected = page(1, 40, "One");
  EXPECT_TRUE(build({corrected}).empty());
  corrected.after.article_hash = "another";
  EXPECT_FALSE(build({corrected}).empty());
}

}  // namespace
}  // namespace dandelion
