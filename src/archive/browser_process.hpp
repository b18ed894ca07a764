// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "core/error.hpp"

namespace dandelion {

// The system's Chromium, by one of the names that it goes by, in PATH. bad_input, saying what to
// install, where there is none.
[[nodiscard]] Result<std::string> find_browser();

// A browser that runs for us alone: with a profile of its own in a temporary folder, nothing of the
// user's environment, and the DevTools protocol on a pair of pipes (--remote-debugging-pipe). With
// the object, with this process, or with this thread it is killed, and all that it started; the
// folder goes with the object.
class BrowserProcess {
 public:
  // `arguments` come behind those that name the profile and the pipes.
  [[nodiscard]] static Result<BrowserProcess> start(const std::string& program,
                                                    const std::vector<std::string>& arguments);

  BrowserProcess(BrowserProcess&& other) noexcept;
  BrowserProcess& operator=(BrowserProcess&&) = delete;
  BrowserProcess(const BrowserProcess&) = delete;
  BrowserProcess& operator=(const BrowserProcess&) = delete;
  ~BrowserProcess();

  // Where commands are written to and answers read from; neither blocks.
  [[nodiscard]] int commands() const { return commands_; }
  [[nodiscard]] int answers() const { return answers_; }
  // The last line that it complained with.
  [[nodiscard]] std::string complaint() const;

 private:
  BrowserProcess(std::filesystem::path folder, pid_t pid, int commands, int answers)
      : folder_(std::move(folder)), pid_(pid), commands_(commands), answers_(answers) {}

  std::filesystem::path folder_;
  pid_t pid_;
  int commands_;
  int answers_;
};

}  // namespace dandelion
