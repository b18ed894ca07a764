// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/json_values.hpp"
#include "pipeline/mirror_life.hpp"
#include "pipeline/status.hpp"

namespace dandelion {
namespace {

using nlohmann::ordered_json;

ordered_json seconds_or_null(const std::optional<std::chrono::seconds>& time) {
  return time ? ordered_json(time->count()) : ordered_json(nullptr);
}

// "3 days", as a person would say it.
std::string age(std::chrono::seconds time) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(time).count();
  if (minutes < 120) return fmt::format("{} min", minutes);
  if (minutes < 48L * 60) return fmt::format("{} h", minutes / 60);
  return fmt::format("{} days", minutes / 60 / 24);
}

std::string_view health(const MirrorStatus& mirror) {
  if (!mirror.record.error.empty()) return "failing";
  if (mirror.record.commit.empty()) return "never pushed";
  return mirror.behind ? "behind" : "up to date";
}

ordered_json to_json(const std::optional<RunRecord>& run) {
  if (!run) return nullptr;
  return {{"started", format_rfc3339(run->started)},
          {"finished", format_rfc3339(run->finished)},
          {"added", run->added},
          {"corrected", run->corrected},
          {"withdrawn", run->withdrawn},
          {"failed", run->failed}};
}

ordered_json history_of(const MirrorStatus& mirror) {
  ordered_json list = ordered_json::array();
  for (const MirrorChange& change : mirror.changes) {
    list.push_back({{"at", format_rfc3339(change.at)},
                    {"since", format_rfc3339(change.since)},
                    {"from", state_or_null(change.from)},
                    {"to", change.to ? state_or_null(change.to) : ordered_json("named")},
                    {"reason", text_or_null(change.detail)}});
  }
  return list;
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
                       {"lag", seconds_or_null(mirror.lag)},
                       {"error", text_or_null(mirror.record.error)},
                       {"spare", mirror.is_spare},
                       {"named", mirror.is_named},
                       {"state", state_or_null(mirror.life.state)},
                       {"since", since_or_null(mirror.life)},
                       {"reason", text_or_null(mirror.life.detail)},
                       {"suspected", suspicions_of(mirror.life)},
                       {"moved_to", text_or_null(mirror.life.moved_to)},
                       {"history", history_of(mirror)}});
  }
  ordered_json failures = ordered_json::array();
  for (const FailureRecord& failure : site.failures) {
    failures.push_back({{"url", failure.url},
                        {"message", failure.message},
                        {"attempts", failure.attempts},
                        {"last_try", format_rfc3339(failure.last_try)},
                        {"next_try", format_rfc3339(failure.next_try)},
                        {"held", failure.held}});
  }
  ordered_json quarantine = ordered_json::array();
  for (const QuarantineRecord& page : site.quarantine) {
    quarantine.push_back({{"url", page.url},
                          {"reason", page.reason},
                          {"first_seen", format_rfc3339(page.first_seen)},
                          {"last_seen", format_rfc3339(page.last_seen)},
                          {"next_try", format_rfc3339(page.next_try)}});
  }
  return {{"name", site.name},
          {"repository", site.repository},
          {"head", text_or_null(site.head)},
          {"last_run", time_or_null(site.record.last_run)},
          {"last", to_json(site.last)},
          {"last_success", time_or_null(site.record.last_success)},
          {"next_due", time_or_null(site.next_due)},
          {"lag", seconds_or_null(site.lag)},
          {"pages", site.counts.pages},
          {"missing", site.counts.missing},
          {"withdrawn", site.counts.withdrawn},
          {"waiting", site.counts.wanted},
          {"error", text_or_null(site.record.last_error)},
          {"failures", std::move(failures)},
          {"quarantine", std::move(quarantine)},
          {"mirrors", std::move(mirrors)}};
}

// "; taken-down since 2026-11-24T14:11:35Z: dmca", and whether readers are told of it.
std::string life_clause(const MirrorStatus& mirror) {
  std::string clause;
  const MirrorLife& life = mirror.life;
  // What a push shows stands in the line already.
  if (life.state && *life.state > MirrorState::behind) {
    clause += fmt::format("; {} since {}{}{}", state_name(*life.state), format_rfc3339(life.since),
                          life.detail.empty() ? "" : ": ", life.detail);
  }
  for (const MirrorSuspicion& suspicion : life.suspicions) {
    clause += fmt::format("; may be {} ({} {} since {})", state_name(suspicion.state),
                          suspicion.sightings, suspicion.sightings == 1 ? "sighting" : "sightings",
                          format_rfc3339(suspicion.first));
  }
  if (!life.moved_to.empty())
    clause += fmt::format("; moved to {}: change its `url`", life.moved_to);
  if (mirror.is_spare) clause += life.is_promoted ? "; a spare that stepped in" : "; a spare";
  return clause;
}

void print_mirror(fmt::memory_buffer& out, const MirrorStatus& mirror) {
  const auto& pushed = mirror.record.pushed;
  fmt::format_to(std::back_inserter(out), "  {:<18} {:<20} {}{}{}{}\n", mirror.name,
                 pushed ? format_rfc3339(*pushed) : "never", health(mirror),
                 mirror.lag ? " for " + age(*mirror.lag) : "",
                 mirror.record.error.empty() ? "" : ": " + mirror.record.error,
                 life_clause(mirror));
}

// What is worth a word beside the numbers of the table.
std::string remarks(const SiteStatus& site) {
  std::string text;
  const auto add = [&text](std::int64_t count, std::string_view what) {
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(site.counts.wanted, "waiting");
  add(site.counts.missing, "missing at the source");
  add(site.counts.withdrawn, "withdrawn at the source");
  add(site.counts.quarantined, "not believed");
  return text;
}

void print_site(fmt::memory_buffer& out, const SiteStatus& site) {
  const auto to = std::back_inserter(out);
  for (const MirrorStatus& mirror : site.mirrors)
    print_mirror(out, mirror);
  if (const std::string text = remarks(site); !text.empty())
    fmt::format_to(to, "  pages: {}\n", text);
  if (!site.record.last_error.empty()) {
    fmt::format_to(to, "  error: {}{}\n", site.record.last_error,
                   site.lag ? fmt::format(" (the last run without one: {} ago)", age(*site.lag))
                            : std::string());
  }
  for (const FailureRecord& failure : site.failures) {
    fmt::format_to(to, "  {}: {}: {} ({} {}, next {})\n", failure.held ? "not checked" : "failed",
                   failure.url, failure.message, failure.attempts,
                   failure.attempts == 1 ? "try" : "tries", format_rfc3339(failure.next_try));
  }
  for (const QuarantineRecord& page : site.quarantine) {
    fmt::format_to(to, "  not believed: {}: {} (since {})\n", page.url, page.reason,
                   format_date(page.first_seen));
  }
}

ordered_json to_json(const ProxyHealth& health) {
  return {{"proxy", health.proxy},
          {"site", health.site},
          {"score", health.score},
          {"last_success", time_or_null(health.last_success)},
          {"last_failure", time_or_null(health.last_failure)},
          {"failures", health.failures},
          {"error", text_or_null(health.last_error)}};
}

void print_proxies(const std::vector<ProxyHealth>& proxies) {
  if (proxies.empty()) return;
  constexpr auto row = "{:<34} {:<16} {:>5}  {:<20} {}\n";
  fmt::memory_buffer out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "\n");
  fmt::format_to(to, row, "PROXY", "FOR", "GOOD", "LAST ANSWER", "LAST FAILURE");
  for (const ProxyHealth& health : proxies) {
    fmt::format_to(to, row, health.proxy, health.site, fmt::format("{:.0f} %", health.score * 100),
                   health.last_success ? format_rfc3339(*health.last_success) : "never",
                   health.last_failure ? fmt::format("{} {}", format_rfc3339(*health.last_failure),
                                                     health.last_error)
                                       : "-");
  }
  std::cout << fmt::to_string(out);
}

void print_table(const std::vector<SiteStatus>& sites) {
  constexpr auto row = "{:<20} {:<20} {:<20} {:>7} {:>7}  {}\n";
  fmt::memory_buffer out;
  fmt::format_to(std::back_inserter(out), row, "SITE", "LAST RUN", "NEXT DUE", "PAGES", "FAILED",
                 "HEAD");
  for (const SiteStatus& site : sites) {
    const auto& last = site.record.last_run;
    fmt::format_to(std::back_inserter(out), row, site.name, last ? format_rfc3339(*last) : "never",
                   site.next_due ? format_rfc3339(*site.next_due) : "each run", site.counts.pages,
                   site.counts.failures, site.head.empty() ? "-" : site.head.substr(0, 10));
    print_site(out, site);
  }
  std::cout << fmt::to_string(out);
}

ExitCode status(bool as_json, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  auto sites = read_status(*config, SystemClock().now());
  if (!sites) return report(sites.error());
  auto proxies = read_proxy_status(*config);
  if (!proxies) return report(proxies.error());
  if (!as_json) {
    print_table(*sites);
    print_proxies(*proxies);
    return ExitCode::done;
  }
  ordered_json list = ordered_json::array();
  for (const SiteStatus& site : *sites)
    list.push_back(to_json(site));
  ordered_json ways = ordered_json::array();
  for (const ProxyHealth& health : *proxies)
    ways.push_back(to_json(health));
  const ordered_json all{{"sites", std::move(list)}, {"proxies", std::move(ways)}};
  std::cout << all.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
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
