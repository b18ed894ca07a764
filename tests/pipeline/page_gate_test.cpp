// SPDX-License-Identifier: MIT
#include "pipeline/page_gate.hpp"

#include "extract/extract.hpp"
#include "pipeline/paper.hpp"

namespace dandelion {
namespace {

using PageGateTest = PaperTest;

constexpr std::chrono::hours day{24};

TEST_F(PageGateTest, KeepsAKnownBlockPageOutUntilTheArticleComes) {
  paper.add("a", clock.now());
  paper.publish(engine);
  engine.pages[Paper::url("a")] = {
      "<title>Web Filter Violation</title><h1>Web Filter Violation</h1><div id=story>No.</div>",
      {},
      true};
  const SiteOutcome barred = run();
  EXPECT_TRUE(barred.added.empty());
  ASSERT_EQ(barred.failed.size(), 1U);
  EXPECT_NE(barred.failed[0].message.find("known block page"), std::string::npos);
  ASSERT_EQ(store().quarantined("paper")->size(), 1U);
  clock.advance(day);
  EXPECT_EQ(publish_and_run().added.size(), 1U);
  EXPECT_TRUE(store().quarantined("paper")->empty());
}

TEST_F(PageGateTest, LeavesAPageAsItIsWhereItsCheckMeetsABlockPage) {
  paper.add("a", clock.now());
  publish_and_run();
  const auto before = files();
  engine.pages[Paper::url("a")] = {
      "<title>Web Filter Violation</title><h1>Web Filter Violation</h1><div id=story>No.</div>",
      {},
      true};
  clock.advance(day);
  run();
  EXPECT_EQ(files(), before);
  EXPECT_EQ(store().quarantined("paper")->size(), 1U);
}

TEST_F(PageGateTest, RemembersWhatTheSitesPagesLookLike) {
  for (const char* name : {"a", "b", "c"})
    paper.add(name, clock.now());
  publish_and_run();
  const auto samples = store().page_samples("paper");
  ASSERT_TRUE(samples);
  ASSERT_EQ(samples->size(), 3U);
  EXPECT_EQ(samples->at(0).domain, "paper.example");
}

// A second fetch of another page, or of the same.
class Comparison : public PageGateTest {
 protected:
  Comparison() {
    auto opened = Store::open(folder / "gate.db", Store::Mode::read_write);
    EXPECT_TRUE(opened);
    state.emplace(std::move(*opened));
    gate.emplace(PageGate::Context{"paper", known, *state, clock, 2});
  }
  static FetchedPage page(const std::string& title, const std::string& text) {
    FetchedPage fetched;
    fetched.url = Paper::url("a");
    fetched.status = 200;
    fetched.content_type = "text/html; charset=utf-8";
    fetched.body = fmt::format("<title>{}</title><p>{}</p>", title, text);
    return fetched;
  }
  PageGate::Verdict second(const FetchedPage& first, const Result<FetchedPage>& other) {
    const auto judgement = gate->judge(first.url, first, fail(ErrorKind::malformed, "no article"));
    EXPECT_EQ(judgement.verdict, PageGate::Verdict::look_again);
    return gate->compare(judgement, first.url, other, fail(ErrorKind::malformed, "no article"))
        .verdict;
  }

  std::vector<BlockFingerprint> known{{"bar", "Barred", "", ""}};
  std::optional<Store> state;
  std::optional<PageGate> gate;
};

TEST_F(Comparison, NeverBelievesWhatIsKnown) {
  EXPECT_EQ(second(page("Barred", "No."), page("Barred", "No.")), PageGate::Verdict::refused);
  EXPECT_EQ(second(page("Barred", "No."), fail(ErrorKind::transient, "no answer")),
            PageGate::Verdict::refused);
}

TEST_F(Comparison, BelievesWhatBothWaysSay) {
  FetchedPage odd = page("An odd story", "Short.");
  odd.url = "https://elsewhere.example/a";
  const auto judgement =
      gate->judge(Paper::url("a"), odd, fail(ErrorKind::malformed, "no article"));
  ASSERT_EQ(judgement.verdict, PageGate::Verdict::look_again);
  const Result<html::Article> none = fail(ErrorKind::malformed, "no article");
  EXPECT_EQ(gate->compare(judgement, Paper::url("a"), odd, none).verdict,
            PageGate::Verdict::admitted);
  const FetchedPage another = page("Quite another thing", std::string(9'000, 'x'));
  EXPECT_EQ(gate->compare(judgement, Paper::url("a"), another, none).verdict,
            PageGate::Verdict::refused);
}

TEST_F(Comparison, BelievesAnArticleAgainstAKnownBlockPage) {
  const FetchedPage story = page("A story", "Words.");
  const Result<html::Article> article = extract_article(story.body, story.url, {});
  ASSERT_TRUE(article);
  const auto judgement = gate->judge(story.url, story, article);
  ASSERT_EQ(judgement.verdict, PageGate::Verdict::look_again) << "a site that is not known yet";
  const Result<html::Article> none = fail(ErrorKind::malformed, "no article");
  EXPECT_EQ(gate->compare(judgement, story.url, page("Barred", "No."), none).verdict,
            PageGate::Verdict::admitted);
}

}  // namespace
}  // namespace dandelion
