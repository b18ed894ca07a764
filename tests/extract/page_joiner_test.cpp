// SPDX-License-Identifier: MIT
#include "extract/page_joiner.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "extract/extract.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

html::Article article(std::string_view url, std::string_view title, std::string_view body) {
  ArticleRules rules;
  rules.body = "div";
  auto found =
      extract_article(fmt::format("<title>{}</title><div>{}</div>", title, body), url, rules);
  EXPECT_TRUE(found);
  return std::move(*found);
}

TEST(PageJoiner, PutsOneBodyBehindTheOther) {
  ArticleRules rules;
  rules.body = "div";
  auto first = extract_article("<div><p>a</p></div><a rel=next href=n_2.html>2</a>",
                               "https://e.example/n.html", rules);
  const auto second =
      extract_article("<div><p>b <a href=x>x</a></p></div>", "https://e.example/n_2.html", rules);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->next_page, "https://e.example/n_2.html");
  PageJoiner joiner(*first);
  EXPECT_TRUE(joiner.add(*second));
  EXPECT_EQ(html::to_html(*first->body),
            "<div><p>a</p><p>b <a href=\"https://e.example/x\">x</a></p></div>");
  EXPECT_EQ(first->links.size(), 1U);
  EXPECT_EQ(first->next_page, "");
}

bool joins(std::string_view url, std::string_view title, std::string_view next_url,
           std::string_view next_title) {
  html::Article first = article(url, title, "<p>One.</p>");
  return PageJoiner(first).add(article(next_url, next_title, "<p>Two.</p>"));
}

TEST(PageJoiner, KnowsAFollowingPageByItsHeadline) {
  const char* const first = "https://e.example/news/12";
  const char* const next = "https://e.example/news/13";
  EXPECT_TRUE(joins(first, "The bridge", next, "The bridge"));
  EXPECT_TRUE(joins(first, "The bridge", next, ""));
  EXPECT_TRUE(joins(first, "The bridge", next, "The bridge (2)"));
  EXPECT_TRUE(joins(first, "The bridge", next, "The bridge - Page 2 of 5"));
  EXPECT_TRUE(joins(first, "The bridge - page 2", next, "The bridge - page 3"));
  EXPECT_TRUE(joins(first, "The bridge (2/5)", next, "The bridge (3/5)"));
  EXPECT_TRUE(joins(first, "河镇的新桥", next, "河镇的新桥（2）"));
  EXPECT_TRUE(joins(first, "河镇的新桥 第1页", next, "河镇的新桥 第2页"));
  EXPECT_TRUE(joins(first, "Новый мост", next, "Новый мост – страница 2"));
  EXPECT_TRUE(joins(first, "The bridge", next, "Page 2: The bridge"));
}

TEST(PageJoiner, LeavesAnotherArticleAlone) {
  const char* const first = "https://e.example/news/12";
  const char* const next = "https://e.example/news/13";
  EXPECT_FALSE(joins(first, "The bridge", next, "The ferry"));
  EXPECT_FALSE(joins(first, "The bridge", next, "The bridge opens"));
  EXPECT_FALSE(joins(first, "Article number 1", next, "Article number 12"));
  EXPECT_FALSE(joins(first, "Article number 12", next, "Article number 13"));
  EXPECT_FALSE(joins(first, "", next, ""));
  EXPECT_FALSE(joins("https://e.example/?p=12", "The bridge", "https://e.example/?p=13", "Others"));
  EXPECT_FALSE(joins("https://e.example/a", "The bridge", "https://e.example/a_2", "The ferry"));
}

TEST(PageJoiner, AsksForNoHeadlineWhereTheAddressSaysThatItIsAPage) {
  const char* const first = "https://e.example/a/";
  EXPECT_TRUE(joins(first, "The bridge", "https://e.example/a/?page=2", "What it costs"));
  EXPECT_TRUE(joins(first, "The bridge", "https://e.example/a/page/3/", "What it costs"));
  EXPECT_TRUE(joins(first, "The bridge", "https://e.example/a/?start=10", "What it costs"));
}

TEST(PageJoiner, StopsWhereAPageRepeatsWhatThereIs) {
  const std::string text = "<p>The same words on each page, and enough of them to be told.</p>";
  html::Article first = article("https://e.example/a", "The bridge", text + "<p>Ad 1</p>");
  PageJoiner joiner(first);
  EXPECT_FALSE(joiner.add(article("https://e.example/a?page=2", "The bridge", text + "<p>Ad</p>")));
  EXPECT_TRUE(joiner.add(
      article("https://e.example/a?page=2", "The bridge", text + "<p><img src=/2.jpg></p>")));
  EXPECT_FALSE(joiner.add(
      article("https://e.example/a?page=3", "The bridge", text + "<p><img src=/2.jpg></p>")));
}

}  // namespace
}  // namespace dandelion
