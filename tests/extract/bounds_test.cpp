// SPDX-License-Identifier: MIT
// Pages made to cost time. The tests' own time limit is what fails them.
#include <gtest/gtest.h>

#include "extract/extract.hpp"
#include "html/parse.hpp"

namespace dandelion {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

const std::string sentence = "Nothing that is written here, however often it is read, means much. ";

TEST(ExtractArticle, BearsNestedTags) {
  const std::string page =
      repeated("<div class=content>", 100'000) + "<p>" + repeated(sentence, 20) + "</p>";
  const auto article = extract_article(page, "https://e.example/", {});
  ASSERT_TRUE(article);
  const std::string inline_page = "<p>" + repeated("<span>", 100'000) + repeated(sentence, 20);
  EXPECT_TRUE(extract_article(inline_page, "https://e.example/", {}));
}

TEST(ExtractArticle, BearsALargePage) {
  const std::string page =
      "<article>" + repeated("<p>" + sentence + "</p>", 420'000) + "</article>";
  ASSERT_GT(page.size(), 30U << 20);
  EXPECT_TRUE(extract_article(page, "https://e.example/", {}));
}

TEST(ExtractArticle, RefusesAPageOfTooManyNodes) {
  const auto article = extract_article("<article><p>" + repeated(sentence, 20) + "</p>" +
                                           repeated("<i>", html::max_nodes) + "</article>",
                                       "https://e.example/", {});
  ASSERT_FALSE(article);
  EXPECT_EQ(article.error().kind, ErrorKind::too_large);
  EXPECT_NE(article.error().message.find("1000000"), std::string::npos) << article.error().message;
}

TEST(ExtractArticle, TakesAPageOfTooManyBlocksWhole) {
  const auto article = extract_article("<nav>Menu</nav><div>" + repeated("text<br><br>", 200'000) +
                                           "the end</div><footer>Imprint</footer>",
                                       "https://e.example/", {});
  ASSERT_TRUE(article);
  const std::string text = html::text_content(*article->body);
  EXPECT_NE(text.find("the end"), std::string::npos);
  EXPECT_EQ(text.find("Menu"), std::string::npos);
  EXPECT_EQ(text.find("Imprint"), std::string::npos);
}

TEST(ExtractArticle, TakesAPageOfTooManyBlocksOutOfTheFormAroundIt) {
  const auto article = extract_article(
      "<form><nav>Menu</nav><div>" + repeated("text<br><br>", 150'000) + "the end</div></form>",
      "https://e.example/", {});
  ASSERT_TRUE(article);
  const std::string text = html::text_content(*article->body);
  EXPECT_NE(text.find("the end"), std::string::npos);
  EXPECT_EQ(text.find("Menu"), std::string::npos);
}

TEST(ExtractArticle, BearsPicturesWithoutText) {
  const std::string page = "<article><p>" + repeated(sentence, 20) + "</p>" +
                           repeated("<div><img data-src=a.png>", 20'000) + "</article>";
  EXPECT_TRUE(extract_article(page, "https://e.example/", {}));
}

TEST(ExtractArticle, BearsManyLinksAndBreaks) {
  const std::string page = "<p>" + repeated(sentence, 20) + repeated("<a href=x>y</a><br>", 60'000);
  EXPECT_TRUE(extract_article(page, "https://e.example/", {}));
}

}  // namespace
}  // namespace dandelion
