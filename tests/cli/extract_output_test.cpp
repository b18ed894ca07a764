// SPDX-License-Identifier: MIT
#include "cli/extract_output.hpp"

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

TEST(FailureJson, NamesTheReason) {
  const auto object = nlohmann::json::parse(failure_json("https://e.example/", "no article"));
  EXPECT_EQ(object["error"], "no article");
  EXPECT_TRUE(object["text"].is_null());
}

}  // namespace
}  // namespace dandelion
