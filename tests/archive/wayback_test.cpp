// SPDX-License-Identifier: MIT
#include "archive/wayback.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string answer(const std::string& closest) {
  return R"({"url": "e.example/", "archived_snapshots": {"closest": )" + closest + "}}";
}

TEST(Wayback, IsAskedAboutTheAddressAndToldNoPassword) {
  EXPECT_EQ(wayback_question("https://me:secret@e.example/a?b=c&d#part"),
            "https://archive.org/wayback/available?url=https%3A%2F%2Fe.example%2Fa%3Fb%3Dc%26d");
}

TEST(Wayback, NamesTheClosestCopyByItsTime) {
  const auto read = read_wayback_answer(
      answer(R"({"status": "200", "available": true, "url": "http://evil.example/",
                 "timestamp": "20130919044612"})"));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ(format_rfc3339((*read)->time), "2013-09-19T04:46:12Z");
  EXPECT_EQ(snapshot_address(**read, "https://e.example/a?b#c"),
            "https://web.archive.org/web/20130919044612id_/https://e.example/a?b");
}

TEST(Wayback, HasNoCopyWhereTheAnswerNamesNone) {
  for (const std::string& text :
       {std::string(R"({"archived_snapshots": {}})"),
        answer(R"({"status": "200", "available": false, "timestamp": "20130919044612"})"),
        answer(R"({"status": "404", "available": true, "timestamp": "20130919044612"})"),
        answer("[]")}) {
    const auto read = read_wayback_answer(text);
    ASSERT_TRUE(read) << text;
    EXPECT_FALSE(*read) << text;
  }
}

TEST(Wayback, AnAnswerThatIsNoneIsRefused) {
  const std::string deep(30'000, '[');
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("<html>"), deep,
        R"({"archived_snapshots": )" + deep, std::string(most_wayback_answer + 1, ' '),
        answer(R"({"status": "200", "available": true, "timestamp": "2013"})"),
        answer(R"({"status": "200", "available": true, "timestamp": "../../../evil.x"})"),
        answer(R"({"status": "200", "available": true, "timestamp": "20131919044612"})"),
        answer(R"({"status": "200", "available": true, "timestamp": 20130919044612})")}) {
    EXPECT_FALSE(read_wayback_answer(text)) << text.substr(0, 100);
  }
}

TEST(Wayback, KnowsItsOwnAddressesAlone) {
  const auto read =
      read_snapshot_address("https://web.archive.org/web/20130919044612id_/http://e.example/a");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->url, "http://e.example/a");
  EXPECT_EQ(read->snapshot.digits, "20130919044612");
  for (const char* other :
       {"https://web.archive.org.evil.example/web/20130919044612id_/http://e.example/",
        "http://web.archive.org/web/20130919044612id_/http://e.example/",
        "https://web.archive.org/web/20130919044612/http://e.example/",
        "https://web.archive.org/web/2013id_/http://e.example/",
        "https://web.archive.org/web/20130919044612id_/file:///etc/passwd",
        "https://web.archive.org/login", ""}) {
    EXPECT_FALSE(read_snapshot_address(other)) << other;
  }
}

}  // namespace
}  // namespace dandelion
