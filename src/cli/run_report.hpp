// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/runtime.hpp"
#include "pipeline/run.hpp"

namespace dandelion {

// "; pushed to one, two; FAILED: three": one clause for each state that some mirror is in.
[[nodiscard]] std::string mirrors_sentence(const SiteOutcome& site);

// Logs what failed, mirror by mirror.
void log_mirror_failures(const SiteOutcome& site);

[[nodiscard]] ExitCode exit_code_of(const RunReport& report);

}  // namespace dandelion
