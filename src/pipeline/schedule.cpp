// SPDX-License-Identifier: MIT
#include "pipeline/schedule.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/text.hpp"

namespace dandelion {
namespace {

using std::chrono::minutes;

constexpr minutes usual_interval{30};
// What divides an hour or a day, so that cron's fields can say it.
constexpr std::array<int, 15> sayable = {5,   10,  15,  20,  30,   60,   120,  180,
                                         240, 360, 480, 720, 1440, 2880, 10080};

// A word for sh, which cron hands the line to. `%` ends a command in a crontab.
std::string shell_word(const std::string& text) {
  return replace_all("'" + replace_all(text, "'", "'\\''") + "'", "%", "\\%");
}

// A word of ExecStart= (systemd.service(5)): `%` and `$` mean something there.
std::string unit_word(const std::string& text) {
  std::string word = replace_all(replace_all(text, "\\", "\\\\"), "\"", "\\\"");
  word = replace_all(replace_all(word, "%", "%%"), "$", "$$");
  return "\"" + word + "\"";
}

// A path of ReadWritePaths= and its kin.
std::string unit_path(const std::string& text) {
  return "\"" + replace_all(text, "%", "%%") + "\"";
}

// Up to a tenth of the interval, ten minutes at the most.
minutes random_delay(minutes interval) {
  return std::clamp(interval / 10, minutes(1), minutes(10));
}

std::string cron_fields(minutes interval) {
  const auto count = interval.count();
  if (count < 60) return fmt::format("*/{} * * * *", count);
  if (count == 60) return "0 * * * *";
  if (count < 1440) return fmt::format("0 */{} * * *", count / 60);
  if (count == 1440) return "0 4 * * *";
  if (count < 10080) return "0 4 */2 * *";
  return "0 4 * * 1";
}

std::string calendar(minutes interval) {
  const auto count = interval.count();
  if (count < 60) return fmt::format("*:0/{}", count);
  if (count == 60) return "hourly";
  if (count < 1440) return fmt::format("0/{}:00", count / 60);
  if (count == 1440) return "04:00";
  if (count < 10080) return "*-*-1/2 04:00";
  return "Mon 04:00";
}

// Where secrets come from the environment, the unit needs a file that sets them.
bool reads_environment(const Config& config) {
  const auto from_environment = [](const std::optional<SecretSource>& secret) {
    return secret && secret->kind == SecretSource::Kind::environment;
  };
  return from_environment(config.network.proxy_password) ||
         std::any_of(config.mirrors.begin(), config.mirrors.end(),
                     [&](const MirrorSettings& mirror) { return from_environment(mirror.token); });
}

// Folders that a run writes into.
std::set<std::string> written_folders(const Config& config) {
  std::set<std::string> folders = {config.state.parent_path().string(), config.output.string()};
  for (const MirrorSettings& mirror : config.mirrors) {
    if (mirror.url.starts_with('/')) folders.insert(mirror.url);
    if (mirror.url.starts_with("file://")) folders.insert(mirror.url.substr(7));
  }
  return folders;
}

}  // namespace

minutes schedule_interval(const Config& config) {
  minutes shortest{sayable.back()};
  bool any = false;
  for (const SiteConfig& site : config.sites) {
    if (site.every.count() == 0) continue;
    shortest = std::min(shortest, std::chrono::floor<minutes>(site.every));
    any = true;
  }
  if (!any) return usual_interval;
  // Seldom enough for none: a site that is not due is passed over.
  minutes found{sayable.front()};
  for (const int count : sayable) {
    if (minutes(count) <= shortest) found = minutes(count);
  }
  return found;
}

std::string crontab_line(const Config& config, const ScheduleFacts& facts) {
  const minutes interval = schedule_interval(config);
  // No bashism: cron's shell is sh, which has no $RANDOM.
  return fmt::format(
      "{} sleep $(od -An -N2 -tu2 /dev/urandom | awk '{{print $1 \\% {}}}'); {} run "
      "--quiet --config {}\n",
      cron_fields(interval), random_delay(interval).count() * 60,
      shell_word(facts.program.string()), shell_word(facts.config.string()));
}

std::string systemd_units(const Config& config, const ScheduleFacts& facts) {
  const minutes interval = schedule_interval(config);
  std::string folders;
  for (const std::string& folder : written_folders(config))
    folders += (folders.empty() ? "" : " ") + unit_path(folder);
  const std::string environment =
      reads_environment(config)
          ? "# Secrets that sites.yaml names by env:NAME, as NAME=value lines, readable by root "
            "alone.\nEnvironmentFile=/etc/dandelion.env\n"
          : "";
  return fmt::format(
      R"(# /etc/systemd/system/dandelion.service
[Unit]
Description=Mirror with Dandelion
Documentation=man:dandelion(1)
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={} run --quiet --config {}
# Done in part, or stopped with the work saved: told in the log, no failure of the unit.
SuccessExitStatus=4
TimeoutStartSec=6h
TimeoutStopSec=30s
# The user who owns the folders below.
User=dandelion
{}ReadWritePaths={}
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
UMask=0022
Nice=10

# /etc/systemd/system/dandelion.timer
[Unit]
Description=Mirror with Dandelion, every {}

[Timer]
OnCalendar={}
RandomizedDelaySec={}m
Persistent=yes

[Install]
WantedBy=timers.target
)",
      unit_word(facts.program.string()), unit_word(facts.config.string()), environment, folders,
      interval.count() % 60 == 0 ? fmt::format("{} h", interval.count() / 60)
                                 : fmt::format("{} min", interval.count()),
      calendar(interval), random_delay(interval).count());
}

}  // namespace dandelion
