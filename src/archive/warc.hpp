// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "archive/page_capture.hpp"

namespace dandelion {

// The page's exchanges as a WARC file (WARC 1.1, ISO 28500:2017), every record a gzip member of its
// own: a warcinfo, then for each exchange its response and its request as they went over the wire,
// then metadata of the page (its certificates). Dates are those that the responses carry, names of
// records come from what they hold: the same exchanges give the same bytes. HTTP/2 messages are
// written as HTTP/1.1, since WARC knows no other, and marked `WARC-Protocol: h2`.
[[nodiscard]] std::string warc_of(const CapturedPage& captured);

}  // namespace dandelion
