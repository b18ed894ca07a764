// SPDX-License-Identifier: MIT
#include "fetch/response_header.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

ResponseHeader taken(const std::vector<std::string>& lines) {
  ResponseHeader header;
  for (const std::string& line : lines)
    EXPECT_TRUE(header.take_line(line + "\r\n"));
  return header;
}

TEST(ResponseHeader, TakesWhatWeActOnWhateverItsCase) {
  const auto header =
      taken({"HTTP/1.1 200 OK", "CONTENT-TYPE:text/html", "ETag:  \"a\" ",
             "last-modified: Tue, 24 Nov 2026 00:00:00 GMT", "Location: /x", "Retry-After: 5", ""});
  EXPECT_EQ(header.content_type, "text/html");
  EXPECT_EQ(header.validators.etag, "\"a\"");
  EXPECT_EQ(header.validators.last_modified, "Tue, 24 Nov 2026 00:00:00 GMT");
  EXPECT_EQ(header.location, "/x");
  EXPECT_EQ(header.retry_after, "5");
}

TEST(ResponseHeader, BeginsAnewWithEachStatusLine) {
  const auto header = taken({"HTTP/1.1 103 Early Hints", "ETag: \"early\"", "Link: </a>", "",
                             "HTTP/1.1 200 OK", "Server: x", ""});
  EXPECT_EQ(header.validators.etag, "");
  EXPECT_EQ(header.names, std::vector<std::string>{"server"});
}

TEST(ResponseHeader, KeepsNoValidatorThatCouldNotBeSentBack) {
  EXPECT_EQ(taken({std::string("ETag: \"a\x01\"")}).validators.etag, "");
  EXPECT_EQ(
      taken({"ETag: " + std::string(ResponseHeader::max_validator_bytes + 1, 'e')}).validators.etag,
      "");
  EXPECT_EQ(
      taken({"ETag: " + std::string(ResponseHeader::max_validator_bytes, 'e')}).validators.etag,
      std::string(ResponseHeader::max_validator_bytes, 'e'));
}

TEST(ResponseHeader, ListsEachNameOnceAndNothingThatIsNone) {
  const auto header = taken({"A: 1", "a: 2", " folded: 3", "no colon", "bad name: 4", ": 5"});
  EXPECT_EQ(header.names, std::vector<std::string>{"a"});
}

TEST(ResponseHeader, EndsAtItsLimit) {
  ResponseHeader header;
  const std::string line = "X: " + std::string((64U << 10) - 3, 'x');
  for (int i = 0; i < 4; ++i)
    EXPECT_TRUE(header.take_line(line));
  EXPECT_FALSE(header.take_line("Y"));
  // A new status line does not open it again.
  EXPECT_FALSE(header.take_line("HTTP/1.1 200 OK"));
}

}  // namespace
}  // namespace dandelion
