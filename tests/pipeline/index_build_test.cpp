// SPDX-License-Identifier: MIT
#include "pipeline/index_build.hpp"

#include <map>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

Theme theme() {
  Theme made;
  made.languages = *Languages::load({DANDELION_SOURCE_DIR "/themes/languages"});
  made.templates["index.md"] =
      "{{#entries}}{{title}},{{/entries}}{{#newer}}^{{{newer}}}{{/newer}}{{#older}}v{{{older}}}{{/"
      "older}}";
  made.templates["front.md"] =
      "{{#categories}}{{name}}={{count}}@{{{path}}} "
      "{{/categories}}{{#entries}}{{title}},{{/entries}}"
      "{{#mirrors}}{{{href}}}{{/mirrors}}";
  return made;
}

// `count` pages of one category, newest first, as the state gives them.
std::vector<PageRecord> pages(int count, const std::string& category = "news") {
  std::vector<PageRecord> made;
  for (int i = count; i > 0; --i) {
    PageRecord page;
    page.id = page.title = std::to_string(i);
    page.category = category;
    page.path = "pages/" + category + "/" + page.id + ".md";
    made.push_back(std::move(page));
  }
  return made;
}

std::map<std::string, std::string> indexes(const std::vector<PageRecord>& of) {
  auto files = build_indexes(SiteConfig{}, theme(), of, {});
  EXPECT_TRUE(files) << files.error().message;
  std::map<std::string, std::string> by_path;
  for (FileChange& file : *files)
    by_path[file.path] = file.content.value_or("");
  return by_path;
}

TEST(BuildIndexes, PutsEverythingOnOnePageWhileItIsShort) {
  const auto files = indexes(pages(199));
  EXPECT_EQ(files.size(), 2U);
  EXPECT_TRUE(files.at("indexes/news.md").starts_with("199,198,"));
  EXPECT_TRUE(files.at("indexes/news.md").ends_with("2,1,"));
}

TEST(BuildIndexes, ClosesOlderPartsAndLinksThem) {
  const auto files = indexes(pages(305));
  ASSERT_EQ(files.size(), 4U);
  EXPECT_TRUE(files.at("indexes/news.md").ends_with("201,vnews-3.md"));
  EXPECT_TRUE(files.at("indexes/news-3.md").starts_with("200,"));
  EXPECT_TRUE(files.at("indexes/news-3.md").ends_with("101,^news.mdvnews-2.md"));
  EXPECT_TRUE(files.at("indexes/news-2.md").ends_with("1,^news.md"));
}

TEST(BuildIndexes, NeverChangesAClosedPartWhenArticlesAreAdded) {
  auto before = indexes(pages(250));
  for (int count = 251; count < 600; ++count) {
    const auto after = indexes(pages(count));
    for (const auto& [path, content] : before) {
      if (path == "README.md" || path == "indexes/news.md") continue;
      EXPECT_EQ(after.at(path), content) << path << " at " << count;
    }
    before = after;
  }
}

TEST(BuildIndexes, ListsCategoriesNewestPagesAndMirrorsInFront) {
  auto both = pages(2, "a");
  for (PageRecord& page : pages(40, "b"))
    both.push_back(std::move(page));
  MirrorSettings mirror;
  mirror.public_url = "https://host.example/m";
  auto files = build_indexes(SiteConfig{}, theme(), both, {mirror});
  ASSERT_TRUE(files);
  const std::string front = *files->back().content;
  EXPECT_TRUE(front.starts_with("a=2@indexes/a.md b=40@indexes/b.md 2,1,40,39,")) << front;
  EXPECT_TRUE(front.ends_with(",13,https://host.example/m")) << front;
}

TEST(BuildIndexes, TellsWhenTwoCategoriesWouldShareAFile) {
  auto clash = pages(205, "a");
  for (PageRecord& page : pages(1, "a-2"))
    clash.push_back(std::move(page));
  const auto files = build_indexes(SiteConfig{}, theme(), clash, {});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().kind, ErrorKind::conflict);
}

}  // namespace
}  // namespace dandelion
