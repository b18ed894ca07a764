// SPDX-License-Identifier: MIT
#include "cli/extract_output.hpp"

#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "html/parse.hpp"

namespace dandelion {
namespace {

TEST(ArticleJson, IsOneLineWithEveryKeyAndNullsForWhatIsAbsent) {
  html::Article article;
  article.title = "T\n\"q\"";
  article.document = std::make_shared<html::Document>(html::parse_fragment("<p>a</p>"));
  article.body = article.document->root().first_child;
  const std::string line = article_json(article);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["title"], "T\n\"q\"");
  EXPECT_TRUE(object["published"].is_null());
  EXPECT_TRUE(object["byline"].is_null());
  EXPECT_EQ(object["html"], "<p>a</p>");
  EXPECT_EQ(object["text"], "a");
  EXPECT_TRUE(object["links"].is_array());
  EXPECT_EQ(object.size(), 14U);
}

TEST(ArticleJson, EscapesWhereverItIsNeeded) {
  for (const char special : {'"', '\\', '\n', '\x1F', ' ', '!', '#', '[', ']', '\x7F'}) {
    html::Article article;
    article.document = std::make_shared<html::Document>(html::parse_fragment("<p>a</p>"));
    article.body = article.document->root().first_child;
    for (std::size_t at = 0; at < 30; ++at) {
      article.title = std::string(30, 'a');
      article.title[at] = special;
      article.title += "\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D\u4E2D";
      EXPECT_EQ(nlohmann::json::parse(article_json(article))["title"], article.title);
    }
  }
}

TEST(ArticleJson, WritesWhatAJsonReaderReadsBack) {
  html::Article article;
  article.title = std::string("\0\x01\b\f\r\t\\\x1F/\x7F \u2028 \u4E2D", 18);
  article.excerpt = "ill-formed \xFF here";
  article.links = {{"https://e.example/?a=\"", "one"}, {"b", "two"}};
  article.images = {{"c.png", "alt", "caption"}, {"d.png", "", ""}};
  article.document = std::make_shared<html::Document>(html::parse_fragment("<p>a</p>"));
  article.body = article.document->root().first_child;
  const auto object = nlohmann::json::parse(article_json(article));
  EXPECT_EQ(object["title"], article.title);
  EXPECT_EQ(object["excerpt"], "ill-formed \uFFFD here");
  ASSERT_EQ(object["links"].size(), 2U);
  EXPECT_EQ(object["links"][0]["href"], "https://e.example/?a=\"");
  EXPECT_EQ(object["links"][1]["text"], "two");
  ASSERT_EQ(object["images"].size(), 2U);
  EXPECT_EQ(object["images"][0]["caption"], "caption");
  EXPECT_EQ(object["images"][1]["alt"], "");
}

TEST(FailureJson, NamesTheReason) {
  const auto object = nlohmann::json::parse(failure_json("https://e.example/", "no article"));
  EXPECT_EQ(object["error"], "no article");
  EXPECT_TRUE(object["text"].is_null());
}

}  // namespace
}  // namespace dandelion
