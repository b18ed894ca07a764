// SPDX-License-Identifier: MIT
#include "extract/next_page.hpp"

#include <gtest/gtest.h>

#include "extract/extract.hpp"
#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

TEST(IsFollowingPage, KnowsTheWaysThatPagesAreNumbered) {
  const std::pair<const char*, const char*> following[] = {
      {"https://e.example/a/n123.html", "https://e.example/a/n123_2.html"},
      {"https://e.example/a/n123.html", "https://e.example/a/n123_1.html"},
      {"https://e.example/a/n123_9.html", "https://e.example/a/n123_10.html"},
      {"https://e.example/story", "https://e.example/story?page=2"},
      {"https://e.example/story?page=2", "https://e.example/story?page=3"},
      {"https://e.example/story/", "https://e.example/story/2/"},
      {"https://e.example/story", "https://e.example/story/2"},
      {"https://e.example/story/page/19", "https://e.example/story/page/20"}};
  for (const auto& [current, next] : following)
    EXPECT_TRUE(is_following_page(current, next)) << current << " " << next;
}

TEST(IsFollowingPage, TakesNoOtherArticleForOne) {
  const std::pair<const char*, const char*> others[] = {
      {"https://e.example/a/n123.html", "https://e.example/a/n124.html"},
      {"https://e.example/a/n12.html", "https://e.example/a/n122.html"},
      {"https://e.example/a/one", "https://e.example/a/two"},
      {"https://e.example/story/3", "https://e.example/story/2"},
      {"https://e.example/story", "https://e.example/story"},
      {"https://e.example/2026/11/one", "https://e.example/2026/12/two"},
      {"https://e.example/story", "https://e.example/story?page=3"}};
  for (const auto& [current, next] : others)
    EXPECT_FALSE(is_following_page(current, next)) << current << " " << next;
}

std::string next_of(std::string_view page) {
  return find_next_page(html::parse(page).root(), "https://e.example/a/n1.html");
}

TEST(FindNextPage, FollowsRelationsAndPagers) {
  EXPECT_EQ(next_of("<link rel=next href=n1_2.html>"), "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href=n1_2.html#top rel='x Next'>2</a>"), "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href='n1_2.html'>下一页 &gt;</a>"), "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href='n1_2.html'>2</a>"), "");
  EXPECT_EQ(next_of("<a rel=next href='n2.html'>Next</a>"), "");
  EXPECT_EQ(next_of("<a rel=next href='https://other.example/a/n1_2.html'>Next</a>"), "");
}

TEST(JoinPage, PutsOneBodyBehindTheOther) {
  ArticleRules rules;
  rules.body = "div";
  auto first = extract_article("<div><p>a</p></div><a rel=next href=n_2.html>2</a>",
                               "https://e.example/n.html", rules);
  const auto second =
      extract_article("<div><p>b <a href=x>x</a></p></div>", "https://e.example/n_2.html", rules);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->next_page, "https://e.example/n_2.html");
  join_page(*first, *second);
  EXPECT_EQ(html::to_html(*first->body),
            "<div><p>a</p><p>b <a href=\"https://e.example/x\">x</a></p></div>");
  EXPECT_EQ(first->links.size(), 1U);
  EXPECT_EQ(first->next_page, "");
}

}  // namespace
}  // namespace dandelion
