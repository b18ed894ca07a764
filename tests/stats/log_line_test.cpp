// SPDX-License-Identifier: MIT
#include "stats/log_line.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(ReadLogLine, ReadsTheCombinedFormat) {
  const auto line = read_log_line(
      R"(192.0.2.7 - - [01/Mar/2026:00:30:00 +0100] "GET /s/pages/a/1.md?x=1 HTTP/1.1" 200 43 "-" "Mozilla/5.0 (X11) \"q\" Firefox/140")");
  ASSERT_TRUE(line);
  EXPECT_EQ(line->path, "/s/pages/a/1.md");
  EXPECT_EQ(line->day, "2026-02-28");  // in UTC
  EXPECT_EQ(line->visitor, Visitor::reader);
}

TEST(ReadLogLine, ReadsCaddysAndNginxsJson) {
  const auto caddy = read_log_line(
      R"json({"ts":1772150400.5,"request":{"method":"GET","uri":"/a/1.md?q","headers":{"User-Agent":["github-camo (876de43e)"]}},"status":200})json");
  ASSERT_TRUE(caddy);
  EXPECT_EQ(caddy->path, "/a/1.md");
  EXPECT_EQ(caddy->day, "2026-02-27");
  EXPECT_EQ(caddy->visitor, Visitor::proxy);
  const auto nginx = read_log_line(
      R"({"time_iso8601":"2026-02-27T10:00:00+00:00","request":"GET /b.md HTTP/2.0","status":"404","http_user_agent":"Mozilla/5.0"})");
  ASSERT_TRUE(nginx);
  EXPECT_EQ(nginx->path, "/b.md");
}

TEST(ReadLogLine, CountsOnlyWhatShowedAPage) {
  const std::string begin = "192.0.2.7 - - [01/Mar/2026:00:30:00 +0000] \"";
  EXPECT_FALSE(read_log_line(begin + R"(POST /a HTTP/1.1" 200 43 "-" "Mozilla")"));
  EXPECT_FALSE(read_log_line(begin + R"(GET /a HTTP/1.1" 500 43 "-" "Mozilla")"));
  EXPECT_FALSE(read_log_line(begin + R"(\x16\x03\x01" 400 0 "-" "-")"));
  EXPECT_TRUE(read_log_line(begin + R"(GET /a HTTP/1.1" 404 43 "-" "Mozilla")"));
  EXPECT_FALSE(read_log_line("{"));
  EXPECT_FALSE(read_log_line("[]"));
  EXPECT_FALSE(read_log_line(""));
}

TEST(VisitorOf, KnowsBotsAndProxies) {
  EXPECT_EQ(visitor_of("Mozilla/5.0 (compatible; Googlebot/2.1)"), Visitor::bot);
  EXPECT_EQ(visitor_of("curl/8.5"), Visitor::bot);
  EXPECT_EQ(visitor_of("-"), Visitor::bot);
  EXPECT_EQ(visitor_of("github-camo (1)"), Visitor::proxy);
  EXPECT_EQ(visitor_of("Mozilla/5.0 (Linux; Android 9) Chrome/120 Mobile"), Visitor::reader);
}

}  // namespace
}  // namespace dandelion
