// SPDX-License-Identifier: MIT
#include "pipeline/index_build.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::hours;

Theme theme() {
  Theme made;
  made.languages = *Languages::load({DANDELION_SOURCE_DIR "/themes/languages"});
  made.templates["index.md"] =
      "{{#entries}}{{title}},{{/entries}}{{#newer}}^{{{newer}}}{{/newer}}{{#older}}v{{{older}}}{{/"
      "older}}";
  made.templates["front.md"] =
      "{{#categories}}{{name}}={{count}}@{{{path}}} "
      "{{/categories}}{{#entries}}{{title}},{{/entries}}"
      "{{#mirrors}}{{#mirrors}}{{{href}}}{{/mirrors}}{{/mirrors}}";
  return made;
}

// A state, and the mirror's files as commits would leave them.
class BuildIndexes : public testing::Test {
 protected:
  BuildIndexes() : theme_(theme()) { site_.name = "site"; }
  ~BuildIndexes() override { std::filesystem::remove_all(folder_); }

  // The page `number` of the category, an hour newer than the one before it.
  ListChange page(int number, const std::string& category = "news") {
    PageRecord page;
    page.id = page.title = std::to_string(number);
    page.url = "https://e.example/" + category + "/" + page.id;
    page.category = category;
    page.path = "pages/" + category + "/" + page.id + ".md";
    page.published = Timestamp(hours(number));
    page.key = *store_.put_page(site_.name, page);
    return {std::nullopt, page};
  }

  std::vector<ListChange> pages(int from, int to, const std::string& category = "news") {
    std::vector<ListChange> made;
    auto batch = store_.begin();
    for (int i = from; i <= to; ++i)
      made.push_back(page(i, category));
    EXPECT_TRUE(batch->commit());
    return made;
  }

  // What was written.
  std::map<std::string, std::string> build(const std::vector<ListChange>& changes,
                                           bool all = false) {
    auto built = build_indexes({site_, theme_, mirrors_}, store_, changes, all);
    EXPECT_TRUE(built) << built.error().message;
    std::map<std::string, std::string> written;
    for (FileChange& file : *built) {
      written[file.path] = file.content.value_or("(gone)");
      if (file.content) {
        files_[file.path] = *file.content;
      } else {
        files_.erase(file.path);
      }
    }
    return written;
  }

  // How many of them are lists of the category, or the front page.
  static std::size_t lists_in(const std::map<std::string, std::string>& files) {
    return static_cast<std::size_t>(std::count_if(files.begin(), files.end(), [](const auto& file) {
      return file.first == "README.md" || file.first.starts_with("indexes/news");
    }));
  }

  SiteConfig site_;
  Theme theme_;
  std::vector<MirrorSettings> mirrors_;
  std::map<std::string, std::string> files_;
  std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) /
      ("index_build_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  Store store_ = [this] {
    std::filesystem::create_directories(folder_);
    return std::move(*Store::open(folder_ / "state.db", Store::Mode::read_write));
  }();
};

TEST_F(BuildIndexes, PutsEverythingOnOnePageWhileItIsShort) {
  const auto files = build(pages(1, 199));
  EXPECT_EQ(lists_in(files), 2U);
  EXPECT_TRUE(files.at("indexes/news.md").starts_with("199,198,"));
  EXPECT_TRUE(files.at("indexes/news.md").ends_with("2,1,"));
}

TEST_F(BuildIndexes, ClosesOlderPartsAndLinksThem) {
  const auto files = build(pages(1, 305));
  ASSERT_EQ(lists_in(files), 4U);
  EXPECT_TRUE(files.at("indexes/news.md").ends_with("201,vnews/0/3.md"));
  EXPECT_TRUE(files.at("indexes/news/0/3.md").starts_with("200,"));
  EXPECT_TRUE(files.at("indexes/news/0/3.md").ends_with("101,^../../news.mdv2.md"));
  EXPECT_TRUE(files.at("indexes/news/0/2.md").ends_with("1,^../../news.md"));
}

TEST_F(BuildIndexes, WritesOnlyTheNewestPageWhenAnArticleIsAdded) {
  build(pages(1, 250));
  for (int number = 251; number < 420; ++number) {
    const auto written = build({page(number)});
    // The front page, the newest page and, when one closes, that part.
    EXPECT_EQ(lists_in(written), number % 100 == 0 ? 3U : 2U) << number;
    const auto step_by_step = files_;
    EXPECT_EQ(build({}, true), step_by_step) << number;
  }
}

TEST_F(BuildIndexes, FollowsWhatComesLateChangesOrGoes) {
  build(pages(1, 320));
  // One that is older than most: its part and those above it.
  ListChange late = page(1000);
  late.before = late.after;
  late.after.published = Timestamp(hours(150));
  ASSERT_TRUE(store_.put_page(site_.name, late.after));
  auto written = build({late});
  EXPECT_FALSE(written.contains("indexes/news/0/2.md"));
  EXPECT_TRUE(written.contains("indexes/news/0/3.md"));
  auto step_by_step = files_;
  EXPECT_EQ(build({}, true), step_by_step);
  // Enough of them gone that a part opens again.
  std::vector<ListChange> gone;
  for (int number = 1; number <= 30; ++number) {
    auto record = store_.page_at_path(site_.name, fmt::format("pages/news/{}.md", number));
    ASSERT_TRUE(record && *record);
    ListChange change{**record, **record};
    change.after.listed = false;
    ASSERT_TRUE(store_.put_page(site_.name, change.after));
    gone.push_back(change);
  }
  written = build(gone);
  EXPECT_EQ(written.at("indexes/news/0/3.md"), "(gone)");
  step_by_step = files_;
  EXPECT_EQ(build({}, true), step_by_step);
}

TEST_F(BuildIndexes, ListsCategoriesNewestPagesAndMirrorsInFront) {
  MirrorSettings mirror;
  mirror.public_url = "https://host.example/m";
  mirrors_ = {mirror};
  auto both = pages(101, 102, "a");
  for (ListChange& change : pages(1, 40, "b"))
    both.push_back(std::move(change));
  const std::string front = build(both).at("README.md");
  EXPECT_TRUE(front.starts_with("a=2@indexes/a.md b=40@indexes/b.md 102,101,40,39,")) << front;
  EXPECT_TRUE(front.ends_with(",13,https://host.example/m")) << front;
}

TEST_F(BuildIndexes, KeepsEveryFolderBelowWhatHostsList) {
  theme_.templates["archive.md"] = "{{#years}}{{#months}}{{{path}}} {{/months}}{{/years}}";
  // 25 categories, of more than two parts each; one of them over eleven years.
  for (int category = 0; category < 25; ++category)
    pages(1, 210, fmt::format("c{}", category));
  auto batch = store_.begin();
  for (int i = 211; i < 2200; ++i) {
    auto made = page(i, "c0").after;
    made.published = Timestamp(hours(24) * (365 * 40 + 2 * i));
    ASSERT_TRUE(store_.put_page(site_.name, made));
  }
  ASSERT_TRUE(batch->commit());
  std::map<std::string, std::set<std::string>> folders;
  for (const auto& [path, content] : build({}, true)) {
    for (auto end = path.rfind('/'); end != std::string::npos; end = path.rfind('/', end - 1)) {
      folders[path.substr(0, end)].insert(path.substr(end + 1, path.find('/', end + 1) - end - 1));
      if (end == 0) break;
    }
  }
  EXPECT_EQ(folders.at("indexes").size(), 50U);
  for (const auto& [folder, entries] : folders)
    EXPECT_LE(entries.size(), 450U) << folder << ": each is there in two formats";
  EXPECT_TRUE(files_.contains("archive/2012/01.md"));
  EXPECT_NE(files_.at("archive/README.md").find(" 2012/01.md "), std::string::npos);
}

TEST_F(BuildIndexes, TellsWhenTwoCategoriesWouldShareAFile) {
  pages(1, 5, "a");
  pages(6, 6, "A");
  const auto files = build_indexes({site_, theme_, mirrors_}, store_, {}, true);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace dandelion
