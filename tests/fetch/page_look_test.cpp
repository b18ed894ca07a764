// SPDX-License-Identifier: MIT
#include "fetch/page_look.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace dandelion {
namespace {

const std::string chinese =
    "記者在港口採訪了三位漁民，他們說今年的風浪比往年更大，收成卻沒有減少。燈塔的看守人每天清晨記下"
    "風向與潮水，"
    "這本日誌已經寫了四十年。鎮上的孩子們放學之後會到碼頭幫忙，把漁網一張一張攤開在太陽底下曬乾。";
const std::string other_chinese =
    "您所訪問的網站因含有違規內容已被有關部門屏蔽，如有疑問請與網絡管理員聯繫，或撥打服務熱線查詢。"
    "感謝您的理解與配合，"
    "祝您生活愉快。本頁面由寬帶接入服務提供商自動生成，請勿回覆。";

PageLook look(std::size_t bytes, std::string title, const std::string& text) {
  PageLook page;
  page.body_bytes = bytes;
  page.title = std::move(title);
  page.sketch = sketch_text(text);
  page.header_names = {"content-type", "server", "date"};
  return page;
}

TEST(SketchText, LooksAtCharactersNotAtLayout) {
  EXPECT_EQ(sketch_text("Hello,  World! Again"), sketch_text("hello world\n\n AGAIN."));
  EXPECT_TRUE(sketch_text("abcd").empty());
  EXPECT_EQ(sketch_text("abcde").size(), 1U);
}

TEST(Containment, FindsTheShorterInTheLonger) {
  EXPECT_DOUBLE_EQ(containment(sketch_text(chinese), sketch_text(chinese + other_chinese)), 1);
  EXPECT_LT(containment(sketch_text(chinese), sketch_text(other_chinese)), 0.1);
  EXPECT_DOUBLE_EQ(containment({}, sketch_text(chinese)), 0);
}

TEST(Containment, HoldsForTextsFarLongerThanASketch) {
  std::string article;
  for (int i = 0; i < 5'000; ++i)
    article += fmt::format("word{} ", i * 7919 % 100'003);
  std::string menu;
  for (int i = 0; i < 1'000; ++i)
    menu += fmt::format("menu{} ", i * 104'729 % 1'000'003);
  EXPECT_GT(containment(sketch_text(article), sketch_text(article + menu)), 0.9);
  EXPECT_LT(containment(sketch_text(article), sketch_text(menu)), 0.3);
}

TEST(TitlesMatch, ByALongWordOrByPairsOfIdeographs) {
  EXPECT_TRUE(titles_match("Harbour reopens", "HARBOUR news"));
  EXPECT_FALSE(titles_match("The end", "The bird"));
  EXPECT_TRUE(titles_match("港口重新開放", "港口重新開放 - 日報"));
  EXPECT_FALSE(titles_match("港口重新開放", "訪問被拒絕"));
  EXPECT_TRUE(titles_match("Порт открыт", "порт открыт"));
  EXPECT_FALSE(titles_match("", ""));
}

TEST(IsSamePage, IsOonisTestOfAMeasurementAgainstAControl) {
  const PageLook page = look(10'000, "Harbour reopens", "");
  PageLook other = look(8'000, "Another thing", "");
  EXPECT_TRUE(is_same_page(page, other)) << "alike in length";
  other = look(2'000, "Access is barred", "");
  EXPECT_FALSE(is_same_page(page, other));
  other.title = "The harbour";
  EXPECT_TRUE(is_same_page(page, other)) << "a word of the title";
  other = look(2'000, "Access is barred", "");
  PageLook with_header = page;
  with_header.header_names.emplace_back("x-press-room");
  other.header_names.emplace_back("x-press-room");
  EXPECT_TRUE(is_same_page(with_header, other)) << "an uncommon header";
  other.status = 403;
  EXPECT_FALSE(is_same_page(with_header, other)) << "another status";
}

TEST(IsSamePage, IsNotMisledByAGeoBlockOfTheSameHost) {
  PageLook page = look(5'000, "港口重新開放", chinese);
  PageLook block = look(4'800, "港口日報", other_chinese);
  page.header_names.emplace_back("x-press-room");
  block.header_names.emplace_back("x-press-room");
  EXPECT_FALSE(is_same_page(page, block));
  EXPECT_TRUE(is_same_page(page, look(6'000, "港口", chinese + "廣告" + other_chinese)));
}

}  // namespace
}  // namespace dandelion
