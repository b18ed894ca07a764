// SPDX-License-Identifier: MIT
#include "stats/stats_report.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

PageCounts counts() {
  PageCounts made;
  for (int i = 0; i < 3; ++i)
    made.add({"/a", "2026-03-01", Visitor::reader});
  made.add({"/a", "2026-03-02", Visitor::bot});
  made.add({"/b,\x1B[2J", "2026-03-02", Visitor::proxy});
  return made;
}

TEST(StatsReport, PutsTheMostReadFirst) {
  const StatsReport report = report_of(counts(), 1);
  ASSERT_EQ(report.pages.size(), 1U);
  EXPECT_EQ(report.pages[0].address, "/a");
  EXPECT_EQ(report.pages[0].count.views(), 3U);
  EXPECT_EQ(report.pages[0].count.bots, 1U);
  EXPECT_EQ(report.days.at("2026-03-02").views(), 1U);
}

TEST(StatsReport, DrawsDaysAndKeepsTheTerminalWhole) {
  const std::string table = stats_table(report_of(counts(), 0), 40);
  EXPECT_NE(table.find("2026-03-01        3 ████████████████████\n"), std::string::npos) << table;
  EXPECT_EQ(table.find('\x1B'), std::string::npos);
}

TEST(StatsReport, QuotesCsv) {
  EXPECT_EQ(stats_csv(report_of(counts(), 0)),
            "page,site,path,readers,proxies,bots\r\n/a,,,3,0,1\r\n\"/b,\x1B[2J\",,,0,1,0\r\n");
}

}  // namespace
}  // namespace dandelion
