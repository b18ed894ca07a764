// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/commands.hpp"
#include "publish/tunnel.hpp"

namespace dandelion {
namespace {

struct TunnelOptions {
  std::string mirror;
  std::string host;
  std::string port;
};

ExitCode tunnel(const TunnelOptions& options, const Runtime& runtime) {
  // What is wrong with the configuration was told by the run that ssh belongs to.
  const LoadedConfig loaded = load_config(runtime.config_path(), config_checks());
  if (!loaded.config) return ExitCode::usage;
  auto done = run_tunnel(loaded.config->network, options.mirror, options.host, options.port,
                         STDIN_FILENO, STDOUT_FILENO);
  return done ? ExitCode::done : report(done.error());
}

}  // namespace

// Not for people: ssh calls it as its ProxyCommand, so that it stands in no help.
void add_tunnel_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<TunnelOptions>();
  CLI::App* command = app.add_subcommand("tunnel", "Connect standard input and output with a host");
  command->group("");
  command->add_option("--mirror", options->mirror);
  command->add_option("HOST", options->host)->required();
  command->add_option("PORT", options->port)->required();
  command->callback([options, &runtime] { runtime.exit_code = tunnel(*options, runtime); });
}

}  // namespace dandelion
