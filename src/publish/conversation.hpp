// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// A line to a git server on which all of a push or a fetch is said, both ways, as over ssh. It is
// hung up with the object.
class Conversation {
 public:
  Conversation() = default;
  virtual ~Conversation() = default;
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;
  Conversation(Conversation&&) = delete;
  Conversation& operator=(Conversation&&) = delete;

  // All of it. transient where the other side hangs up or nothing moves for `patience`; stopped
  // where the user asks us to.
  [[nodiscard]] virtual Result<void> write(std::string_view bytes,
                                           std::chrono::milliseconds patience) = 0;
  // What there is, at least one byte; 0 at the end. It fails as write() does.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> buffer,
                                                 std::chrono::milliseconds patience) = 0;
  // Why it is at its end where an answer was due.
  [[nodiscard]] virtual Error ended_early() = 0;
};

}  // namespace dandelion
