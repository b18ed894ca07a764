// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "pipeline/run.hpp"

namespace dandelion {

// The line that a person sees while mirrors are pushed: "news/github: 40 %, 3.2 MiB, 1.1 MiB/s; …".
class PushProgressLine {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  // Takes what a push says of itself at a moment, and gives the line as it is then: every mirror
  // that is not done, in the order of their names.
  [[nodiscard]] std::string update(const std::string& mirror, const PushProgress& progress,
                                   Moment now);

 private:
  struct State {
    PushProgress progress;
    Moment began;
  };
  std::map<std::string, State> mirrors_;
};

// Writes that line on a terminal, over and over; an empty listener where there is none, or where
// `quiet` asks for silence.
[[nodiscard]] PushListener push_progress_on_terminal(bool quiet);

}  // namespace dandelion
