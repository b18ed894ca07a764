// SPDX-License-Identifier: MIT
#include "discover/article_links.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(AddressShape, SaysWhatArticlesHaveInCommon) {
  EXPECT_EQ(address_shape("https://e.example/gb/23/9/27/n14082272.htm"),
            "/gb/[0-9]+/[0-9]+/[0-9]+/n[0-9]+\\.htm$");
  EXPECT_EQ(address_shape("https://e.example/2026/a-story-of-words"), "/[0-9]+/[^/]+$");
  EXPECT_EQ(address_shape("https://e.example/view?id=7"), "/view\\?id=[0-9]+$");
  EXPECT_EQ(address_shape("https://e.example/about"), "");
  EXPECT_EQ(address_shape("https://e.example/"), "");
}

TEST(FindArticleLinks, PrefersTheListWithHeadlinesToMenus) {
  std::string page = "<nav>";
  for (int i = 1; i < 20; ++i)
    page += fmt::format("<a class=m href='/tag/{}'>Tag {}</a>", i, i);
  page += "</nav><div class='news list'>";
  for (int i = 1; i < 7; ++i)
    page += fmt::format("<h3><a href='/n{}.html?x'>A headline about something, number {}</a></h3>",
                        i, i);
  page += "</div><aside class=list>";
  for (int i = 1; i < 9; ++i)
    page += fmt::format("<a href='https://other.example/n{}.html'>A headline from elsewhere {}</a>",
                        i, i);
  const auto found = find_article_links(page, "https://e.example/");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->items, ".news a");
  EXPECT_EQ(found->match, "/n[0-9]+\\.html\\?x$");
  EXPECT_EQ(found->urls.size(), 6U);
  EXPECT_FALSE(find_article_links("<a href=/n1>one headline is no list</a>", "https://e.example/"));
}

TEST(ReadSitePage, FindsFeedsThatAreAnnounced) {
  const SitePage page = read_site_page(
      "<html lang=zh><title> A\n b </title><link rel=alternate type='application/rss+xml' "
      "href=/feed><link rel='ALTERNATE' type='application/atom+xml; charset=utf-8' href=/atom>"
      "<link rel=alternate hreflang=en href=/en><link rel=alternate type=application/rss+xml "
      "href=/feed>",
      "https://e.example/");
  EXPECT_EQ(page.title, "A b");
  EXPECT_EQ(page.language, "zh");
  EXPECT_EQ(page.feeds,
            (std::vector<std::string>{"https://e.example/feed", "https://e.example/atom"}));
}

TEST(SitemapsInRobots, TakesEachAddressOnce) {
  EXPECT_EQ(sitemaps_in_robots("User-agent: *\r\nsitemap: https://e.example/a.xml\r\nSitemap: /no\n"
                               "Sitemap:https://e.example/a.xml"),
            std::vector<std::string>{"https://e.example/a.xml"});
}

}  // namespace
}  // namespace dandelion
