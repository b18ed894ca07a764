// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "stats/page_counts.hpp"

namespace dandelion {

// A page of the log, with what the mirror knows of it.
struct CountedPage {
  std::string address;  // the path that was asked for
  std::string site;     // empty where no site's counter has that path
  std::string path;     // of the page in the mirror
  std::string title;
  Count count;
};

struct StatsReport {
  std::vector<CountedPage> pages;  // the most read first, then by address
  std::map<std::string, Count> days;
  std::uint64_t passed_over = 0;
};

// The `top` most read pages (0: all) of the counts.
[[nodiscard]] StatsReport report_of(const PageCounts& counts, std::size_t top);

// For people: the days as bars `width` columns wide, then the pages.
[[nodiscard]] std::string stats_table(const StatsReport& report, std::size_t width);
// RFC 4180: page,site,path,readers,proxies,bots.
[[nodiscard]] std::string stats_csv(const StatsReport& report);
// {"days": [{day, readers, proxies, bots}], "pages": [{address, site, path, title, readers, …}]}
[[nodiscard]] std::string stats_json(const StatsReport& report);

}  // namespace dandelion
