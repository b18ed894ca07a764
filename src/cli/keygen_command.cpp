// SPDX-License-Identifier: MIT
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

ExitCode keygen(const std::string& file, const Runtime& runtime) {
  auto key = SigningKey::generate();
  if (!key) return report(key.error());
  if (auto written = key->write(file); !written) {
    log_error("{}", written.error().message);
    return ExitCode::usage;
  }
  if (runtime.quiet) return ExitCode::done;
  std::cout << "Wrote " << file << " (keep it secret, keep a copy) and " << file << ".pub.\n"
            << "For readers, with minisign: " << minisign_line(key->public_key()) << '\n'
            << "For git's list of allowed signers: " << ssh_line(key->public_key()) << '\n';
  return ExitCode::done;
}

}  // namespace

void add_keygen_command(CLI::App& app, Runtime& runtime) {
  auto file = std::make_shared<std::string>("keys/signing.key");
  CLI::App* command = app.add_subcommand("keygen", "Make a signing key, and FILE.pub for readers");
  command->add_option("FILE", *file, "Where to write it (default: keys/signing.key)")
      ->type_name("");
  command->callback([file, &runtime] { runtime.exit_code = keygen(*file, runtime); });
}

}  // namespace dandelion
