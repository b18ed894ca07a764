// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// An answer that is no success, and what its meaning depends on.
struct HttpRefusal {
  long status = 0;
  std::string_view mirror;  // the repository's address
  std::string_view url;     // what was asked for, after redirects
  std::string text;         // the body, where it is plain text, redacted
  std::chrono::seconds retry_after{0};
  bool has_token = false;
  bool token_sent = false;  // not to another host
};

// What a Git host means by it, said for the mirror's owner.
[[nodiscard]] Error refusal_error(const HttpRefusal& refusal);

}  // namespace dandelion
