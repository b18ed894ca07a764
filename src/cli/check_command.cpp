// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "fetch/socks_probe.hpp"
#include "pipeline/page_gate.hpp"

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
  const auto block_pages = known_block_pages(loaded.config->network.block_pages.value_or(""));
  if (!block_pages) {
    std::cout << block_pages.error().message << '\n';
    return ExitCode::usage;
  }
  if (const auto& network = loaded.config->network; network.expects_tor) {
    const auto tor = probe_socks(network.proxies.front(), std::chrono::seconds(2));
    if (!tor)
      std::cout << file.string() << ": warning: proxies: tor: " << tor.error().message << '\n';
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
