// SPDX-License-Identifier: MIT
#include "core/text.hpp"

#include <array>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(Trim, TakesEveryUnicodeSpaceThatPythonKnows) {
  EXPECT_EQ(trim(" \t\r\n\f\v a b \x1c\x1f "), "a b");
  EXPECT_EQ(trim("\u00a0\u3000\u2028\u205f\u1680\u0085正文\u200a\u202f\u2000"), "正文");
}

TEST(Trim, LeavesCharactersThatOnlyLookLikeSpace) {
  EXPECT_EQ(trim("\u200b a \ufeff"), "\u200b a \ufeff");
  EXPECT_EQ(trim("\xe3\x80"), "\xe3\x80");
}

TEST(CollapseSpace, MakesEveryRunOneBlank) {
  EXPECT_EQ(collapse_space("  a \n\t b\u3000\u3000c  "), "a b c");
  EXPECT_EQ(collapse_space(" \n "), "");
}

TEST(IsUtf8, FollowsTheUnicodeStandard) {
  EXPECT_TRUE(is_utf8("a\u00e9\u4e2d\U0001f33c"));
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_utf8("\xe0\x80\x80"));      // overlong
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xf4\x90\x80\x80"));  // above U+10FFFF
  EXPECT_FALSE(is_utf8("\xe4\xb8"));          // cut short
}

TEST(IsUtf8, LooksAtEveryByte) {
  for (std::size_t at = 0; at < 30; ++at) {
    std::string text(30, 'a');
    text[at] = '\xff';
    EXPECT_FALSE(is_utf8(text)) << at;
    text.replace(at, 1, "\u4e2d");
    EXPECT_TRUE(is_utf8(text)) << at;
  }
}

TEST(AppendUtf8, ReplacesWhatIsNoCharacter) {
  std::string text;
  append_utf8(text, 0x4E2D);
  append_utf8(text, 0xD800);
  append_utf8(text, 0x110000);
  EXPECT_EQ(text, "中\ufffd\ufffd");
}

TEST(NearestWord, FindsTypingMistakesAndKeepsQuietOtherwise) {
  const std::array<std::string_view, 3> known = {"feed", "index", "sitemap"};
  EXPECT_EQ(nearest_word("feeed", known.data(), known.size()), "feed");
  EXPECT_EQ(nearest_word("Index", known.data(), known.size()), "index");
  EXPECT_EQ(nearest_word("colour", known.data(), known.size()), "");
}

TEST(ReplaceAll, ReplacesWithoutReadingItsOwnOutput) {
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "", "x"), "abc");
}

}  // namespace
}  // namespace dandelion
