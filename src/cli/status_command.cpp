// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "pipeline/status.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

ordered_json time_or_null(const std::optional<Timestamp>& time) {
  return time ? ordered_json(format_rfc3339(*time)) : ordered_json(nullptr);
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string_view health(const MirrorStatus& mirror) {
  if (!mirror.record.error.empty()) return "failing";
  if (mirror.record.commit.empty()) return "never pushed";
  return mirror.behind ? "behind" : "up to date";
}

ordered_json to_json(const SiteStatus& site) {
  ordered_json mirrors = ordered_json::array();
  for (const MirrorStatus& mirror : site.mirrors) {
    mirrors.push_back({{"name", mirror.name},
                       {"url", mirror.url},
                       {"health", health(mirror)},
                       {"commit", text_or_null(mirror.record.commit)},
                       {"pushed", time_or_null(mirror.record.pushed)},
                       {"behind", mirror.behind},
                       {"error", text_or_null(mirror.record.error)}});
  }
  ordered_json failures = ordered_json::array();
  for (const FailureRecord& failure : site.failures) {
    failures.push_back({{"url", failure.url},
                        {"message", failure.message},
                        {"attempts", failure.attempts},
                        {"last_try", format_rfc3339(failure.last_try)}});
  }
  return {{"name", site.name},
          {"repository", site.repository},
          {"head", text_or_null(site.head)},
          {"last_run", time_or_null(site.record.last_run)},
          {"next_due", time_or_null(site.next_due)},
          {"pages", site.counts.pages},
          {"error", text_or_null(site.record.last_error)},
          {"failures", std::move(failures)},
          {"mirrors", std::move(mirrors)}};
}

void print_table(const std::vector<SiteStatus>& sites) {
  constexpr auto row = "{:<20} {:<20} {:>7} {:>7}  {}\n";
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), row, "SITE", "LAST RUN", "PAGES", "FAILED", "HEAD");
  for (const SiteStatus& site : sites) {
    const auto& last = site.record.last_run;
    fmt::format_to(std::back_inserter(out), row, site.name, last ? format_rfc3339(*last) : "never",
                   site.counts.pages, site.counts.failures,
                   site.head.empty() ? "-" : site.head.substr(0, 10));
    for (const MirrorStatus& mirror : site.mirrors) {
      const auto& pushed = mirror.record.pushed;
      fmt::format_to(std::back_inserter(out), "  {:<18} {:<20} {}{}\n", mirror.name,
                     pushed ? format_rfc3339(*pushed) : "never", health(mirror),
                     mirror.record.error.empty() ? "" : ": " + mirror.record.error);
    }
    if (!site.record.last_error.empty()) {
      fmt::format_to(std::back_inserter(out), "  error: {}\n", site.record.last_error);
    }
    for (const FailureRecord& failure : site.failures) {
      fmt::format_to(std::back_inserter(out), "  failed: {}: {} ({} {})\n", failure.url,
                     failure.message, failure.attempts, failure.attempts == 1 ? "try" : "tries");
    }
  }
  std::cout << fmt::to_string(out);
}

ExitCode status(bool as_json, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  auto sites = read_status(*config);
  if (!sites) return report(sites.error());
  if (!as_json) {
    print_table(*sites);
    return ExitCode::done;
  }
  ordered_json list = ordered_json::array();
  for (const SiteStatus& site : *sites)
    list.push_back(to_json(site));
  std::cout << ordered_json{{"sites", std::move(list)}}.dump(2, ' ', false,
                                                             ordered_json::error_handler_t::replace)
            << '\n';
  return ExitCode::done;
}

}  // namespace

void add_status_command(CLI::App& app, Runtime& runtime) {
  auto as_json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("status", "Show sites and mirrors: last run, pages, failures, health");
  command->add_flag("--json", *as_json, "As one JSON object");
  command->callback([as_json, &runtime] { runtime.exit_code = status(*as_json, runtime); });
}

}  // namespace dandelion
