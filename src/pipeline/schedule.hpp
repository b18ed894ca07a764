// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace dandelion {

// What `dandelion schedule` needs to know beside the configuration.
struct ScheduleFacts {
  std::filesystem::path program;  // absolute
  std::filesystem::path config;   // absolute
};

// How often cron or systemd should start a run: as often as the site that is due most often
// (`every:`), rounded to what cron can say; half an hour where none says.
[[nodiscard]] std::chrono::minutes schedule_interval(const Config& config);

// One line for crontab(5), with a random delay so that not all mirrors of the world ask at the full
// hour.
[[nodiscard]] std::string crontab_line(const Config& config, const ScheduleFacts& facts);

// A service and a timer for systemd, hardened: the whole system read-only but for the folders of
// state and repositories, no new privileges, a /tmp of its own. With both file names, as comments.
[[nodiscard]] std::string systemd_units(const Config& config, const ScheduleFacts& facts);

}  // namespace dandelion
