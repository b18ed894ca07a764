// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "pipeline/site_survey.hpp"

namespace dandelion {
namespace {

ExitCode discover(const std::string& url, const Runtime& runtime) {
  // A configuration is not needed, but where one is named or found its proxies are: nothing goes
  // round them.
  NetworkSettings network;
  std::error_code ignored;
  if (!runtime.config_option.empty() || std::filesystem::exists(runtime.config_path(), ignored)) {
    const auto config = load_checked_config(runtime);
    if (!config) return ExitCode::usage;
    network = config->network;
  }
  auto engine = TransferEngine::create(network);
  if (!engine) return report(engine.error());
  auto survey = survey_site(url, **engine);
  if (!survey) return report(survey.error());
  if (survey->sources.empty()) {
    log_error("{}: no feed, no sitemap, no list of articles; try the page that lists the newest",
              url);
    return ExitCode::partly;
  }
  std::cout << survey_as_yaml(*survey);
  return ExitCode::done;
}

}  // namespace

void add_discover_command(CLI::App& app, Runtime& runtime) {
  auto url = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand(
      "discover", "Look at a site and print a `sites:` entry for it, tried on three articles");
  command->add_option("URL", *url, "Its front page, or the page that lists the newest articles")
      ->type_name("")
      ->required();
  command->callback([url, &runtime] { runtime.exit_code = discover(*url, runtime); });
}

}  // namespace dandelion
