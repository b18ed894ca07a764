// SPDX-License-Identifier: MIT
#include "pipeline/schedule.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

Config config(std::initializer_list<std::chrono::seconds> intervals) {
  Config made;
  made.state = "/srv/m/var/state.db";
  made.output = "/srv/m/var/repos";
  for (const auto every : intervals) {
    SiteConfig site;
    site.every = every;
    made.sites.push_back(site);
  }
  return made;
}

const ScheduleFacts facts{"/usr/bin/dandelion", "/srv/it's 100%/sites.yaml"};

TEST(ScheduleInterval, IsThatOfTheSiteDueMostOften) {
  EXPECT_EQ(schedule_interval(config({})), minutes(30));
  EXPECT_EQ(schedule_interval(config({minutes(0)})), minutes(30));
  EXPECT_EQ(schedule_interval(config({hours(6), minutes(45)})), minutes(30));
  EXPECT_EQ(schedule_interval(config({minutes(1)})), minutes(5));
  EXPECT_EQ(schedule_interval(config({hours(24 * 30)})), hours(24 * 7));
}

TEST(CrontabLine, QuotesForTheShellAndForCron) {
  EXPECT_EQ(crontab_line(config({hours(6)}), facts),
            "0 */6 * * * sleep $(od -An -N2 -tu2 /dev/urandom | awk '{print $1 \\% 600}'); "
            "'/usr/bin/dandelion' run --quiet --config '/srv/it'\\''s 100\\%/sites.yaml'\n");
}

TEST(SystemdUnits, LetARunWriteWhereItHasTo) {
  Config with_mirror = config({hours(1)});
  MirrorSettings mirror;
  mirror.url = "file:///srv/mirrors/one.git";
  mirror.token = SecretSource{SecretSource::Kind::environment, "TOKEN"};
  with_mirror.mirrors.push_back(mirror);
  const std::string units = systemd_units(with_mirror, facts);
  for (const char* wanted :
       {"ReadWritePaths=\"/srv/m/var\" \"/srv/m/var/repos\" \"/srv/mirrors/one.git\"\n",
        "--config \"/srv/it's 100%%/sites.yaml\"\n", "EnvironmentFile=/etc/dandelion.env",
        "NoNewPrivileges=yes", "OnCalendar=hourly", "RandomizedDelaySec=6m"}) {
    EXPECT_NE(units.find(wanted), std::string::npos) << wanted << "\n" << units;
  }
}

}  // namespace
}  // namespace dandelion
