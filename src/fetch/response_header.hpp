// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/transfer_engine.hpp"

namespace dandelion {

// What we act on in a response's header (RFC 9112, 2.1), taken line by line from libcurl. A new
// status line begins anew: what came before belonged to a 1xx answer or to a proxy's.
struct ResponseHeader {
  static constexpr std::size_t max_bytes = 256U << 10;  // of all lines together
  static constexpr std::size_t max_names = 100;
  static constexpr std::size_t max_validator_bytes = 1U
                                                     << 10;  // we send it back: longer is dropped

  std::string content_type;
  std::string content_encoding;
  std::string location;
  std::string retry_after;
  Validators validators;
  std::vector<std::string> names;  // of all fields, in lower case, each once
  std::size_t bytes = 0;

  // false where the header is larger than any honest one; nothing more may be taken then.
  [[nodiscard]] bool take_line(std::string_view line);
};

}  // namespace dandelion
