// SPDX-License-Identifier: MIT
#include "pipeline/further_pages.hpp"

#include <gtest/gtest.h>

#include "extract/next_page.hpp"
#include "pipeline/page_file.hpp"
#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using std::chrono::hours;

// An article n1 on the pages n1, n1_2, n1_3 …, of which the index lists the first.
class LongArticle : public PaperTest {
 protected:
  LongArticle() {
    paper.add("n1", clock.now() - hours(1));
    publish_pages(3);
  }

  static std::string name(int page) { return page == 1 ? "n1" : fmt::format("n1_{}", page); }

  void publish_pages(int count) {
    paper.publish(engine);
    for (int page = 1; page <= count; ++page) {
      const std::string next =
          page == count ? std::string()
                        : fmt::format("<p><a rel=next href=/{}>next</a></p>", name(page + 1));
      Paper::Story story = paper.stories.at("n1");
      story.text = fmt::format("Words of page {}.", page);
      engine.pages[Paper::url(name(page))] = {Paper::page_of(story) + next, {}, true};
    }
  }

  [[nodiscard]] std::string page() const {
    const auto all = files();
    const auto found = all.find("pages/news/n1.md");
    return found == all.end() ? std::string() : found->second;
  }
  [[nodiscard]] bool has(int page_number) const {
    return page().find(fmt::format("Words of page {}.", page_number)) != std::string::npos;
  }
};

TEST_F(LongArticle, BecomesOnePageWithAllThatItHas) {
  const SiteOutcome outcome = run();
  EXPECT_TRUE(outcome.ok());
  EXPECT_EQ(outcome.added, std::vector<std::string>{"pages/news/n1.md"});
  EXPECT_TRUE(has(1) && has(2) && has(3)) << page();
  EXPECT_LT(page().find("page 1."), page().find("page 2."));
  // Its other addresses lead to it.
  const std::string record = files(true).at(page_file_path(Paper::url("n1")));
  EXPECT_NE(record.find("paper.example/n1_2"), std::string::npos) << record;
  EXPECT_NE(record.find("paper.example/n1_3"), std::string::npos) << record;
}

TEST_F(LongArticle, IsCorrectedWhereAFurtherPageChanges) {
  run();
  clock.advance(hours(1));
  EXPECT_TRUE(run().corrected.empty());
  std::string& third = engine.pages[Paper::url("n1_3")].body;
  third.replace(third.find("page 3."), 7, "page 3, but better.");
  clock.advance(hours(10));
  EXPECT_EQ(run().corrected, std::vector<std::string>{"pages/news/n1.md"});
  EXPECT_NE(page().find("but better"), std::string::npos);
}

TEST_F(LongArticle, WaitsForAPageThatCannotBeHad) {
  engine.pages[Paper::url("n1_2")].broken = true;
  const SiteOutcome outcome = run();
  ASSERT_EQ(outcome.failed.size(), 1U);
  EXPECT_EQ(outcome.failed[0].url, Paper::url("n1"));
  EXPECT_TRUE(outcome.added.empty());
  engine.pages[Paper::url("n1_2")].broken = false;
  EXPECT_EQ(run().added.size(), 1U);
  EXPECT_TRUE(has(1) && has(2) && has(3));
}

TEST_F(LongArticle, IsTakenWithoutAPageThatCannotBeHadForLong) {
  engine.pages[Paper::url("n1_3")].broken = true;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(run().added.empty());
    clock.advance(hours(12));
  }
  EXPECT_EQ(run().added.size(), 1U);
  EXPECT_TRUE(has(1) && has(2) && !has(3));
  // The mirror keeps what it has while a check cannot see all of it.
  engine.pages[Paper::url("n1_2")].broken = true;
  clock.advance(hours(12));
  EXPECT_TRUE(run().corrected.empty());
  EXPECT_TRUE(has(1) && has(2));
}

TEST_F(LongArticle, EndsWhereThereIsNoFurtherPage) {
  engine.pages.erase(Paper::url("n1_3"));
  EXPECT_EQ(run().added.size(), 1U);
  EXPECT_TRUE(has(1) && has(2));
}

TEST_F(LongArticle, EndsWhereTheNextPageLeadsBackOrRepeats) {
  engine.pages[Paper::url("n1_2")].moved_to = Paper::url("n1");
  EXPECT_EQ(run().added.size(), 1U);
  EXPECT_TRUE(has(1) && !has(2));
}

TEST_F(LongArticle, DoesNotSwallowAnArticleThatTheIndexLists) {
  paper.add("n1_2", clock.now());
  publish_pages(3);
  EXPECT_EQ(run().added.size(), 2U);
  EXPECT_TRUE(has(1) && !has(2));
  clock.advance(hours(2));
  EXPECT_TRUE(run().corrected.empty());
}

TEST_F(LongArticle, HasSoManyPagesAtTheMost) {
  publish_pages(max_article_pages + 5);
  EXPECT_EQ(run().added.size(), 1U);
  EXPECT_TRUE(has(max_article_pages));
  EXPECT_FALSE(has(max_article_pages + 1));
}

}  // namespace
}  // namespace dandelion
