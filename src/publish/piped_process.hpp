// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "core/error.hpp"

namespace dandelion {

// A program that we talk to over its standard input and output. What it says on standard error is
// kept, up to 16 KiB of it. No shell is between us. It is ended with the object, if it did not end
// itself.
class PipedProcess {
 public:
  // `command` is the program, looked for in PATH, and its arguments. Of the environment it sees
  // everything but LANG and LC_*, which ssh would tell to the other side, and with `extra`
  // ("NAME=value") on top. not_found where there is no such program.
  [[nodiscard]] static Result<PipedProcess> start(const std::vector<std::string>& command,
                                                  const std::vector<std::string>& extra = {});

  PipedProcess(PipedProcess&& other) noexcept;
  PipedProcess& operator=(PipedProcess&&) = delete;
  PipedProcess(const PipedProcess&) = delete;
  PipedProcess& operator=(const PipedProcess&) = delete;
  ~PipedProcess();

  // All of it, unless the program ends, nothing moves for `patience`, or the user asks us to stop.
  [[nodiscard]] Result<void> write(std::string_view bytes, std::chrono::milliseconds patience);
  // What there is, at least one byte; 0 at the end.
  [[nodiscard]] Result<std::size_t> read(std::span<char> buffer,
                                         std::chrono::milliseconds patience);
  // No more will be written.
  void close_input();
  // Its exit code once it has ended, which is waited for; 128 and the signal where it was killed.
  [[nodiscard]] int wait();

  [[nodiscard]] const std::string& complaints() const { return complaints_; }

 private:
  PipedProcess(pid_t pid, int in, int out, int err) : pid_(pid), in_(in), out_(out), err_(err) {}
  [[nodiscard]] Result<void> until_ready(bool to_write, std::chrono::milliseconds patience);
  void hear_complaints();

  pid_t pid_;
  int in_;
  int out_;
  int err_;
  std::string complaints_;
};

}  // namespace dandelion
