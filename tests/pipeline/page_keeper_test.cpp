// SPDX-License-Identifier: MIT
#include "pipeline/page_keeper.hpp"

#include <gtest/gtest.h>

#include "pipeline/page_file.hpp"
#include "pipeline/paper.hpp"
#include "publish/child_process.hpp"

namespace dandelion {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

class PageLife : public PaperTest {
 protected:
  PageLife() {
    for (const char* name : {"n1", "n2"})
      paper.add(name, clock.now() - hours(1));
    publish_and_run();
  }
};

TEST_F(PageLife, ChecksAtGrowingIntervals) {
  std::vector<hours> checked;
  const Timestamp begin = clock.now();
  for (int i = 0; i < 48 * 40; ++i) {
    clock.advance(minutes(30));
    engine.asked.clear();
    run();
    if (std::count(engine.asked.begin(), engine.asked.end(), Paper::url("n1")) > 0)
      checked.push_back(std::chrono::floor<hours>(clock.now() - begin));
  }
  ASSERT_GE(checked.size(), 9U);
  EXPECT_LE(checked.size(), 13U);
  EXPECT_LE(checked[0], hours(1));
  for (std::size_t i = 2; i < checked.size(); ++i)
    EXPECT_GE(checked[i] - checked[i - 1] + hours(1), checked[i - 1] - checked[i - 2]);
}

TEST_F(PageLife, TakesACorrectionAsANewVersionThatSaysSo) {
  const std::string before = head();
  paper.stories["n1"].text = "Better words.";
  clock.advance(hours(1));
  const SiteOutcome outcome = publish_and_run();
  EXPECT_EQ(outcome.corrected, std::vector<std::string>{"pages/news/n1.md"});
  EXPECT_NE(head(), before);
  const std::string page = files().at("pages/news/n1.md");
  EXPECT_NE(page.find("Better words."), std::string::npos);
  EXPECT_NE(page.find("Corrected at the source: "), std::string::npos) << page;
  EXPECT_EQ(files().at("pages/news/n2.md").find("Corrected"), std::string::npos);
}

TEST_F(PageLife, MakesNoVersionOfWhatAReaderWouldNotNotice) {
  const std::string before = head();
  paper.publish(engine);
  std::string& body = engine.pages[Paper::url("n1")].body;
  body.insert(body.find("<h1>"), "<aside>Other advertising</aside>");
  body.replace(body.find("<p>"), 3, "<p class=changed>");
  clock.advance(hours(1));
  EXPECT_TRUE(run().corrected.empty());
  EXPECT_EQ(head(), before);
}

TEST_F(PageLife, TakesNoOtherRulesForACorrection) {
  const std::string before = files().at("pages/news/n1.md");
  config.sites[0].article.title = "#story";
  clock.advance(hours(1));
  EXPECT_TRUE(run().corrected.empty());
  EXPECT_EQ(files().at("pages/news/n1.md").find("Corrected"), std::string::npos);
  EXPECT_NE(files().at("pages/news/n1.md"), before);
}

TEST_F(PageLife, WithdrawsAfterTwoAnswersADayApart) {
  paper.stories.erase("n1");
  clock.advance(hours(1));
  EXPECT_TRUE(publish_and_run().withdrawn.empty());
  EXPECT_EQ(store().counts("paper")->missing, 1);
  clock.advance(hours(12));
  EXPECT_TRUE(run().withdrawn.empty());
  clock.advance(days(1));
  const SiteOutcome outcome = run();
  EXPECT_EQ(outcome.withdrawn, std::vector<std::string>{"pages/news/n1.md"});
  EXPECT_TRUE(outcome.ok());
  const std::string page = files().at("pages/news/n1.md");
  EXPECT_NE(page.find("Words."), std::string::npos);
  EXPECT_NE(page.find("taken this page away. This copy stays. Withdrawn: 2 January 2026."),
            std::string::npos)
      << page;
  EXPECT_NE(files(true).at(page_file_path(Paper::url("n1"))).find("\"withdrawn\": \"2026-01-02\""),
            std::string::npos);
  EXPECT_NE(files().at("indexes/news.md").find("n1.md"), std::string::npos);
}

TEST_F(PageLife, LeavesATombstoneWhereRemovedPagesAreDropped) {
  config.sites[0].drop_removed_pages = true;
  paper.stories.erase("n1");
  paper.publish(engine);
  for (int i = 0; i < 3; ++i) {
    clock.advance(days(1) + hours(4));
    run();
  }
  const std::string page = files().at("pages/news/n1.md");
  EXPECT_EQ(page.find("Words."), std::string::npos);
  EXPECT_EQ(page.find("Title"), std::string::npos);
  EXPECT_NE(page.find("taken this page away. Withdrawn: "), std::string::npos);
  EXPECT_NE(page.find(Paper::url("n1")), std::string::npos);
  EXPECT_EQ(files().at("indexes/news.md").find("n1.md"), std::string::npos);
}

TEST_F(PageLife, CountsPagesNotFilesInTheCommitMessage) {
  config.op.message = "+{added} ~{changed} -{removed}";
  const auto message = [&] {
    return test::run({"git", "-C", (config.output / "paper").string(), "log", "-1", "--format=%s"})
        .output;
  };
  paper.add("n3", clock.now());
  paper.stories["n2"].text = "Better words.";
  clock.advance(hours(1));
  publish_and_run();
  EXPECT_EQ(message(), "+1 ~1 -0\n");
  paper.stories.erase("n1");
  for (int i = 0; i < 3; ++i) {
    clock.advance(days(1) + hours(4));
    publish_and_run();
  }
  EXPECT_EQ(message(), "+0 ~0 -1\n");
}

TEST_F(PageLife, TakesAPageThatComesBack) {
  const auto before = files();
  const Paper::Story story = paper.stories["n1"];
  for (const bool drop : {false, true}) {
    config.sites[0].drop_removed_pages = drop;
    paper.stories.erase("n1");
    paper.publish(engine);
    for (int i = 0; i < 12; ++i) {
      clock.advance(days(4));
      run();
    }
    EXPECT_EQ(store().counts("paper")->withdrawn, 1);
    paper.stories["n1"] = story;
    paper.publish(engine);
    clock.advance(days(31));
    run();
    EXPECT_EQ(files(), before) << drop;
  }
}

TEST_F(PageLife, TakesOneMissForAnAccident) {
  const std::string before = head();
  const Paper::Story story = paper.stories["n1"];
  paper.stories.erase("n1");
  clock.advance(hours(1));
  publish_and_run();
  paper.stories["n1"] = story;
  clock.advance(hours(30));
  publish_and_run();
  EXPECT_EQ(store().counts("paper")->missing, 0);
  EXPECT_EQ(head(), before);
}

TEST_F(PageLife, KeepsThePageOfAnAddressThatMoved) {
  paper.publish(engine);
  engine.pages[Paper::url("new/n1")] = engine.pages[Paper::url("n1")];
  engine.pages[Paper::url("n1")] = {{}, Paper::url("new/n1"), true};
  paper.index = {"new/n1", "n2"};
  engine.pages[Paper::url("index.html")].body =
      "<ul class=list><a href=/new/n1>n1</a><a href=/n2>n2</a></ul>";
  clock.advance(hours(1));
  const auto before = files();
  const SiteOutcome outcome = run();
  EXPECT_TRUE(outcome.added.empty());
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(files(), before);
  EXPECT_EQ(store().page_at_address("paper", Paper::url("new/n1")).value()->path,
            "pages/news/n1.md");
  engine.asked.clear();
  run();
  EXPECT_EQ(engine.asked, std::vector<std::string>{Paper::url("index.html")});
}

TEST_F(PageLife, KeepsOnePageForAllThatNameOneCanonicalAddress) {
  paper.add("amp/n3", clock.now());
  paper.add("n3", clock.now());
  for (const char* name : {"amp/n3", "n3"}) {
    paper.stories[name].canonical = "/n3?utm_source=x";
    paper.stories[name].title = "Third";
  }
  EXPECT_EQ(publish_and_run().added, std::vector<std::string>{"pages/news/n3.md"});
  const auto page = store().page_at_address("paper", Paper::url("amp/n3")).value();
  ASSERT_TRUE(page);
  EXPECT_EQ(page->url, Paper::url("n3"));
}

TEST_F(PageLife, BelievesNoCanonicalAddressThatIsAnotherArticles) {
  for (const char* name : {"n3", "n4"}) {
    paper.add(name, clock.now(), std::string("Of ") + name);
    paper.stories[name].canonical = Paper::url("n1");
  }
  paper.add("n5", clock.now(), "Elsewhere");
  paper.stories["n5"].canonical = "https://other.example/n9";
  paper.add("n6", clock.now(), "Front");
  paper.stories["n6"].canonical = "/";
  EXPECT_EQ(publish_and_run().added.size(), 4U);
  for (const char* name : {"n3", "n4", "n5", "n6"})
    EXPECT_EQ(store().page_at_address("paper", Paper::url(name)).value()->url, Paper::url(name));
}

TEST_F(PageLife, TakesNoFrontPageForAnArticle) {
  paper.publish(engine);
  engine.pages[Paper::url("")] = {Paper::page_of({"Front", "All news", clock.now(), {}}), {}, true};
  engine.pages[Paper::url("n1")].moved_to = Paper::url("");
  clock.advance(hours(1));
  const auto before = files();
  run();
  EXPECT_EQ(files(), before);
  ASSERT_EQ(store().failures("paper")->size(), 1U);
  EXPECT_TRUE(store().failures("paper")->at(0).held);
}

TEST_F(PageLife, PutsManyPagesIntoFoldersBelowAndMovesNothing) {
  for (int i = 0; i < 310; ++i)
    paper.add("story" + std::to_string(i), clock.now() - hours(2));
  publish_and_run();
  const auto count = [&](std::size_t slashes) {
    std::size_t pages = 0;
    for (const auto& [path, content] : files()) {
      if (path.starts_with("pages/news/") && path.ends_with(".md") &&
          static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) == slashes) {
        ++pages;
      }
    }
    return pages;
  };
  EXPECT_EQ(count(2), 2U) << "those that were there before";
  EXPECT_EQ(count(3), 310U);
  EXPECT_TRUE(files().contains("pages/news/n1.md"));
  const auto before = files();
  clock.advance(hours(1));
  EXPECT_TRUE(publish_and_run().ok());
  EXPECT_EQ(files(), before);
  paper.add("other/story7", clock.now(), "Something else");
  paper.stories["other/story7"].title = "Something else";
  const SiteOutcome outcome = publish_and_run();
  ASSERT_EQ(outcome.failed.size(), 1U) << "its name is taken in a folder below";
  EXPECT_NE(outcome.failed[0].message.find("/story7.md already belongs to"), std::string::npos);
}

TEST_F(PageLife, TellsAFileThatTwoArticlesWouldShare) {
  paper.add("other/n1", clock.now(), "Something else");
  paper.stories["other/n1"].title = "Something else";
  const SiteOutcome outcome = publish_and_run();
  ASSERT_EQ(outcome.failed.size(), 1U);
  EXPECT_NE(outcome.failed[0].message.find("pages/news/n1.md already belongs to"),
            std::string::npos);
}

TEST_F(PageLife, FollowsAnotherMenuEverywhereWithoutAskingTheSource) {
  config.sites[0].menu = {{"Home", "../.."}};
  engine.asked.clear();
  run();
  EXPECT_EQ(engine.asked, std::vector<std::string>{Paper::url("index.html")});
  EXPECT_NE(files().at("pages/news/n1.md").find("[Home](../..?n1)"), std::string::npos);
  const std::string before = head();
  run();
  EXPECT_EQ(head(), before);
}

}  // namespace
}  // namespace dandelion
