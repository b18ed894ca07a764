// SPDX-License-Identifier: MIT
#include "extract/next_page.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "html/parse.hpp"

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
      {"https://e.example/w/art/", "https://e.example/w/art/page/2/"},
      {"https://e.example/w/art/", "https://e.example/w/art/2/"},
      {"https://e.example/w/art/page/2/", "https://e.example/w/art/page/3/"},
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
  EXPECT_EQ(next_of("<a href='n1_2.html'>Page suivante »</a>"), "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href='n1_2.html'>Следующая страница</a>"), "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href=n1_3.html>3</a><a href=n1_2.html>2</a>"),
            "https://e.example/a/n1_2.html");
  EXPECT_EQ(next_of("<a href='n1_2.html'>More on this</a>"), "");
  EXPECT_EQ(next_of("<a rel=next href='n2.html'>Next</a>"), "");
  EXPECT_EQ(next_of("<a rel=next href='https://other.example/a/n1_2.html'>Next</a>"), "");
}

TEST(FindNextPage, TakesARelationsWordWhereAnAddressSaysLess) {
  const auto next = [](std::string_view href, std::string_view url) {
    return find_next_page(html::parse(fmt::format("<link rel=next href='{}'>", href)).root(), url);
  };
  EXPECT_EQ(next("part-two.html", "https://e.example/part-one.html"),
            "https://e.example/part-two.html");
  EXPECT_EQ(next("part-three.html", "https://e.example/part-one.html"), "");
  EXPECT_EQ(next("a?start=10", "https://e.example/a"), "https://e.example/a?start=10");
  EXPECT_EQ(next("a?id=1&start=20", "https://e.example/a?id=1&start=10"),
            "https://e.example/a?id=1&start=20");
  EXPECT_EQ(next("a?start=10", "https://e.example/a?start=20"), "");
  EXPECT_EQ(next("b?start=10", "https://e.example/a"), "");
  EXPECT_EQ(next_of("<a href='n1.html?start=10'>Next</a>"), "");
}

}  // namespace
}  // namespace dandelion
