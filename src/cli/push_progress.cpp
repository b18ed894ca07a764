// SPDX-License-Identifier: MIT
#include "cli/push_progress.hpp"

#include <iostream>
#include <memory>

#include <unistd.h>

#include "cli/size_text.hpp"

namespace dandelion {
namespace {

std::string state_text(const PushProgress& progress, std::chrono::duration<double> since) {
  const std::string share = progress.total == 0
                                ? fmt::format("{} objects", progress.done)
                                : fmt::format("{} %", progress.done * 100 / progress.total);
  if (progress.stage == PushProgress::Stage::packing) return "packing " + share;
  std::string text = fmt::format("{}, {}", share, size_text(static_cast<double>(progress.bytes)));
  if (since.count() > 0.5) {
    text += fmt::format(", {}/s", size_text(static_cast<double>(progress.bytes) / since.count()));
  }
  return text;
}

}  // namespace

std::string PushProgressLine::update(const std::string& mirror, const PushProgress& progress,
                                     Moment now) {
  const auto [at, is_new] = mirrors_.try_emplace(mirror, State{progress, now});
  State& state = at->second;
  // The rate is that of sending; looking for differences comes before it.
  if (progress.stage != state.progress.stage) state.began = now;
  state.progress = progress;
  std::string line;
  for (const auto& [name, each] : mirrors_) {
    const bool done = each.progress.stage == PushProgress::Stage::sending &&
                      each.progress.done == each.progress.total;
    if (done) continue;
    line += fmt::format("{}{}: {}", line.empty() ? "" : "; ", name,
                        state_text(each.progress, now - each.began));
  }
  return line;
}

PushListener push_progress_on_terminal(bool quiet) {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return {};
  struct Shown {
    PushProgressLine line;
    PushProgressLine::Moment at{};
  };
  return [shown = std::make_shared<Shown>()](const std::string& site, const std::string& mirror,
                                             const PushProgress& progress) {
    constexpr std::chrono::milliseconds often{100};
    const auto now = std::chrono::steady_clock::now();
    const std::string line = shown->line.update(site + "/" + mirror, progress, now);
    if (!line.empty() && now - shown->at < often) return;
    shown->at = now;
    std::cerr << "\r\x1b[K" << line << std::flush;
  };
}

}  // namespace dandelion
