// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "archive/page_capture.hpp"

namespace dandelion {

// An answer that came whole, and where its record lies in the file: what an index says of it.
struct WarcResponse {
  std::string url;  // without user name and password
  Timestamp time;
  int status = 0;
  std::string media_type;      // may be empty
  std::string payload_digest;  // "sha256:" and 64 hex digits
  std::size_t offset = 0;      // of the record's gzip member, in bytes
  std::size_t length = 0;      // in bytes
};

struct WarcFile {
  std::string bytes;
  std::vector<WarcResponse> responses;  // in the order of the file
};

// The page's exchanges as a WARC file (WARC 1.1, ISO 28500:2017), every record a gzip member of its
// own: a warcinfo, then for each exchange its response and its request as they went over the wire,
// then what a browser made of
// the page, as a conversion of its response, and metadata of the page (its certificates). Dates are
// those that the responses carry, names of records come from what they hold: the same exchanges
// give the same bytes. HTTP/2 messages are written as HTTP/1.1, since WARC knows no other, and
// marked `WARC-Protocol: h2`.
[[nodiscard]] WarcFile warc_of(const CapturedPage& captured);

}  // namespace dandelion
