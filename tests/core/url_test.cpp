// SPDX-License-Identifier: MIT
#include "core/url.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(ParseUrl, TakesAnAddressApart) {
  const auto url = parse_url("HTTPS://User:pw@Example.ORG:8443/gb/23/n1.tar.gz?q=1#top");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "example.org");
  EXPECT_EQ(url->authority(), "example.org:8443");
  EXPECT_EQ(url->query, "q=1");
  EXPECT_EQ(url->fragment, "top");
  EXPECT_EQ(url->stem(), "n1.tar");
}

TEST(ParseUrl, LeavesOutTheSchemesOwnPort) {
  EXPECT_EQ(parse_url("http://a.example:80/")->authority(), "a.example");
}

TEST(ParseUrl, RefusesWhatIsNoWebAddress) {
  for (const char* text : {"", "example.org/page", "file:///etc/passwd", "javascript:alert(1)",
                           "/relative", "http://"}) {
    EXPECT_FALSE(parse_url(text)) << text;
  }
  EXPECT_FALSE(parse_url("http://a.example/" + std::string(9000, 'x')));
}

TEST(ParseUrl, NeverRepeatsAPassword) {
  const auto url = parse_url("ftp://me:hunter2@host.example/");
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos);
}

TEST(Stem, IsTheLastSegmentWithoutItsExtension) {
  EXPECT_EQ(parse_url("https://e.example/gb/23/9/27/n14082272.htm")->stem(), "n14082272");
  EXPECT_EQ(parse_url("https://e.example/story/")->stem(), "story");
  EXPECT_EQ(parse_url("https://e.example/")->stem(), "");
}

TEST(ResolveUrl, FollowsRfc3986) {
  const char* base = "https://e.example/a/b/c.htm?x=1";
  EXPECT_EQ(resolve_url(base, "../d.htm"), "https://e.example/a/d.htm");
  EXPECT_EQ(resolve_url(base, "/d?y#z"), "https://e.example/d?y#z");
  EXPECT_EQ(resolve_url(base, "//cdn.example/i.png"), "https://cdn.example/i.png");
  EXPECT_EQ(resolve_url(base, " \n https://o.example/p \t"), "https://o.example/p");
  EXPECT_EQ(resolve_url(base, "mailto:a@b.example"), std::nullopt);
  EXPECT_EQ(resolve_url(base, "java\tscript:alert(1)"), std::nullopt);
}

TEST(RedactUrl, TakesOutUserAndPassword) {
  EXPECT_EQ(redact_url("https://me:p@ss@host.example/x@y"), "https://host.example/x@y");
  EXPECT_EQ(redact_url("https://host.example/x@y"), "https://host.example/x@y");
}

TEST(PrintableUrl, CannotEndWhatItStandsIn) {
  EXPECT_EQ(printable_url("http://e.example/a\"><b>`[x]"),
            "http://e.example/a%22%3E%3Cb%3E%60%5Bx%5D");
}

}  // namespace
}  // namespace dandelion
