// SPDX-License-Identifier: MIT
#include "cli/archive_progress.hpp"

#include <iostream>

#include <unistd.h>

#include "cli/size_text.hpp"
#include "core/log.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

constexpr std::chrono::seconds rated{5};
constexpr std::chrono::milliseconds often{100};

void add(std::string& list, std::size_t count, std::string_view what) {
  if (count > 0) list += fmt::format("{}{} {}", list.empty() ? "" : ", ", count, what);
}

}  // namespace

std::string ArchiveProgressLine::update(const ArchiveCounts& counts, Moment now) {
  came_.emplace_back(now, counts.bytes);
  while (came_.size() > 1 && now - came_[1].first >= rated)
    came_.pop_front();
  std::string line = fmt::format("{} kept", counts.kept);
  add(line, counts.same, "as they were");
  add(line, counts.failed, "failed");
  add(line, counts.running, "running");
  add(line, counts.waiting, "waiting");
  line += "; " + size_text(static_cast<double>(counts.bytes));
  const std::chrono::duration<double> since = now - came_.front().first;
  if (since.count() > 0.5) {
    const auto lately = static_cast<double>(counts.bytes - came_.front().second);
    line += fmt::format(", {}/s", size_text(lately / since.count()));
  }
  return line;
}

std::string archive_summary(const ArchiveCounts& counts) {
  std::string line = fmt::format("{} kept", counts.kept);
  add(line, counts.same, "as they were");
  add(line, counts.failed, "failed");
  add(line, counts.running + counts.waiting, "not done");
  return line;
}

ArchiveProgress::ArchiveProgress(bool quiet)
    : quiet_(quiet), is_on_terminal_(!quiet && ::isatty(STDERR_FILENO) != 0) {}

void ArchiveProgress::came(std::size_t bytes) {
  counts.bytes += bytes;
  if (is_on_terminal_ && std::chrono::steady_clock::now() - shown_ >= often) show();
}

void ArchiveProgress::show() {
  if (!is_on_terminal_) return;
  shown_ = std::chrono::steady_clock::now();
  std::cerr << "\r\x1b[K" << line_.update(counts, shown_) << std::flush;
}

void ArchiveProgress::clear() {
  if (is_on_terminal_) std::cerr << "\r\x1b[K" << std::flush;
}

void ArchiveProgress::say(const std::string& line) {
  if (quiet_) return;
  clear();
  std::cout << line << std::endl;
  show();
}

void ArchiveProgress::failed(const std::string& url, const Error& error) {
  ++counts.failed;
  // Of a page that moved the message names the last place alone.
  const std::string asked = redact_url(url);
  const bool names_it = error.message.starts_with(asked + ":");
  failures_.push_back(names_it ? error.message : asked + ": " + error.message);
  show();
}

void ArchiveProgress::finish() {
  clear();
  for (const std::string& failure : failures_)
    log_error("{}", failure);
  const bool was_one = counts.kept + counts.same + counts.failed <= 1;
  if (!was_one || counts.running + counts.waiting > 0) log_info("{}", archive_summary(counts));
}

}  // namespace dandelion
