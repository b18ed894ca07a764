// SPDX-License-Identifier: MIT
// One function a subcommand, each in a file of its own name.
#pragma once

#include "cli/runtime.hpp"

namespace dandelion {

void add_init_command(CLI::App& app, Runtime& runtime);
void add_discover_command(CLI::App& app, Runtime& runtime);
void add_check_command(CLI::App& app, Runtime& runtime);
void add_run_command(CLI::App& app, Runtime& runtime);
void add_extract_command(CLI::App& app, Runtime& runtime);
void add_archive_command(CLI::App& app, Runtime& runtime);
void add_publish_command(CLI::App& app, Runtime& runtime);
void add_keygen_command(CLI::App& app, Runtime& runtime);
void add_tunnel_command(CLI::App& app, Runtime& runtime);
void add_mirrors_command(CLI::App& app, Runtime& runtime);
void add_schedule_command(CLI::App& app, Runtime& runtime);
void add_status_command(CLI::App& app, Runtime& runtime);
void add_serve_command(CLI::App& app, Runtime& runtime);
void add_stats_command(CLI::App& app, Runtime& runtime);

}  // namespace dandelion
