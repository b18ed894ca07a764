// SPDX-License-Identifier: MIT
#include "html/character_references.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace dandelion::html {
namespace {

std::string decoded(std::string_view text, ReferencePlace place = ReferencePlace::text) {
  std::string out;
  append_decoded(out, text, place);
  return out;
}

TEST(CharacterReferences, AreReadByName) {
  EXPECT_EQ(decoded("&lt;a&amp;b&gt; &nbsp;&hellip;"), "<a&b> \u00A0\u2026");
  EXPECT_EQ(decoded("&AElig;&zwnj;&zwj;&Zfr;"), "\u00C6\u200C\u200D\u2128");  // first and last
  EXPECT_EQ(decoded("&nGt;&NotEqualTilde;"), "\u226B\u20D2\u2242\u0338");
  EXPECT_EQ(decoded("&CounterClockwiseContourIntegral;"), "\u2233");
}

TEST(CharacterReferences, AreAsLongAsANameCanBe) {
  EXPECT_EQ(decoded("&notit; &notin; &not;"), "\u00ACit; \u2209 \u00AC");
  EXPECT_EQ(decoded("&ampamp;"), "&amp;");
}

TEST(CharacterReferences, StayWhereThereIsNone) {
  for (const char* text :
       {"", "&", "&&", "& amp;", "&xyzzy;", "&#", "&#;", "&#x", "&#xg;", "&hellip", "&1;"}) {
    EXPECT_EQ(decoded(text), text);
  }
}

TEST(CharacterReferences, InAnAttributeMayBePartOfAnAddress) {
  EXPECT_EQ(decoded("?a=1&copy=2&reg2&lt", ReferencePlace::attribute), "?a=1&copy=2&reg2<");
  EXPECT_EQ(decoded("&copy;=&copy.", ReferencePlace::attribute), "\u00A9=\u00A9.");
  EXPECT_EQ(decoded("?a=1&copy=2"), "?a=1\u00A9=2");
}

TEST(CharacterReferences, AreReadByNumber) {
  EXPECT_EQ(decoded("&#65;&#x42;&#X43&#068;"), "ABCD");
  EXPECT_EQ(decoded("&#128;&#x9f;&#x81;"), "\u20AC\u0178\u0081");
  EXPECT_EQ(decoded("&#0;&#xD800;&#x110000;&#99999999999999999999;"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decoded("&#x1F33C;"), "\U0001F33C");
}

}  // namespace
}  // namespace dandelion::html
