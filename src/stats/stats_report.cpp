// SPDX-License-Identifier: MIT
#include "stats/stats_report.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

std::string csv_field(const std::string& text) {
  // A spreadsheet takes what begins so for a formula.
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  std::string value = formula ? "'" + text : text;
  if (value.find_first_of(",\"\r\n") == std::string::npos) return value;
  return "\"" + replace_all(value, "\"", "\"\"") + "\"";
}

// What a log holds is a stranger's choice: a terminal obeys control characters.
std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text)
    clean += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? '?' : c;
  return is_utf8(clean) ? clean : replace_all(clean, "\x1B", "?");
}

void set_count(ordered_json& object, const Count& count) {
  object["readers"] = count.readers;
  object["proxies"] = count.proxies;
  object["bots"] = count.bots;
}

std::string bar(std::uint64_t value, std::uint64_t most, std::size_t width) {
  static constexpr std::array<std::string_view, 8> eighths = {"",  "▏", "▎", "▍",
                                                              "▌", "▋", "▊", "▉"};
  const std::uint64_t parts = most == 0 ? 0 : value * width * 8 / most;
  std::string drawn;
  for (std::uint64_t i = 0; i < parts / 8; ++i)
    drawn += "█";
  drawn += eighths.at(parts % 8);
  return drawn.empty() && value > 0 ? std::string("▏") : drawn;
}

}  // namespace

StatsReport report_of(const PageCounts& counts, std::size_t top) {
  StatsReport report;
  report.days = counts.days();
  report.passed_over = counts.passed_over();
  for (const auto& [address, count] : counts.pages())
    report.pages.push_back({address, {}, {}, {}, count});
  std::sort(report.pages.begin(), report.pages.end(),
            [](const CountedPage& a, const CountedPage& b) {
              return a.count.views() != b.count.views() ? a.count.views() > b.count.views()
                                                        : a.address < b.address;
            });
  if (top != 0 && report.pages.size() > top) report.pages.resize(top);
  return report;
}

std::string stats_table(const StatsReport& report, std::size_t width) {
  constexpr std::size_t beside_the_bar = 20;
  std::uint64_t most = 0;
  for (const auto& [day, count] : report.days)
    most = std::max(most, count.views());
  std::string text;
  const std::size_t bars = width > beside_the_bar + 10 ? width - beside_the_bar : 10;
  for (const auto& [day, count] : report.days)
    text += fmt::format("{} {:>8} {}\n", day, count.views(), bar(count.views(), most, bars));
  if (!report.pages.empty())
    text += fmt::format("\n{:>9} {:>9} {:>9}  {}\n", "readers", "proxies", "bots", "page");
  for (const CountedPage& page : report.pages) {
    text += fmt::format("{:>9} {:>9} {:>9}  {}\n", page.count.readers, page.count.proxies,
                        page.count.bots, printable(page.title.empty() ? page.address : page.title));
  }
  return text;
}

std::string stats_csv(const StatsReport& report) {
  std::string text = "page,site,path,readers,proxies,bots\r\n";
  for (const CountedPage& page : report.pages) {
    text +=
        fmt::format("{},{},{},{},{},{}\r\n", csv_field(page.address), csv_field(page.site),
                    csv_field(page.path), page.count.readers, page.count.proxies, page.count.bots);
  }
  return text;
}

std::string stats_json(const StatsReport& report) {
  ordered_json days = ordered_json::array();
  for (const auto& [day, count] : report.days) {
    ordered_json object = {{"day", day}};
    set_count(object, count);
    days.push_back(std::move(object));
  }
  ordered_json pages = ordered_json::array();
  for (const CountedPage& page : report.pages) {
    ordered_json object = {{"address", page.address}};
    const auto set = [&object](const char* name, const std::string& value) {
      object[name] = value.empty() ? ordered_json() : ordered_json(value);
    };
    set("site", page.site);
    set("path", page.path);
    set("title", page.title);
    set_count(object, page.count);
    pages.push_back(std::move(object));
  }
  const ordered_json whole = {{"days", days}, {"pages", pages}};
  return whole.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace dandelion
