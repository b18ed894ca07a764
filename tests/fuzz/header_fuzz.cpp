// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fetch/response_header.hpp"
#include "fetch/retry_delay.hpp"

// Whatever the lines of a header: bounded, and nothing in it that could not go into a request.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  dandelion::ResponseHeader header;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    if (!header.take_line(line)) break;
    text.remove_prefix(line.size());
  }
  for (const std::string* value : {&header.validators.etag, &header.validators.last_modified}) {
    if (value->size() > dandelion::ResponseHeader::max_validator_bytes) std::abort();
    if (value->find_first_of("\r\n") != std::string::npos) std::abort();
  }
  if (header.names.size() > dandelion::ResponseHeader::max_names) std::abort();
  const dandelion::Timestamp now{std::chrono::seconds(1'800'000'000)};
  const auto wait = dandelion::parse_retry_after(header.retry_after, now);
  if (wait && wait->count() < 0) std::abort();
  return 0;
}
