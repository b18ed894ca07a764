// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/push_progress.hpp"
#include "cli/run_report.hpp"
#include "pipeline/mirror_watch.hpp"
#include "pipeline/publish_site.hpp"

namespace dandelion {
namespace {

void print_site(const SiteOutcome& site, bool dry_run) {
  if (!dry_run) {
    const std::string sentence = mirrors_sentence(site);
    std::cout << site.site << (sentence.empty() ? ": nothing to push" : ":" + sentence.substr(1))
              << '\n';
    return;
  }
  for (const MirrorOutcome& mirror : site.mirrors) {
    if (mirror.state == MirrorOutcome::State::failed) continue;  // told as an error
    std::cout << fmt::format("{}: {}: {}\n", site.site, mirror.mirror,
                             mirror.state == MirrorOutcome::State::up_to_date ? "up to date"
                             : mirror.message.empty()                         ? "nothing to push"
                                                                              : mirror.message);
  }
}

ExitCode publish(const PublishOptions& options, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  const SystemClock clock;
  auto outcome = run_publishing(*config, options, clock);
  if (!outcome) {
    log_error("{}", outcome.error().message);
    return outcome.error().kind == ErrorKind::conflict ? ExitCode::locked : ExitCode::usage;
  }
  if (options.progress) std::cerr << "\r\x1b[K";
  for (const SiteOutcome& site : outcome->sites) {
    if (!runtime.quiet) print_site(site, options.dry_run);
    for (const std::string& error : site.errors)
      log_error("{}: {}", site.site, error);
    log_mirror_failures(site);
  }
  if (!options.dry_run) {
    if (auto told = tell_mirror_changes(*config); !told) log_warning("{}", told.error().message);
  }
  return exit_code_of(*outcome);
}

}  // namespace

void add_publish_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<PublishOptions>();
  CLI::App* command =
      app.add_subcommand("publish", "Push what is committed to the mirrors, and do nothing else");
  command->add_option("--site", options->sites, "Only this site (may be given again)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--mirror", options->mirrors,
                   "Only this mirror, looked at even with nothing new (may be given again)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_flag("--dry-run", options->dry_run,
                    "Say what would be pushed, as far as the last push tells; open no connection");
  command->callback([options, &runtime] {
    options->progress = push_progress_on_terminal(runtime.quiet);
    runtime.exit_code = publish(*options, runtime);
  });
}

}  // namespace dandelion
