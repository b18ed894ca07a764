// SPDX-License-Identifier: MIT
#include "render/search_terms.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using Terms = std::vector<std::string>;

TEST(SearchTerms, AreWordsInSmallLettersWithoutAccents) {
  EXPECT_EQ(search_terms("The HARBOUR's café, naïve; 2026!", 100),
            (Terms{"the", "harbour", "s", "cafe", "naive", "2026"}));
  EXPECT_EQ(search_terms("Ёлка и Йод", 100), (Terms{"елка", "и", "иод"}));
  EXPECT_EQ(search_terms("ﬁne ＡＢＣ", 100), (Terms{"fine", "abc"}));
}

TEST(SearchTerms, ArePairsWhereNoSpacesStandBetweenWords) {
  EXPECT_EQ(search_terms("石桥日报。风", 100), (Terms{"石桥", "桥日", "日报", "报", "风"}));
  EXPECT_EQ(search_terms("用PDF写", 100), (Terms{"用", "pdf", "写"}));
  EXPECT_EQ(search_terms("ラーメン", 100), (Terms{"ラー", "ーメ", "メン", "ン"}));
}

TEST(SearchTerms, ForgetVowelPointsAndTheArabicArticle) {
  EXPECT_EQ(search_terms("الطَّابِعَة طابعة الـــريح", 100), (Terms{"طابعة", "ريح"}));
  EXPECT_EQ(search_terms("أحمد احمد", 100), (Terms{"احمد"}));
}

TEST(SearchTerms, AreNoMoreThanAskedFor) {
  EXPECT_EQ(search_terms("one two three four", 2), (Terms{"one", "two"}));
  EXPECT_EQ(search_terms("", 2), Terms{});
  EXPECT_EQ(search_terms("\xff\xfe --- \xe2\x82", 2), Terms{});
  const std::string endless(1U << 20U, 'x');
  EXPECT_EQ(search_terms(endless, 9).front().size(), 40U);
}

TEST(SearchHash, IsOneForWordsThatBeginAlike) {
  EXPECT_EQ(search_hash("seed"), search_hash("seeds"));
  EXPECT_EQ(search_hash("石桥"), search_hash("石"));
  EXPECT_NE(search_hash("seed"), search_hash("sea"));
}

}  // namespace
}  // namespace dandelion
