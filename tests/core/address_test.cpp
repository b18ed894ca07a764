// SPDX-License-Identifier: MIT
#include "core/address.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(NormalizeAddress, GivesAllSpellingsOfAnAddressOneForm) {
  for (const char* spelling :
       {"https://e.example/a/b%7Ec?x=1", "HTTPS://E.EXAMPLE:443/a/./d/../b~c?x=1#part",
        "https://user:secret@e.example/a/%62~c?x=1&utm_source=feed", "https://e.example/a/b~c?&x=1",
        "https://e.example/a/b~c?fbclid=Iw&x=1&UTM_Medium=rss"}) {
    EXPECT_EQ(normalize_address(spelling), "https://e.example/a/b~c?x=1") << spelling;
  }
}

TEST(NormalizeAddress, KeepsWhatMayMeanAnotherPage) {
  EXPECT_EQ(normalize_address("http://e.example:8080/A/"), "http://e.example:8080/A/");
  EXPECT_EQ(normalize_address("http://e.example/a?b=2&a=1"), "http://e.example/a?b=2&a=1");
  EXPECT_EQ(normalize_address("http://e.example/a%2Fb"), "http://e.example/a%2Fb");
  EXPECT_EQ(normalize_address("http://e.example/a?source=x&ref=y"),
            "http://e.example/a?source=x&ref=y");
}

TEST(NormalizeAddress, EncodesWhatStandsInAnAddressByMistake) {
  EXPECT_EQ(normalize_address("http://e.example/中 文"), "http://e.example/%E4%B8%AD%20%E6%96%87");
  EXPECT_EQ(normalize_address("http://e.example/%e4%b8%ad"), "http://e.example/%E4%B8%AD");
}

TEST(NormalizeAddress, ChangesNothingTheSecondTime) {
  for (const char* url : {"http://e.example/%2e%2e/x", "http://e.example/a%zz%4",
                          "http://e.example/%3%30", "http://5%2E0/t", "http://e.example",
                          "http://e.example/?utm_id=1", "http://[::1]:80/a?%3f=%26"}) {
    const auto once = normalize_address(url);
    ASSERT_TRUE(once) << url;
    EXPECT_EQ(normalize_address(*once), once) << url;
  }
}

TEST(NormalizeAddress, TakesWebAddressesAlone) {
  EXPECT_FALSE(normalize_address("ftp://e.example/"));
  EXPECT_FALSE(normalize_address("/a"));
  EXPECT_FALSE(normalize_address(""));
}

TEST(SameSite, IgnoresSchemeAndWww) {
  EXPECT_TRUE(same_site("http://www.e.example/a", "https://e.example/b"));
  EXPECT_FALSE(same_site("http://e.example/a", "http://f.example/a"));
  EXPECT_FALSE(same_site("http://e.example/a", "http://e.example:81/a"));
}

TEST(IsFrontPage, TakesAddressesWithoutPathAndQuery) {
  EXPECT_TRUE(is_front_page("https://e.example"));
  EXPECT_TRUE(is_front_page("https://e.example/"));
  EXPECT_FALSE(is_front_page("https://e.example/?id=1"));
  EXPECT_FALSE(is_front_page("https://e.example/a"));
}

}  // namespace
}  // namespace dandelion
