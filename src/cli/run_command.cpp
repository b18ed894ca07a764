// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/push_progress.hpp"
#include "cli/run_report.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/network_memory.hpp"
#include "pipeline/notify.hpp"
#include "pipeline/run.hpp"

namespace dandelion {
namespace {

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// "3 new pages, 1 corrected", or that there is nothing.
std::string changes_clause(const SiteOutcome& site, bool dry_run) {
  std::string clause;
  const auto add = [&clause](const std::string& part) {
    clause += (clause.empty() ? "" : ", ") + part;
  };
  if (!site.added.empty()) add(counted(site.added.size(), "new page", "new pages"));
  if (dry_run && !site.added.empty()) clause += " would be fetched";
  if (dry_run && site.checked > 0) {
    add(counted(site.checked, "page", "pages") + " would be checked");
  }
  if (!site.corrected.empty()) add(fmt::format("{} corrected", site.corrected.size()));
  if (!site.withdrawn.empty()) add(fmt::format("{} withdrawn", site.withdrawn.size()));
  return clause.empty() ? "nothing new" : clause;
}

std::string site_sentence(const SiteOutcome& site, bool dry_run) {
  if (site.passed_over) return fmt::format("{}: not due before {}", site.site, site.due);
  std::string line = fmt::format("{}: {} ({} listed, {} known", site.site,
                                 changes_clause(site, dry_run), site.listed, site.known);
  if (site.checked > 0 && !dry_run) line += fmt::format(", {} checked", site.checked);
  if (!site.failed.empty()) line += fmt::format(", {} failed", site.failed.size());
  if (site.left > 0) line += fmt::format(", {} left for the next run", site.left);
  line += ")";
  if (dry_run) return line;
  line +=
      site.commit.empty() ? "; no commit" : fmt::format("; commit {}", site.commit.substr(0, 10));
  return line + mirrors_sentence(site);
}

void print_report(const RunReport& report, const RunOptions& options, bool quiet) {
  for (const SiteOutcome& site : report.sites) {
    if (!quiet) {
      std::cout << site_sentence(site, options.dry_run) << '\n';
      if (options.dry_run) {
        for (const std::string& url : site.added)
          std::cout << "  " << url << '\n';
      }
    }
    for (const std::string& error : site.errors)
      log_error("{}: {}", site.site, error);
    for (const PageFailure& page : site.failed)
      log_error("{}: page {}: {}", site.site, page.url, page.message);
    log_mirror_failures(site);
  }
}

// One line on a terminal, written over and over; nothing in a log.
ProgressListener progress_on_terminal(bool quiet) {
  if (quiet || ::isatty(STDERR_FILENO) == 0) return {};
  return [](const std::string& site, std::size_t done, std::size_t total) {
    std::cerr << fmt::format("\r\x1b[K{}: {} of {} pages{}", site, done, total,
                             done == total ? "\r\x1b[K" : "")
              << std::flush;
  };
}

// What went wrong, a line each.
std::string failures_of(const RunReport& report) {
  std::string lines;
  for (const SiteOutcome& site : report.sites) {
    for (const std::string& error : site.errors)
      lines += fmt::format("{}: {}\n", site.site, error);
    for (const PageFailure& page : site.failed)
      lines += fmt::format("{}: page {}: {}\n", site.site, page.url, page.message);
    for (const MirrorOutcome& mirror : site.mirrors) {
      if (mirror.state == MirrorOutcome::State::failed)
        lines += fmt::format("{}: mirror {}: {}\n", site.site, mirror.mirror, mirror.message);
    }
  }
  return lines;
}

// A run that was stopped, found another at work, or was for show is nobody's business.
void tell_outcome(const Config& config, const RunOptions& options, ExitCode code,
                  const std::string& messages, TransferEngine& engine, Timestamp now) {
  const bool failed = code == ExitCode::partly || code == ExitCode::usage;
  if (options.dry_run || (!failed && code != ExitCode::done)) return;
  auto memory = config.state;
  memory += ".outage";
  if (auto told = notify(config.notify, memory, failed, messages, engine, now); !told)
    log_warning("{}", told.error().message);
}

ExitCode run(const RunOptions& options, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  const SystemClock clock;
  NetworkMemory memory(clock);
  memory.load(config->state);
  auto engine = TransferEngine::create(config->network, memory.for_engine());
  if (!engine) return report(engine.error());
  auto outcome = run_mirroring(*config, options, **engine, clock,
                               progress_on_terminal(runtime.quiet), &memory);
  if (options.push_progress) std::cerr << "\r\x1b[K";
  if (!outcome) {
    log_error("{}", outcome.error().message);
    if (outcome.error().kind == ErrorKind::conflict) return ExitCode::locked;
    tell_outcome(*config, options, ExitCode::usage, outcome.error().message + "\n", **engine,
                 clock.now());
    return ExitCode::usage;
  }
  print_report(*outcome, options, runtime.quiet);
  const ExitCode code = exit_code_of(*outcome);
  if (!options.dry_run) {
    if (auto told = tell_mirror_changes(*config, engine->get()); !told)
      log_warning("{}", told.error().message);
  }
  tell_outcome(*config, options, code, failures_of(*outcome), **engine, clock.now());
  return code;
}

}  // namespace

void add_run_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<RunOptions>();
  auto no_push = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("run", "Fetch what is new, commit it, push it to every mirror");
  command->add_option("--site", options->sites, "Only this site, due or not (may be given again)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_flag("--no-push", *no_push, "Commit, but push to no mirror");
  command->add_flag("--dry-run", options->dry_run,
                    "Fetch the indexes, say what would be done, change nothing");
  command->add_option("--limit", options->limit, "New pages a site at the most")
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000'000).description(""));
  command->callback([options, no_push, &runtime] {
    options->push = !*no_push;
    options->push_progress = push_progress_on_terminal(runtime.quiet);
    runtime.exit_code = run(*options, runtime);
  });
}

}  // namespace dandelion
