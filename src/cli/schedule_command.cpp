// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/named_values.hpp"
#include "core/files.hpp"
#include "pipeline/schedule.hpp"

namespace dandelion {
namespace {

enum class Form { both, cron, systemd };

ExitCode schedule(Form form, const Runtime& runtime) {
  const auto config = load_checked_config(runtime);
  if (!config) return ExitCode::usage;
  const ScheduleFacts facts{own_executable(), config->file};
  if (form == Form::both)
    std::cout << "# For crontab -e. Silent unless something is wrong; then cron sends a mail.\n";
  if (form != Form::systemd) std::cout << crontab_line(*config, facts);
  if (form == Form::both)
    std::cout << "\n# Or for systemd: two files, then `systemctl enable --now dandelion.timer`.\n";
  if (form != Form::cron) std::cout << systemd_units(*config, facts);
  return ExitCode::done;
}

}  // namespace

void add_schedule_command(CLI::App& app, Runtime& runtime) {
  auto form = std::make_shared<Form>(Form::both);
  CLI::App* command =
      app.add_subcommand("schedule", "Print a crontab line and systemd units for this mirror");
  command->add_option("--form", *form, "Only one of them: cron or systemd")
      ->transform(named_values<Form>({{"cron", Form::cron}, {"systemd", Form::systemd}}))
      ->type_name("FORM");
  command->callback([form, &runtime] { runtime.exit_code = schedule(*form, runtime); });
}

}  // namespace dandelion
