// SPDX-License-Identifier: MIT
#include <cerrno>
#include <iostream>
#include <system_error>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "cli/commands.hpp"
#include "fetch/socks_probe.hpp"
#include "pipeline/page_gate.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

using FileTrouble = ConfigChecks::FileTrouble;

bool is_missing(const std::filesystem::path& file) {
  std::error_code ignored;
  return !std::filesystem::exists(file, ignored);
}

std::optional<FileTrouble> trouble_of_signing_key(const std::filesystem::path& file) {
  const auto key = SigningKey::read(file);
  if (key) return std::nullopt;
  return FileTrouble{is_missing(file), key.error().message};
}

std::optional<FileTrouble> trouble_of_ssh_file(const std::filesystem::path& file) {
  if (is_missing(file)) {
    return FileTrouble{true, fmt::format("there is no file {}; ssh will not reach this mirror "
                                         "until it is there",
                                         file.string())};
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored))
    return FileTrouble{false, fmt::format("{} is no file; name one", file.string())};
  if (::access(file.c_str(), R_OK) == 0) return std::nullopt;
  return FileTrouble{false, fmt::format("{} cannot be read: {}", file.string(),
                                        std::generic_category().message(errno))};
}

// What reading the configuration checks, and the files that a run will need.
ConfigChecks checks_with_files() {
  ConfigChecks checks = config_checks();
  checks.signing_key = &trouble_of_signing_key;
  checks.ssh_file = &trouble_of_ssh_file;
  return checks;
}

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

ExitCode check(const std::filesystem::path& file, bool quiet) {
  const LoadedConfig loaded = load_config(file, checks_with_files());
  std::size_t errors = 0;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    std::cout << diagnostic.display() << '\n';
    errors += diagnostic.severity == Diagnostic::Severity::error ? 1 : 0;
  }
  std::size_t warnings = loaded.diagnostics.size() - errors;
  if (errors > 0 || !loaded.config) {
    if (!quiet) std::cout << counted(errors, "error") << '\n';
    return ExitCode::usage;
  }
  const auto block_pages = known_block_pages(loaded.config->network.block_pages.value_or(""));
  if (!block_pages) {
    std::cout << block_pages.error().message << '\n';
    return ExitCode::usage;
  }
  if (const auto& network = loaded.config->network; network.expects_tor) {
    const auto tor = probe_socks(network.proxies.front(), std::chrono::seconds(2));
    if (!tor) {
      std::cout << file.string() << ": warning: proxies: tor: " << tor.error().message << '\n';
      ++warnings;
    }
  }
  if (!quiet) {
    std::cout << fmt::format(
        "{}: {}, {}; {}\n", file.string(), counted(loaded.config->sites.size(), "site"),
        counted(loaded.config->mirrors.size(), "mirror"),
        warnings == 0 ? "good" : fmt::format("no error, {}", counted(warnings, "warning")));
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
