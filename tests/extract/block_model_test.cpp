// SPDX-License-Identifier: MIT
#include "extract/block_model.hpp"

#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

struct Page {
  html::Document document;
  PageText text;
};

Page page_of(const std::string& body) {
  Page page{html::parse("<!DOCTYPE html><title>The title</title>" + body), {}};
  page.text = collect_text(page.document.root(), NameWeights::built_in());
  return page;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

std::size_t count_of(const std::vector<bool>& chosen) {
  return static_cast<std::size_t>(std::accumulate(chosen.begin(), chosen.end(), 0));
}

TEST(ChooseBlocks, TakesNoLongListThatIsHardlyText) {
  const Page page = page_of("<p>" + repeated("word ", 100) + "</p>" +
                            repeated("<li>" + repeated("item ", 10) + "</li>", 40));
  std::vector<float> rates(page.text.blocks.size(), 0.35F);
  rates[0] = 0.95F;
  EXPECT_EQ(count_of(choose_blocks(BlockStructure(page.text), rates)), 1U);
}

TEST(ChooseBlocks, TakesADoubtfulBlockAmongSureOnes) {
  const Page page = page_of(repeated("<p>" + repeated("word ", 50) + "</p>", 5));
  EXPECT_EQ(count_of(choose_blocks(BlockStructure(page.text), {0.9F, 0.95F, 0.55F, 0.9F, 0.97F})),
            5U);
}

TEST(ChooseBlocks, TakesAllWhereAllIsAsLikely) {
  const Page page = page_of(repeated("<p>" + repeated("word ", 50) + "</p>", 5));
  EXPECT_EQ(count_of(choose_blocks(BlockStructure(page.text), std::vector<float>(5, 0.4F))), 5U);
  const Page nothing = page_of("");
  EXPECT_EQ(count_of(choose_blocks(BlockStructure(nothing.text), {})), 0U);
}

// The text in one element, a menu before it, a list of links behind it.
class DescribeRates : public testing::Test {
 protected:
  DescribeRates()
      : features_(describe_blocks(BlockStructure(page_.text), "The title", PageKind::unknown)) {
    describe_rates(BlockStructure(page_.text), rates_, features_);
  }
  [[nodiscard]] float value(Feature feature, std::size_t block) const {
    return features_.column(feature)[block];
  }

  Page page_ =
      page_of("<nav><a href=/>Menu</a></nav><div><section><p>" + repeated("word ", 60) +
              "</p><h2>Heading</h2><p>" + repeated("text ", 60) +
              "</p></section></div><ul><li><a href=a>One</a></li><li><a href=b>Two</a></li></ul>");
  std::vector<float> rates_ = {0.1F, 0.9F, 0.6F, 0.9F, 0.3F, 0.2F};
  BlockFeatures features_;
};

TEST_F(DescribeRates, TellsWhereTheTextIs) {
  ASSERT_EQ(page_.text.blocks.size(), 6U);
  EXPECT_EQ(value(Feature::core_steps, 1), 1);
  EXPECT_EQ(value(Feature::near_core, 0), -1);
  EXPECT_EQ(value(Feature::near_core, 2), 0);
  EXPECT_EQ(value(Feature::near_core, 5), 2);
  EXPECT_LT(value(Feature::core_steps, 4), 0);
  EXPECT_GT(value(Feature::rate_before, 5), 0.98F);
  EXPECT_EQ(value(Feature::rate_before, 0), 0);
}

TEST_F(DescribeRates, TellsHowFarSureTextIs) {
  EXPECT_EQ(value(Feature::until_sure, 0), 1);
  EXPECT_EQ(value(Feature::since_sure, 2), 1);
  EXPECT_EQ(value(Feature::until_sure, 2), 1);
  EXPECT_EQ(value(Feature::since_sure, 5), 2);
  EXPECT_EQ(value(Feature::weight_since_sure, 5), 3) << "the letters of One";
  EXPECT_EQ(value(Feature::until_sure, 5), 1000) << "there is none";
}

TEST_F(DescribeRates, TellsTheRatesAround) {
  EXPECT_FLOAT_EQ(value(Feature::rate, 2), 0.6F);
  EXPECT_FLOAT_EQ(value(Feature::before_rate, 2), 0.9F);
  EXPECT_FLOAT_EQ(value(Feature::behind2_rate, 2), 0.3F);
  EXPECT_FLOAT_EQ(value(Feature::before_rate, 0), -1) << "there is none";
  EXPECT_GT(value(Feature::near_rate, 2), 0.85F);
  EXPECT_LT(value(Feature::near_rate, 4), 0.31F);
  EXPECT_FLOAT_EQ(value(Feature::look_rate, 4), value(Feature::look_rate, 5));
}

TEST(DescribeRatesOfOneParagraph, StandsInTheBlockNotInAnElementWithinIt) {
  const Page page = page_of("<nav>Menu</nav><div><p>A <b>bold <i>word</i></b> and a<br>break, " +
                            repeated("word ", 60) + "</p></div><footer>End</footer>");
  BlockFeatures features = describe_blocks(BlockStructure(page.text), "", PageKind::unknown);
  describe_rates(BlockStructure(page.text), {0.1F, 0.9F, 0.1F}, features);
  EXPECT_EQ(features.column(Feature::core_steps)[1], 0);
}

TEST(CountText, CountsLongTextsInPiecesAsShortOnes) {
  const TextCount count = count_text(repeated("Ab 1, 二。 é\u00A0x!\n", 300));
  EXPECT_EQ(count.weight, 300 * (6 + 2 + 2.5F)) << "letters, é and 。, and an ideograph";
  EXPECT_EQ(count.capitals, 300);
  EXPECT_EQ(count.digits, 300);
  EXPECT_EQ(count.stops, 600U);
  EXPECT_EQ(count.commas, 300U);
  EXPECT_EQ(count.spaces, 1200U);
  const TextCount plain = count_text(repeated("ab, c. ", 500));
  EXPECT_EQ(plain.weight, 2500);
  EXPECT_EQ(plain.spaces, 1000U);
  EXPECT_EQ(plain.commas, 500U);
}

}  // namespace
}  // namespace dandelion
