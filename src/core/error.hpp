// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <tl/expected.hpp>

namespace dandelion {

// What a caller can do about it, not which library complained. Branch on this, never on the
// message.
enum class ErrorKind {
  bad_input,  // our configuration or arguments: mend and rerun
  not_found,  // the origin says the page is gone (404, 410), or a file is not there
  refused,    // someone blocks us (401, 403, 451), or a rule of ours forbids it
  transient,  // time-out, 429, 5xx, a broken connection: the same request may work later
  too_large,  // a limit of ours was reached
  malformed,  // what came is not what it says it is: a page without the body, a broken feed
  storage,    // disk, SQLite or Git said no
  conflict,   // someone else moved what we were about to change
  stopped,    // the user asked us to stop
};

struct Error {
  ErrorKind kind;
  std::string message;
  std::chrono::seconds retry_after{0};  // with `transient`: how long the other side asked to wait
};

template <typename T>
using Result = tl::expected<T, Error>;

// An Error to return from a function that returns a Result.
template <typename... Args>
[[nodiscard]] tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> format,
                                         Args&&... args) {
  return tl::unexpected(Error{kind, fmt::format(format, std::forward<Args>(args)...)});
}

// Keeps the kind and says where we were: "push backup: host unreachable".
[[nodiscard]] tl::unexpected<Error> within(std::string_view where, Error error);

}  // namespace dandelion
