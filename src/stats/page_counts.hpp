// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <unordered_map>

#include "core/error.hpp"
#include "stats/log_line.hpp"

namespace dandelion {

struct Count {
  std::uint64_t readers = 0;
  std::uint64_t proxies = 0;
  std::uint64_t bots = 0;

  void add(Visitor visitor);
  // Somebody who reads: bots are not.
  [[nodiscard]] std::uint64_t views() const { return readers + proxies; }
};

// Totals of access logs, and nothing else of them: no address is ever kept or written.
class PageCounts {
 public:
  // Reads a log line by line, compressed by gzip or not; "-" is standard input. Lines that are
  // none are passed over and counted; those above a megabyte are cut. not_found or storage where it
  // cannot be read, malformed where it ends in the middle of its compression.
  [[nodiscard]] Result<void> read(const std::filesystem::path& log);
  void add(const LogLine& line);

  [[nodiscard]] const std::unordered_map<std::string, Count>& pages() const { return pages_; }
  [[nodiscard]] const std::map<std::string, Count>& days() const { return days_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  void take(std::string_view line);

  std::unordered_map<std::string, Count> pages_;  // by path
  std::map<std::string, Count> days_;
  std::uint64_t lines_ = 0;
  std::uint64_t passed_over_ = 0;
};

}  // namespace dandelion
