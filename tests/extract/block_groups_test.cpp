// SPDX-License-Identifier: MIT
#include "extract/block_groups.hpp"

#include <string>

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

class BlockGroups : public testing::Test {
 protected:
  void read(const std::string& body) {
    document_ = html::parse("<!DOCTYPE html>" + body);
    page_ = collect_text(document_.root(), NameWeights::built_in());
  }
  // '+' for a block that is taken.
  static std::vector<bool> taken(const std::string& signs) {
    std::vector<bool> result;
    for (const char sign : signs)
      result.push_back(sign == '+');
    return result;
  }
  static std::string signs(const std::vector<bool>& taken) {
    std::string result;
    for (const bool each : taken)
      result += each ? '+' : '-';
    return result;
  }
  std::string with_gaps_closed(const std::string& before, float rate) {
    auto now = taken(before);
    close_gaps(BlockStructure(page_), std::vector<float>(now.size(), rate), now);
    return signs(now);
  }
  std::string with_insets_settled(const std::string& before, float rate) {
    auto now = taken(before);
    settle_insets(BlockStructure(page_), std::vector<float>(now.size(), rate), now);
    return signs(now);
  }
  std::string with_tables_settled(const std::string& before, float rate) {
    auto now = taken(before);
    settle_tables(page_, std::vector<float>(now.size(), rate), now);
    return signs(now);
  }

  html::Document document_;
  PageText page_;
};

TEST_F(BlockGroups, AnEntrysRateComesNearerToItsLists) {
  read("<p>Before</p><ul><li>one1</li><li>two2</li><li>tres</li></ul>");
  std::vector<float> rates = {0.5F, 0.9F, 0.3F, 0.3F};
  even_out_lists(page_, rates);
  EXPECT_FLOAT_EQ(rates[0], 0.5F);
  EXPECT_FLOAT_EQ(rates[1], 0.7F);
  EXPECT_FLOAT_EQ(rates[2], 0.4F);
}

TEST_F(BlockGroups, AListOfParagraphsOrOfTwoEntriesIsLeftAlone) {
  read("<ul><li>" + std::string(500, 'x') +
       "</li><li>two2</li><li>tres</li></ul><ul><li>a</li><li>b</li></ul>");
  const std::vector<float> before = {0.9F, 0.3F, 0.3F, 0.9F, 0.1F};
  std::vector<float> rates = before;
  even_out_lists(page_, rates);
  EXPECT_EQ(rates, before);
}

TEST_F(BlockGroups, TheInnermostListCounts) {
  read("<ul><li>aaaa<ul><li>bbbb</li><li>cccc</li><li>dddd</li></ul></li></ul>");
  std::vector<float> rates = {0.9F, 0.2F, 0.2F, 0.2F};
  even_out_lists(page_, rates);
  EXPECT_FLOAT_EQ(rates[1], 0.2F);
  EXPECT_GT(rates[0], 0.6F);
}

TEST_F(BlockGroups, AParagraphAmongItsLikeIsTaken) {
  read("<div><p>one1</p><p>two2</p><p>tres</p><p class=x>four</p><p><a href=a>five</a></p></div>");
  EXPECT_EQ(with_gaps_closed("+-+--", 0.2F), "+++--") << "another look, a link";
  EXPECT_EQ(with_gaps_closed("+----", 0.2F), "+----") << "most of its like are not";
  EXPECT_EQ(with_gaps_closed("+-+--", 0.05F), "+-+--") << "surely no text";
}

TEST_F(BlockGroups, AParagraphBetweenBreaksIsTakenToo) {
  read("<div>one1<br><br>two2<br><br>tres</div><div>four</div>");
  EXPECT_EQ(with_gaps_closed("+-+-", 0.2F), "+++-");
}

TEST_F(BlockGroups, ALineThatIsOnlyALabelIsDropped) {
  read(
      "<p>one1</p><p>Advertisement</p><p><a href=a>Read "
      "more:</a></p><h2>Comments</h2><p>\u041F\u043E\u0434\u0435\u043B\u0438"
      "\u0442\u044C\u0441\u044F</p><p>Comments were few</p>");
  auto now = taken("++++++");
  drop_labels(page_, now);
  EXPECT_EQ(signs(now), "+--+-+") << "a heading may be the article's, and so may a sentence";
  read("<p>Advertisement</p>");
  now = taken("+");
  drop_labels(page_, now);
  EXPECT_EQ(signs(now), "+") << "there is nothing else";
}

constexpr const char* data =
    "<table><tr><th>a1</th><th>b1</th></tr><tr><td>c1</td><td>d1</td></tr></table>";

TEST_F(BlockGroups, ATableOfDataIsTakenWhole) {
  read("<p>Before</p>" + std::string(data) + "<p>Behind</p>");
  EXPECT_EQ(with_tables_settled("+++-+-", 0.2F), "+++++-");
  EXPECT_EQ(with_tables_settled("+-+---", 0.2F), "+-----");
}

TEST_F(BlockGroups, ATableOfDataInTheMidstOfTheTextIsTaken) {
  read("<p>Before</p>" + std::string(data) + "<p>Behind</p>");
  EXPECT_EQ(with_tables_settled("+----+", 0.4F), "++++++");
  EXPECT_EQ(with_tables_settled("+----+", 0.1F), "+----+") << "surely no text";
  EXPECT_EQ(with_tables_settled("+-----", 0.4F), "+-----") << "behind the text";
}

TEST_F(BlockGroups, ATableThatLaysOutThePageIsNone) {
  const std::string paragraphs = "<p>a1</p><p>b1</p><p>c1</p>";
  const std::string rows = "<tr><td>m1</td><td>n1</td></tr>";
  for (const std::string& layout :
       {"<table>" + rows + "<tr><td>x1</td><td>" + std::string(data) + "</td></tr></table>",
        "<table>" + rows + "<tr><td>m2</td><td>" + paragraphs + "</td></tr></table>",
        "<table>" + rows + "<tr><td>m2</td><td><h2>a1</h2></td></tr></table>",
        "<table>" + rows + "<tr><td>m2</td><td><ul><li>a1</ul></td></tr></table>",
        std::string("<table><tr><td>banner</td></tr><tr><td>m1</td><td>text</td></tr><tr><td>foot"
                    "</td></tr><tr><td>spare</td></tr></table>")}) {
    read("<p>Before</p>" + layout + "<p>Behind</p>");
    std::string before(page_.blocks.size(), '+');
    before[1] = '-';
    EXPECT_EQ(with_tables_settled(before, 0.2F).substr(0, 2), "+-") << layout;
  }
}

TEST_F(BlockGroups, ATableThatIsAllThatWasTakenStays) {
  read("<p>Before</p>" + std::string(data));
  EXPECT_EQ(with_tables_settled("---+-", 0.2F), "---+-");
}

TEST_F(BlockGroups, ATablesCellsComeNearerToEachOtherUnlessItLaysOutThePage) {
  read("<p>Before</p>" + std::string(data));
  std::vector<float> rates = {0.5F, 0.9F, 0.3F, 0.3F, 0.3F};
  even_out_lists(page_, rates);
  EXPECT_LT(rates[1], 0.7F);
  read("<table><tr><td>menu</td><td><p>a1</p><p>b1</p></td></tr></table>");
  rates = {0.1F, 0.9F, 0.9F};
  even_out_lists(page_, rates);
  EXPECT_FLOAT_EQ(rates[0], 0.1F);
}

TEST_F(BlockGroups, AHeadingBetweenTakenBlocksIsTaken) {
  read("<div><p>one1</p><h2>Results</h2><p>two2</p><h2>Other</h2></div><div><p>tres</p></div>");
  EXPECT_EQ(with_gaps_closed("+-+-+", 0.2F), "+++-+") << "the other stands in another element";
}

TEST_F(BlockGroups, ALabelAmongParagraphsStaysOut) {
  read(
      "<div><p>one1</p><p>Share this article</p><p>\u0427\u0438\u0442\u0430\u0439\u0442\u0435 "
      "\u0442\u0430\u043A\u0436\u0435</p><p>two2</p><p>a long enough paragraph to be "
      "most</p></div>");
  EXPECT_EQ(with_gaps_closed("+--++", 0.2F), "+--++");
}

TEST_F(BlockGroups, CodeBetweenParagraphsOrBehindThemIsTaken) {
  read("<div><p>one1</p><div class=line><pre>a = 1</pre></div><p>two2</p><pre>b</pre></div>");
  EXPECT_EQ(with_insets_settled("+-+-", 0), "++++");
  EXPECT_EQ(with_insets_settled("+---", 0), "+---") << "most around it is not";
}

TEST_F(BlockGroups, CodeIsTakenWithoutTheButtonsOfItsWrapper) {
  read(
      "<p>one1</p><div><div>js</div><div><pre>a = "
      "1</pre><button>Copy</button></div></div><p>two2</p>");
  EXPECT_EQ(with_insets_settled("+---+", 0), "+-+-+");
}

TEST_F(BlockGroups, AQuoteOrAListBetweenParagraphsIsTakenUnlessItIsSurelyNoText) {
  read(
      "<div><p>one1</p><blockquote><p>Aye</p></blockquote><p>two2</p><ul><li>x<li>y</ul><p>tres</"
      "p></div>");
  EXPECT_EQ(with_insets_settled("+-+--+", 0.2F), "++++++");
  EXPECT_EQ(with_insets_settled("+-+--+", 0.05F), "+-+--+");
  EXPECT_EQ(with_insets_settled("+----+", 0.2F), "+----+");
}

TEST_F(BlockGroups, AListOfLinksBetweenParagraphsIsLeftAlone) {
  read(
      "<div><p>one1</p><ul><li><a href=a>x</a><p>1 euro</p><li><a href=b>y</a><p>2 euros</p></ul>"
      "<p>two2</p></div>");
  EXPECT_EQ(with_insets_settled("+----+", 0.2F), "+----+");
}

TEST_F(BlockGroups, AQuoteKeepsWhoSaidIt) {
  read(
      "<blockquote><p>No contract before the spring.</p><footer>The "
      "mayor</footer></blockquote><p>x</p>");
  EXPECT_EQ(with_insets_settled("+--", 0), "++-");
}

TEST_F(BlockGroups, AHeadingAboveWhatIsTakenIsTakenInAWrapperToo) {
  read("<p>one1</p><section><h3><button>What?</button></h3><div><p>That.</p></div></section>");
  EXPECT_EQ(with_gaps_closed("+-+", 0.2F), "+++");
  EXPECT_EQ(with_gaps_closed("+--", 0.2F), "+--");
}

}  // namespace
}  // namespace dandelion
