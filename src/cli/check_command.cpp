// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"

namespace dandelion {
namespace {

ExitCode check(const std::filesystem::path& file, bool quiet) {
  const LoadedConfig loaded = load_config(file, config_checks());
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    std::cout << diagnostic.display() << '\n';
    errors += diagnostic.severity == Diagnostic::Severity::error ? 1 : 0;
  }
  if (errors > 0 || !loaded.config) {
    if (!quiet) std::cout << errors << (errors == 1 ? " error\n" : " errors\n");
    return ExitCode::usage;
  }
  if (!quiet) {
    std::cout << file.string() << ": " << loaded.config->sites.size()
              << (loaded.config->sites.size() == 1 ? " site, " : " sites, ")
              << loaded.config->mirrors.size()
              << (loaded.config->mirrors.size() == 1 ? " mirror; good\n" : " mirrors; good\n");
  }
  return ExitCode::done;
}

}  // namespace

void add_check_command(CLI::App& app, Runtime& runtime) {
  app.add_subcommand("check", "Say all that is wrong with the configuration")->callback([&runtime] {
    runtime.exit_code = check(runtime.config_path(), runtime.quiet);
  });
}

}  // namespace dandelion
