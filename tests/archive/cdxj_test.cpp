// SPDX-License-Identifier: MIT
#include "archive/cdxj.hpp"

#include <gtest/gtest.h>

#include "core/sha256.hpp"

namespace dandelion {
namespace {

// What warcio's getSurt makes of them.
TEST(SearchableUrl, IsTheOneThatReplayProgramsLookUp) {
  EXPECT_EQ(searchable_url("https://www.Example.org/Index.html"), "org,example)/index.html");
  EXPECT_EQ(searchable_url("http://www2.news.example/a?b=2&a=1"), "example,news)/a?a=1&b=2");
  EXPECT_EQ(searchable_url("http://127.0.0.1:8080/x"), "1,0,0,127:8080)/x");
  EXPECT_EQ(searchable_url("https://example.org"), "org,example)/");
  EXPECT_EQ(searchable_url("http://[::1]:80/a"), "[::1])/a");
  EXPECT_EQ(searchable_url("https://wwwhat.example/"), "example,wwwhat)/");
  EXPECT_EQ(searchable_url("https://e.example:443/a?"), "example,e)/a");
  EXPECT_EQ(searchable_url("https://e.example/a?x#f"), "example,e)/a?x");
  EXPECT_EQ(searchable_url("dns:e.example"), "dns:e.example");
}

TEST(Cdxj, HasALineForEachResponseSortedByBytes) {
  const auto time = parse_iso8601("2026-11-26T01:02:03Z").value();
  WarcFile warc;
  warc.bytes = "headone-two";
  warc.responses = {{"https://e.example/b", time, 200, "text/html", "sha256:0b", 4, 4},
                    {"https://e.example/a", time, 404, "", "sha256:0a", 8, 3}};
  EXPECT_EQ(cdxj_of(warc, "data.warc.gz"),
            "example,e)/a 20261126010203 {\"url\":\"https://e.example/a\",\"mime\":\"\","
            "\"status\":404,\"digest\":\"sha256:0a\",\"length\":3,\"offset\":8,"
            "\"filename\":\"data.warc.gz\",\"recordDigest\":\"sha256:" +
                sha256_hex("two") +
                "\"}\n"
                "example,e)/b 20261126010203 {\"url\":\"https://e.example/b\",\"mime\":"
                "\"text/html\",\"status\":200,\"digest\":\"sha256:0b\",\"length\":4,\"offset\":4,"
                "\"filename\":\"data.warc.gz\",\"recordDigest\":\"sha256:" +
                sha256_hex("one-") + "\"}\n");
}

}  // namespace
}  // namespace dandelion
