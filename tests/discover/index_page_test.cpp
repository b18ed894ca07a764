// SPDX-License-Identifier: MIT
#include "discover/index_page.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

SourceRules rules() {
  SourceRules made;
  made.items = ".list li";
  made.next = "a.next";
  return made;
}

TEST(ReadIndexPage, TakesEachAddressOnceInOrder) {
  const auto index = read_index_page(
      "<ul class=list><li><b>x</b><a href='/n2.htm#c'> Two\n words</a><li><a "
      "href='n1.htm'>One</a><li><a href='/n2.htm'>"
      "again</a><li>none<li><a href='javascript:x'>no</a></ul><a class=next "
      "href='?page=2'>more</a>",
      "https://e.example/news/", rules());
  ASSERT_TRUE(index) << index.error().message;
  ASSERT_EQ(index->articles.size(), 2U);
  EXPECT_EQ(index->articles[0].url, "https://e.example/n2.htm");
  EXPECT_EQ(index->articles[0].title, "Two words");
  EXPECT_EQ(index->articles[1].url, "https://e.example/news/n1.htm");
  EXPECT_EQ(index->next, "https://e.example/news/?page=2");
}

TEST(ReadIndexPage, CountsFromThePagesBase) {
  const auto index =
      read_index_page("<base href='https://o.example/x/'><ul class=list><li><a href=y>y</a></ul>",
                      "https://e.example/", rules());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->articles[0].url, "https://o.example/x/y");
  EXPECT_EQ(index->next, "");
}

TEST(ReadIndexPage, RefusesAPageOfTooManyNodes) {
  std::string page = "<ul class=list><li><a href=/x>X</a>";
  for (std::size_t i = 0; i < html::max_nodes; ++i)
    page += "<p>";
  const auto index = read_index_page(page, "https://e.example/", rules());
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().kind, ErrorKind::too_large);
}

TEST(ReadIndexPage, SaysSoWhenNothingMatches) {
  const auto index = read_index_page("<p>Welcome</p>", "https://e.example/", rules());
  ASSERT_FALSE(index);
  EXPECT_EQ(index.error().kind, ErrorKind::malformed);
  EXPECT_NE(index.error().message.find("'.list li' matches no link"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
