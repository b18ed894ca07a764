// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"

namespace dandelion {

// How far the keeping of many pages is.
struct ArchiveCounts {
  std::size_t kept = 0;
  std::size_t same = 0;  // said what their last copy says
  std::size_t failed = 0;
  std::size_t running = 0;
  std::size_t waiting = 0;
  std::uint64_t bytes = 0;  // that came
};

// "12 kept, 1 failed, 4 running, 83 waiting; 12.3 MiB, 310 KiB/s": the rate of the last seconds.
class ArchiveProgressLine {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  [[nodiscard]] std::string update(const ArchiveCounts& counts, Moment now);

 private:
  std::deque<std::pair<Moment, std::uint64_t>> came_;
};

// "12 kept, 3 as they were, 1 failed, 5 not done".
[[nodiscard]] std::string archive_summary(const ArchiveCounts& counts);

// What is heard of it: on standard output a line for each page that is there and nothing else, so
// that scripts can read it; on standard error, where that is a terminal, how far it is, and at the
// end each failure once, and the counts. With `quiet` failures alone.
class ArchiveProgress {
 public:
  explicit ArchiveProgress(bool quiet);

  ArchiveCounts counts;

  void came(std::size_t bytes);
  // Counts have changed.
  void show();
  void say(const std::string& line);
  // `url` as it was asked for.
  void failed(const std::string& url, const Error& error);
  // Takes the line away, so that others may write.
  void clear();
  void finish();

 private:
  const bool quiet_;
  const bool is_on_terminal_;
  ArchiveProgressLine line_;
  ArchiveProgressLine::Moment shown_{};
  std::vector<std::string> failures_;
};

}  // namespace dandelion
