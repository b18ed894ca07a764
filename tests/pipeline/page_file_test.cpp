// SPDX-License-Identifier: MIT
#include "pipeline/page_file.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

PageRecord page() {
  PageRecord made;
  made.url = "https://e.example/n1";
  made.id = "n1";
  made.category = "news";
  made.path = "pages/news/n1.md";
  made.title = "标题 \"x\"";
  made.published = parse_iso8601("2026-01-02T03:04:05Z");
  made.first_seen = *parse_iso8601("2026-01-02T10:11:12Z");
  made.corrected = parse_iso8601("2026-01-03T10:11:12Z");
  made.article_hash = "abc";
  return made;
}

TEST(PageFile, SaysWhatIsReadBackAndNoTimeOfDay) {
  PageRecord gone = page();
  gone.withdrawn = parse_iso8601("2026-01-04T10:11:12Z");
  gone.listed = false;
  const std::string text = write_page_file(gone, {"e.example/old"});
  EXPECT_EQ(text.find("10:11"), std::string::npos) << text;
  const auto read = read_page_file(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->also, std::vector<std::string>{"e.example/old"});
  EXPECT_EQ(read->page.title, gone.title);
  EXPECT_EQ(read->page.published, gone.published);
  EXPECT_EQ(read->page.first_seen, *parse_iso8601("2026-01-02"));
  EXPECT_EQ(read->page.status, PageStatus::withdrawn);
  EXPECT_FALSE(read->page.listed);
  EXPECT_EQ(write_page_file(read->page, read->also), text);
}

TEST(PageFile, SaysThatAPageIsArchived) {
  EXPECT_FALSE(read_page_file(write_page_file(page(), {}))->page.archived);
  PageRecord kept = page();
  kept.archived = true;
  EXPECT_TRUE(read_page_file(write_page_file(kept, {}))->page.archived);
}

TEST(PageFile, IsNamedByTheAddressWithoutItsScheme) {
  EXPECT_EQ(page_file_path("http://e.example/n1"), page_file_path("https://e.example/n1"));
  EXPECT_TRUE(page_file_path("http://e.example/n1").starts_with(".dandelion/pages/"));
}

TEST(ReadPageFile, BelievesNoPathThatIsNoArticles) {
  for (const char* path : {"../x.md", "README.md", ".git/config", "indexes/a.md", "/etc/passwd",
                           ".dandelion/pages/ab/c.json", ""}) {
    PageRecord odd = page();
    odd.path = path;
    EXPECT_FALSE(read_page_file(write_page_file(odd, {}))) << path;
  }
  for (const char* text : {"", "[]", "{}", "{\"url\":1}", "nonsense"})
    EXPECT_FALSE(read_page_file(text)) << text;
  EXPECT_FALSE(read_page_file(std::string(70'000, ' ') + "{}"));
}

}  // namespace
}  // namespace dandelion
