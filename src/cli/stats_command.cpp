// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <iostream>
#include <set>

#include <CLI/CLI.hpp>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/named_values.hpp"
#include "core/log.hpp"
#include "core/mirror_name.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "pipeline/page_build.hpp"
#include "state/store.hpp"
#include "stats/stats_report.hpp"

namespace dandelion {
namespace {

enum class Format { table, csv, json };

struct StatsOptions {
  std::vector<std::string> logs;
  Format format = Format::table;
  std::size_t top = 20;
};

std::size_t terminal_width() {
  winsize size{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): there is no other way to ask
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

// What the counter is asked for when a page is read, for every page of the configuration's sites:
// so that a log's paths become pages, opaque ones too.
using KnownPages = std::map<std::string, CountedPage>;

Result<KnownPages> known_pages(const Config& config) {
  KnownPages known;
  auto store = Store::open(config.state, Store::Mode::read_only);
  if (!store) return tl::unexpected(store.error());
  for (const SiteConfig& site : config.sites) {
    if (site.pixel.empty()) continue;
    const SiteContext context = site_context(site);
    // The repository's own pages, of which a reader may have a copy too, bear the mark.
    std::set<std::string> mirrors = {std::string(mirror_name_mark)};
    if (site.pixel.find("{mirror}") != std::string::npos) {
      for (const std::string& mirror : site.mirrors)
        mirrors.insert(percent_encode(mirror));
    }
    auto pages = store->pages(site.name);
    if (!pages) return tl::unexpected(pages.error());
    for (const PageRecord& page : *pages) {
      const std::string address = fill_pattern(
          site.pixel, site.name, {page.category, page.id, page.path}, true, context.pixel_key);
      for (const std::string& mirror : mirrors) {
        const auto asked = parse_url(replace_all(address, mirror_name_mark, mirror));
        if (asked) known[asked->path] = {{}, site.name, page.path, page.title, {}};
      }
    }
  }
  return known;
}

void name_pages(StatsReport& report, const KnownPages& known) {
  for (CountedPage& page : report.pages) {
    const auto found = known.find(page.address);
    if (found == known.end()) continue;
    page.site = found->second.site;
    page.path = found->second.path;
    page.title = found->second.title;
  }
}

ExitCode stats(const StatsOptions& options, const Runtime& runtime) {
  std::optional<Config> config;
  std::error_code ignored;
  if (!runtime.config_option.empty() || std::filesystem::exists(runtime.config_path(), ignored)) {
    config = load_checked_config(runtime);
    if (!config) return ExitCode::usage;
  }
  PageCounts counts;
  for (const std::string& log : options.logs) {
    if (auto read = counts.read(log); !read) return report(read.error());
  }
  StatsReport totals = report_of(counts, options.top);
  if (config) {
    auto known = known_pages(*config);
    if (!known) return report(known.error());
    name_pages(totals, *known);
  }
  switch (options.format) {
    case Format::table:
      std::cout << stats_table(totals, terminal_width());
      break;
    case Format::csv:
      std::cout << stats_csv(totals);
      break;
    case Format::json:
      std::cout << stats_json(totals);
      break;
  }
  if (totals.passed_over > 0)
    log_info("{} of {} lines show no page and were passed over", counts.passed_over(),
             counts.lines());
  return ExitCode::done;
}

}  // namespace

void add_stats_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<StatsOptions>();
  CLI::App* command = app.add_subcommand(
      "stats", "Count readers in the counter host's access logs, without keeping an address");
  command
      ->add_option("LOG", options->logs,
                   "Access logs: combined or JSON, gzip or not; - is standard input")
      ->required()
      ->type_name("");
  command->add_option("--format", options->format, "table, csv or json")
      ->transform(named_values<Format>(
          {{"table", Format::table}, {"csv", Format::csv}, {"json", Format::json}}))
      ->type_name("FORMAT");
  command->add_option("--top", options->top, "So many pages, the most read (default 20; 0: all)")
      ->type_name("N");
  command->callback([options, &runtime] { runtime.exit_code = stats(*options, runtime); });
}

}  // namespace dandelion
