// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "core/error.hpp"
#include "core/log.hpp"

namespace CLI {
class App;
}

namespace dandelion {

// The process's exit codes; scripts rely on them.
enum class ExitCode {
  done = 0,
  partly = 1,   // some pages or mirrors failed: the summary names them
  usage = 2,    // wrong usage or configuration: nothing was done
  locked = 3,   // another run holds the lock
  stopped = 4,  // by a signal, with the work saved
};

// What every subcommand shares: the global options, and the exit code that the chosen one leaves.
struct Runtime {
  std::string config_option;  // --config as given; empty: the default places
  bool quiet = false;
  int verbosity = 0;
  LogSettings log;
  ExitCode exit_code = ExitCode::done;

  // sites.yaml here, then $XDG_CONFIG_HOME/dandelion/sites.yaml; the first where none is there.
  [[nodiscard]] std::filesystem::path config_path() const;
};

// Loads and checks the configuration, telling on standard error (as log lines where those are JSON)
// what is wrong with it; nullopt where it cannot be used.
[[nodiscard]] std::optional<Config> load_checked_config(const Runtime& runtime);

// The same where a configuration is `needed`; else an absent one is none, as long as nobody named
// it. Not `usable`: there is one, and it is wrong.
struct OptionalConfig {
  bool usable = true;
  std::optional<Config> config;
};
[[nodiscard]] OptionalConfig load_optional_config(const Runtime& runtime, bool needed);

// Whether an argument is an http or https address, and no file.
[[nodiscard]] bool is_web_address(std::string_view text);

// The checks that load_config needs from the modules that own them.
[[nodiscard]] ConfigChecks config_checks();

// Logs the error; the exit code that stands for it where nothing was done.
[[nodiscard]] ExitCode report(const Error& error);

// Runs the program: parses the arguments, carries out the subcommand. Never throws.
[[nodiscard]] int run_command_line(int argc, char** argv);

}  // namespace dandelion
