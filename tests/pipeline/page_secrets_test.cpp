// SPDX-License-Identifier: MIT
#include "pipeline/page_secrets.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using std::chrono::hours;

const std::string token = "ghp_A1b2A1b2A1b2A1b2A1b2A1b2A1b2A1b2A1b2A1b2";

class PageSecrets : public PaperTest {
 protected:
  PageSecrets() {
    paper.add("n1", clock.now() - hours(9));
    publish_and_run();
    paper.add("n2", clock.now() - hours(2));
    paper.add("n3", clock.now() - hours(1));
  }

  // n2 holds what must not be published: every other page is, and somebody is told, once a run.
  void expect_left_out(const std::string& what) {
    for (const bool first : {true, false}) {
      clock.advance(hours(first ? 0 : 1));
      const SiteOutcome outcome = run();
      EXPECT_TRUE(outcome.errors.empty()) << outcome.errors.front();
      ASSERT_EQ(outcome.failed.size(), 1U) << first;
      EXPECT_EQ(outcome.failed[0].message, fmt::format("it holds {}, and is not published", what));
      EXPECT_EQ(outcome.added,
                first ? std::vector<std::string>{"pages/news/n3.md"} : std::vector<std::string>());
    }
    const auto there = files(true);
    EXPECT_FALSE(there.contains("pages/news/n2.md"));
    EXPECT_TRUE(there.contains("pages/news/n3.md"));
    EXPECT_NE(there.at("indexes/news.md").find("n3.md"), std::string::npos);
    for (const auto& [path, content] : there)
      EXPECT_EQ((path + content).find("/n2"), std::string::npos) << path;
    const auto failures = store().failures("paper").value();
    ASSERT_EQ(failures.size(), 1U);
    EXPECT_EQ(failures[0].attempts, 2);
  }

  std::string& body_of(const std::string& name) { return engine.pages[Paper::url(name)].body; }
  void put_into_head(const std::string& element) {
    std::string& body = body_of("n2");
    body.insert(body.find("</head>"), element);
  }
};

TEST_F(PageSecrets, LeavesOutAPageWithATokenThatMarkupDivided) {
  paper.stories["n2"].text = "Before it. ghp_<b></b>" + token.substr(4) + " After it.";
  paper.publish(engine);
  expect_left_out("what looks like a token of GitHub");
}

TEST_F(PageSecrets, LeavesOutAPageWithATokenInItsTitle) {
  paper.stories["n2"].title = token;
  paper.publish(engine);
  expect_left_out("what looks like a token of GitHub");
}

TEST_F(PageSecrets, LeavesOutAPageWithATokenInItsByline) {
  paper.publish(engine);
  put_into_head("<meta name=author content=" + token + ">");
  expect_left_out("what looks like a token of GitHub");
}

TEST_F(PageSecrets, LeavesOutAPageWithATokenInItsExcerpt) {
  paper.publish(engine);
  put_into_head("<meta name=description content='It said " + token + " once.'>");
  expect_left_out("what looks like a token of GitHub");
}

TEST_F(PageSecrets, LeavesOutAPageWithATokenInAPicturesText) {
  paper.stories["n2"].text = "Words. <img src=/p.png alt='A " + token + "'> More words.";
  paper.publish(engine);
  expect_left_out("what looks like a token of GitHub");
}

TEST_F(PageSecrets, LeavesOutAPageWithATokenInItsAddress) {
  paper.stories[token] = paper.stories["n2"];
  paper.stories.erase("n2");
  std::replace(paper.index.begin(), paper.index.end(), std::string("n2"), token);
  paper.publish(engine);
  expect_left_out("what looks like a token of GitHub");
  for (const auto& [path, content] : files(true))
    EXPECT_EQ((path + content).find(token), std::string::npos) << path;
}

TEST_F(PageSecrets, LeavesOutAPageThatNamesTheOperatorsHome) {
  const char* home = std::getenv("HOME");
  const std::string before = home != nullptr ? home : "";
  ::setenv("HOME", "/home/alice", 1);
  paper.stories["n2"].text = "We know of /home/alice, they say.";
  paper.publish(engine);
  expect_left_out("your home folder");
  ::setenv("HOME", before.c_str(), 1);
}

class OwnToken : public PageSecrets {
 protected:
  OwnToken() {
    MirrorSettings mirror;
    mirror.name = "web";
    mirror.url = "https://git.example/a.git";
    mirror.token = SecretSource{SecretSource::Kind::environment, "PAGE_SECRETS_TOKEN"};
    config.mirrors.push_back(mirror);
    ::setenv("PAGE_SECRETS_TOKEN", "klein*od*17x", 1);
  }
};

TEST_F(OwnToken, IsFoundHoweverMarkdownWritesIt) {
  paper.stories["n2"].text = "They said klein*od*17x and no more.";
  paper.publish(engine);
  expect_left_out("the token of mirror web");
}

// The search index has words in small letters: no page alone says this.
TEST_F(OwnToken, IsFoundWhereOnlyAListHoldsIt) {
  config.sites[0].theme = "reader";
  ::setenv("PAGE_SECRETS_TOKEN", "kleinod17x", 1);
  paper.stories["n2"].text = "They said KLEINOD17X and no more.";
  paper.publish(engine);
  expect_left_out("the token of mirror web");
}

TEST_F(PageSecrets, TakesThePageOnceItSaysNothingOfTheKind) {
  paper.stories["n2"].title = token;
  publish_and_run();
  EXPECT_FALSE(files().contains("pages/news/n2.md"));
  paper.stories["n2"].title = "Another title";
  clock.advance(hours(1));
  EXPECT_EQ(publish_and_run().added, std::vector<std::string>{"pages/news/n2.md"});
  EXPECT_TRUE(store().failures("paper")->empty());
}

TEST_F(PageSecrets, LeavesAPageAsItWasWhereItsCorrectionHoldsASecret) {
  const std::string before = files().at("pages/news/n1.md");
  paper.stories["n1"].text = "Now with " + token + ".";
  clock.advance(hours(1));
  const SiteOutcome outcome = publish_and_run();
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_TRUE(outcome.corrected.empty());
  EXPECT_EQ(outcome.added.size(), 2U);
  ASSERT_EQ(outcome.failed.size(), 1U);
  EXPECT_EQ(outcome.failed[0].url, Paper::url("n1"));
  const std::string after = files().at("pages/news/n1.md");
  EXPECT_EQ(after.find(token), std::string::npos);
  EXPECT_NE(after.find("Words."), std::string::npos);
  EXPECT_EQ(store().failures("paper")->size(), 1U);
}

TEST_F(PageSecrets, LeavesOutEachOfManyPages) {
  for (int i = 10; i < 40; ++i)
    paper.add(fmt::format("m{}", i), clock.now() - hours(1), i % 3 == 0 ? token : "Words.");
  const SiteOutcome outcome = publish_and_run();
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_EQ(outcome.failed.size(), 10U);
  EXPECT_EQ(outcome.added.size(), 22U);
  EXPECT_EQ(store().counts("paper")->pages, 23);
}

// A GIF whose picture data are words.
TEST_F(PageSecrets, LeavesOutAPictureThatHoldsAToken) {
  using std::string_literals::operator""s;
  std::string gif = "GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\x01\0\x01\0\0\x02"s;
  gif += static_cast<char>(token.size() + 1);
  gif += " " + token + "\0;"s;
  paper.stories["n2"].text = "Words. <img src=/p.gif alt=Picture> More words.";
  paper.publish(engine);
  engine.pages[Paper::url("p.gif")] = {gif, {}, true};
  const SiteOutcome outcome = run();
  EXPECT_TRUE(outcome.errors.empty());
  EXPECT_EQ(outcome.added.size(), 2U);
  for (const auto& [path, content] : files(true))
    EXPECT_EQ(content.find(token), std::string::npos) << path;
}

}  // namespace
}  // namespace dandelion
