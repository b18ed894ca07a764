// SPDX-License-Identifier: MIT
#include "fetch/robots.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

bool allows(std::string_view robots, std::string_view path) {
  return RobotsRules(robots, "Dandelion").allows(path);
}

TEST(RobotsRules, AllowEverythingWhereNothingIsSaid) {
  EXPECT_TRUE(allows("", "/x"));
  EXPECT_TRUE(allows("User-agent: *\nDisallow:\n", "/x"));
  EXPECT_TRUE(allows("<html>not a robots.txt</html>", "/x"));
}

TEST(RobotsRules, LetTheLongestMatchDecideAndAllowWinATie) {
  constexpr const char* robots =
      "User-agent: *\nAllow: /p\nDisallow: /\nAllow: /folder\nDisallow: /folder\n";
  EXPECT_TRUE(allows(robots, "/page"));
  EXPECT_FALSE(allows(robots, "/other"));
  EXPECT_TRUE(allows(robots, "/folder/page"));
}

TEST(RobotsRules, KnowStarsAndDollars) {
  constexpr const char* robots =
      "User-agent: *\nDisallow: /*.php$\nDisallow: /a*b*c\nDisallow: *.gif\n";
  EXPECT_FALSE(allows(robots, "/x/y.php"));
  EXPECT_TRUE(allows(robots, "/x/y.php?a"));
  EXPECT_FALSE(allows(robots, "/a1b2c3"));
  EXPECT_TRUE(allows(robots, "/a1c2b3"));
  EXPECT_FALSE(allows(robots, "/i.gif?x"));
}

TEST(RobotsRules, TakeTheGroupsThatNameUsMergedAndTheStarOnlyElsewhere) {
  constexpr const char* robots =
      "User-agent: other\nUser-agent: DANDELION/1.0\nDisallow: /a\n\nUser-agent: *\nDisallow: "
      "/\n\nuser-agent: dandelion\n"
      "disallow: /b # both\n";
  EXPECT_FALSE(allows(robots, "/a"));
  EXPECT_FALSE(allows(robots, "/b"));
  EXPECT_TRUE(allows(robots, "/c"));
  EXPECT_FALSE(RobotsRules(robots, "Somebody").allows("/c"));
}

TEST(RobotsRules, CompareEncodedAndPlainCharactersAlike) {
  EXPECT_FALSE(allows("User-agent: *\nDisallow: /新闻\n", "/%E6%96%B0%E9%97%BB/1"));
  EXPECT_FALSE(allows("User-agent: *\nDisallow: /%7Ejoe\n", "/~joe"));
  EXPECT_TRUE(allows("User-agent: *\nDisallow: /a%2Fb\n", "/a/b"));
}

TEST(RobotsRules, ReadEveryLineEndingAndAMark) {
  EXPECT_FALSE(allows("\xEF\xBB\xBFUser-agent: *\rDisallow: /x\r", "/x"));
  EXPECT_FALSE(allows("User-agent: *\r\nDisallow: /x\r\n", "/x"));
}

TEST(RobotsRules, AlwaysAllowThemselves) {
  EXPECT_TRUE(allows("User-agent: *\nDisallow: /\n", "/robots.txt"));
}

TEST(RobotsRules, HonourACrawlDelayUpToHalfAMinute) {
  EXPECT_EQ(RobotsRules("User-agent: *\nCrawl-delay: 1.5\n", "Dandelion").crawl_delay(),
            std::chrono::milliseconds(1500));
  EXPECT_EQ(RobotsRules("User-agent: *\nCrawl-delay: 86400\n", "Dandelion").crawl_delay(),
            std::chrono::seconds(30));
  EXPECT_EQ(RobotsRules("User-agent: *\nCrawl-delay: nan\n", "Dandelion").crawl_delay().count(), 0);
}

TEST(RobotsRules, StayQuickOnHostilePatterns) {
  std::string robots = "User-agent: *\n";
  for (int i = 0; i < 50; ++i)
    robots += "Disallow: /" + std::string(200, '*') + "a*a*a*a*b$\n";
  EXPECT_TRUE(allows(robots, "/" + std::string(4000, 'a')));
  std::string worse = "User-agent: *\n";
  for (int i = 0; i < 2'000; ++i)
    worse += "Disallow: /*" + std::string(400, 'a') + "b\n";
  EXPECT_FALSE(allows(worse, "/" + std::string(4000, 'a'))) << "what takes too long is not allowed";
  EXPECT_TRUE(allows(worse, "/b"));
}

TEST(RobotsRules, KeepNothingButWhatIsForUs) {
  const RobotsRules rules(
      "User-agent: other\nDisallow: /\nUser-agent: Dandelion\nDisallow: /a%7eb*\nAllow: "
      "/a~bc$\nCrawl-delay: 2.5\n",
      "Dandelion");
  EXPECT_EQ(rules.text(), "User-agent: *\nDisallow: /a~b*\nAllow: /a~bc$\nCrawl-delay: 2.5\n");
  EXPECT_EQ(RobotsRules(rules.text(), "Dandelion").text(), rules.text());
}

}  // namespace
}  // namespace dandelion
