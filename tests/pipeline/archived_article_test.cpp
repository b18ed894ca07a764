// SPDX-License-Identifier: MIT
#include "pipeline/archived_article.hpp"

#include <gtest/gtest.h>

#include "html/serialize.hpp"
#include "pipeline/paper.hpp"
#include "pipeline/stored_article.hpp"

namespace dandelion {
namespace {

class ArchivedPage : public PaperTest {
 protected:
  ArchivedPage() { config.sites[0].images.mode = ImageSettings::Mode::mirror; }

  SiteOutcome give(const std::string& body) {
    RunOptions options;
    GivenPage given;
    given.url = url;
    given.page.url = url;
    given.page.status = 200;
    given.page.content_type = "text/html";
    given.page.body = body;
    options.given.push_back(std::move(given));
    options.sites = {"paper"};
    return run(options);
  }

  static std::string page(const std::string& words) {
    std::string text = words;
    for (int i = 0; i < 20; ++i)
      text += " The ferry left at noon, and nobody on the quay knew why it had waited so long.";
    return "<title>Elsewhere</title><article><h1>Elsewhere</h1><p>" + text +
           "</p><img src=/p.png></article>";
  }

  const std::string url = "https://else.example/story";
};

TEST_F(ArchivedPage, IsNeverAskedForAgainAndNoRunOfTheSite) {
  paper.add("n1", clock.now());
  publish_and_run();
  const auto runs = store().runs("paper", 9)->size();
  const SiteOutcome outcome = give(page("Words."));
  EXPECT_TRUE(outcome.failed.empty());
  ASSERT_EQ(outcome.added.size(), 1U);
  EXPECT_TRUE(outcome.added[0].starts_with("pages/archive/else.example-story-"));
  EXPECT_EQ(store().runs("paper", 9)->size(), runs);
  engine.asked.clear();
  for (int day = 0; day < 90; ++day) {
    clock.advance(std::chrono::days(1));
    run();
  }
  EXPECT_EQ(std::count(engine.asked.begin(), engine.asked.end(), url), 0);
  EXPECT_TRUE(store().page_at_address("paper", url).value()->archived);
}

TEST_F(ArchivedPage, IsReadByNoRulesOfTheSites) {
  EXPECT_EQ(give(page("Words.")).added.size(), 1U);
  EXPECT_NE(files().at("README.md").find("Elsewhere"), std::string::npos);
}

TEST_F(ArchivedPage, DoesNotTeachTheGateWhatPagesLookLike) {
  give(page("Words."));
  EXPECT_TRUE(store().page_samples("paper")->empty());
}

TEST_F(ArchivedPage, GivesTheStateItsArticleBack) {
  give(page("Words."));
  const auto before = store().page_at_address("paper", url).value();
  const auto article = store().article(before->key).value();
  const auto made = files();
  std::filesystem::remove_all(config.state.parent_path() / "state.db");
  std::filesystem::remove(config.state.string() + "-wal");
  std::filesystem::remove(config.state.string() + "-shm");
  publish_and_run();
  const auto after = store().page_at_address("paper", url).value();
  ASSERT_TRUE(after);
  EXPECT_TRUE(after->archived);
  EXPECT_EQ(store().article(after->key).value(), article);
  EXPECT_EQ(files().at(after->path), made.at(after->path));
}

TEST(ReadArchivedArticle, MakesInertWhatSomebodyElseWrote) {
  html::Article article;
  article.title = "T";
  article.document = std::make_shared<html::Document>();
  article.body = article.document->create_element("div");
  html::append_child(*article.body, *article.document->create_element("script"));
  html::Node* link = article.document->create_element("a");
  article.document->set_attribute(*link, "href", "javascript:alert(1)");
  article.document->set_attribute(*link, "onclick", "alert(1)");
  html::append_child(*article.body, *link);
  const auto read = read_archived_article(
      "{\"pictures\":[{\"url\":\"https://e.example/a.png\",\"path\":\"../../etc/passwd\"},"
      "{\"url\":\"https://e.example/b.png\",\"path\":\"assets/ab/b.png\",\"width\":-1}]}\n" +
      pack_article(article));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(html::to_html(*unpack_article(read->packed)->body), "<div><a></a></div>");
  ASSERT_EQ(read->pictures.size(), 1U);
  EXPECT_EQ(read->pictures[0].asset.path, "assets/ab/b.png");
  EXPECT_EQ(read->pictures[0].asset.width, 0);
}

TEST(ReadArchivedArticle, RefusesWhatIsNone) {
  for (const char* text : {"", "{}", "{}\n", "[]\nx", "nonsense\n", "{\"pictures\":[]}\nno"})
    EXPECT_FALSE(read_archived_article(text)) << text;
}

}  // namespace
}  // namespace dandelion
