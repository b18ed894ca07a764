// SPDX-License-Identifier: MIT
#include "archive/warc.hpp"

#include <gtest/gtest.h>

#include "core/compression.hpp"
#include "core/sha256.hpp"

namespace dandelion {
namespace {

std::string unpacked(std::string_view gzip_member) {
  std::string text;
  GzipReader reader(1U << 20, [&text](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  });
  EXPECT_TRUE(reader.feed(gzip_member));
  return text;
}

ExchangeFacts facts_of(const std::string& url, const std::string& error = {}) {
  ExchangeFacts facts;
  facts.url = url;
  facts.http_version = "HTTP/1.1";
  facts.error = error;
  return facts;
}

void say(ExchangeLog& log, const std::string& header, const std::string& body,
         const ExchangeFacts& facts) {
  log.request("GET / HTTP/1.1\r\n\r\n");
  log.response_header(header);
  log.response_body(body);
  log.finished(facts);
}

TEST(Warc, SaysWhereEachWholeAnswerLies) {
  CapturedPage captured;
  const auto log = std::make_shared<ExchangeLog>();
  captured.exchanges = {log};
  const std::string date = "Date: Thu, 26 Nov 2026 01:02:03 GMT\r\n";
  say(*log, "HTTP/1.1 302 Found\r\n" + date + "\r\n", "", facts_of("https://e.example/"));
  say(*log, "HTTP/1.1 200 OK\r\n" + date + "\r\n", "ha",
      facts_of("https://e.example/a", "cut off"));
  say(*log,
      "HTTP/1.1 200 OK\r\n" + date +
          "Content-Type: Text/HTML; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n",
      "4\r\nhalf\r\n0\r\n\r\n", facts_of("https://e.example/a"));

  const WarcFile warc = warc_of(captured);

  ASSERT_EQ(warc.responses.size(), 2U);
  EXPECT_EQ(warc.responses[0].status, 302);
  const WarcResponse& answer = warc.responses[1];
  EXPECT_EQ(answer.url, "https://e.example/a");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.media_type, "text/html");
  EXPECT_EQ(answer.payload_digest, "sha256:" + sha256_hex("half"));
  EXPECT_EQ(format_rfc3339(answer.time), "2026-11-26T01:02:03Z");
  const std::string record =
      unpacked(std::string_view(warc.bytes).substr(answer.offset, answer.length));
  EXPECT_TRUE(record.starts_with("WARC/1.1\r\nWARC-Type: response\r\n")) << record;
  EXPECT_TRUE(record.ends_with("4\r\nhalf\r\n0\r\n\r\n\r\n\r\n")) << record;
  EXPECT_EQ(record.find("WARC-Truncated"), std::string::npos);
  EXPECT_NE(unpacked(warc.bytes).find("WARC-Truncated: disconnect"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
