// SPDX-License-Identifier: MIT
#include "archive/article_of_page.hpp"

#include <gtest/gtest.h>

#include "html/serialize.hpp"

namespace dandelion {
namespace {

FetchedPage page(const std::string& url, const std::string& text) {
  FetchedPage made;
  made.url = url;
  made.content_type = "text/html; charset=utf-8";
  made.body = "<!DOCTYPE html><html lang=en><title>T</title><body><main><h1>The ferry</h1>" + text +
              "</main>";
  return made;
}

std::string sentences(int count) {
  std::string text = "<p>";
  for (int i = 0; i < count; ++i)
    text += "The ferry left at noon, and nobody on the quay knew why it had waited so long. ";
  return text + "</p>";
}

TEST(ArticleOfPage, IsNoneOfAFrontPageOrAListOfLinks) {
  const std::string text = sentences(6) + sentences(6);
  EXPECT_TRUE(article_of(page("https://e.example/a", text)));
  EXPECT_TRUE(article_of(page("https://e.example/?p=1", text)));
  EXPECT_FALSE(article_of(page("https://e.example/", text)));

  std::string linked;
  for (int i = 0; i < 12; ++i)
    linked += "<p><a href=/" + std::to_string(i) + ">" + sentences(1).substr(3) + "</a> Today.</p>";
  EXPECT_FALSE(article_of(page("https://e.example/news", linked)));
  // Many links in much text are an article's sources.
  EXPECT_TRUE(article_of(page("https://e.example/news", linked + sentences(60))));
}

TEST(ArticleOfPage, TellsNobodyThePasswordThatItWasAskedForWith) {
  const auto article = article_of(
      page("https://me:secret@e.example/a", sentences(9) + "<p>See <a href=b>b</a>.</p>"));
  ASSERT_TRUE(article);
  EXPECT_EQ(article->url, "https://e.example/a");
  const std::string body = html::to_html(*article->body);
  EXPECT_NE(body.find("\"https://e.example/b\""), std::string::npos) << body;
}

}  // namespace
}  // namespace dandelion
