// SPDX-License-Identifier: MIT
#include "cli/run_report.hpp"

namespace dandelion {

std::string mirrors_sentence(const SiteOutcome& site) {
  const auto names = [&site](MirrorOutcome::State state) {
    std::string list;
    for (const MirrorOutcome& mirror : site.mirrors) {
      if (mirror.state == state) list += (list.empty() ? "" : ", ") + mirror.mirror;
    }
    return list;
  };
  std::string sentence;
  const auto add = [&sentence](const std::string& clause, const std::string& list) {
    if (!list.empty()) sentence += fmt::format("; {} {}", clause, list);
  };
  add("pushed to", names(MirrorOutcome::State::pushed));
  add("up to date:", names(MirrorOutcome::State::up_to_date));
  add("not pushed to", names(MirrorOutcome::State::skipped));
  add("FAILED:", names(MirrorOutcome::State::failed));
  return sentence;
}

void log_mirror_failures(const SiteOutcome& site) {
  for (const MirrorOutcome& mirror : site.mirrors) {
    if (mirror.state == MirrorOutcome::State::failed)
      log_error("{}: mirror {}: {}", site.site, mirror.mirror, mirror.message);
  }
}

ExitCode exit_code_of(const RunReport& report) {
  if (report.stopped) return ExitCode::stopped;
  return report.ok() ? ExitCode::done : ExitCode::partly;
}

}  // namespace dandelion
