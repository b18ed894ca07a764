// SPDX-License-Identifier: MIT
#include "cli/runtime.hpp"

#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/named_values.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "html/selector.hpp"
#include "publish/push_target.hpp"
#include "render/theme.hpp"

namespace dandelion {
namespace {

void add_global_options(CLI::App& app, Runtime& runtime) {
  app.add_option(
         "-c,--config", runtime.config_option,
         "The configuration (default: sites.yaml, then $XDG_CONFIG_HOME/dandelion/sites.yaml)")
      ->type_name("FILE");
  app.add_flag("-q,--quiet", runtime.quiet, "Say nothing but warnings and errors");
  app.add_flag("-v,--verbose", runtime.verbosity, "Say more");
  app.add_option("--log-format", runtime.log.format, "text or json")
      ->transform(named_values<LogFormat>({{"text", LogFormat::text}, {"json", LogFormat::json}}))
      ->type_name("FORMAT");
  app.add_option("--color", runtime.log.color, "auto, always or never")
      ->transform(named_values<ColorMode>({{"auto", ColorMode::automatic},
                                           {"always", ColorMode::always},
                                           {"never", ColorMode::never}}))
      ->type_name("WHEN");
  app.set_version_flag("--version", "dandelion " DANDELION_VERSION);
}

void configure_log_from(Runtime& runtime) {
  runtime.log.level = runtime.verbosity > 0 ? LogLevel::debug
                      : runtime.quiet       ? LogLevel::warning
                                            : LogLevel::info;
  configure_log(runtime.log);
}

}  // namespace

std::filesystem::path Runtime::config_path() const {
  if (!config_option.empty()) return config_option;
  std::error_code ignored;
  std::filesystem::path here = "sites.yaml";
  if (std::filesystem::exists(here, ignored)) return here;
  const char* xdg = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  std::filesystem::path base;
  if (xdg != nullptr && *xdg != '\0') {
    base = xdg;
  } else if (home != nullptr) {
    base = std::filesystem::path(home) / ".config";
  }
  const auto shared = base / "dandelion" / "sites.yaml";
  return !base.empty() && std::filesystem::exists(shared, ignored) ? shared : here;
}

OptionalConfig load_optional_config(const Runtime& runtime, bool needed) {
  const auto path = runtime.config_path();
  std::error_code ignored;
  if (!needed && runtime.config_option.empty() && !std::filesystem::exists(path, ignored))
    return {};
  auto config = load_checked_config(runtime);
  const bool usable = config.has_value();
  return {usable, std::move(config)};
}

bool is_web_address(std::string_view text) {
  const std::string lower = ascii_lower(text.substr(0, 8));
  return lower.starts_with("http://") || lower.starts_with("https://");
}

ConfigChecks config_checks() {
  ConfigChecks checks;
  checks.selector = [](const std::string& text) -> std::optional<std::string> {
    auto selector = html::Selector::parse(text);
    return selector ? std::nullopt : std::optional(selector.error().message);
  };
  checks.theme = [](const std::string& name,
                    const std::filesystem::path& folder) -> Result<ConfigChecks::KnownTheme> {
    auto theme = load_theme(name, folder);
    if (!theme) return tl::unexpected(theme.error());
    return ConfigChecks::KnownTheme{.keeps_markup = theme->body == Theme::BodyFormat::pretty_html};
  };
  const auto unless_empty = [](std::string text) {
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  };
  checks.mirror_address = [](const std::string& url) -> std::optional<std::string> {
    auto target = parse_target(url);
    return target ? std::nullopt : std::optional(std::move(target.error().message));
  };
  checks.username = [unless_empty](const std::string& name) {
    return unless_empty(obstacle_of_username(name));
  };
  checks.token_exposure = [unless_empty](const MirrorSettings& mirror,
                                         const NetworkSettings& network) {
    return unless_empty(exposure_of_token(mirror, network));
  };
  return checks;
}

std::optional<Config> load_checked_config(const Runtime& runtime) {
  LoadedConfig loaded = load_config(runtime.config_path(), config_checks());
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    const bool is_error = diagnostic.severity == Diagnostic::Severity::error;
    if (runtime.log.format == LogFormat::json) {
      log_line(is_error ? LogLevel::error : LogLevel::warning, diagnostic.display());
    } else {
      std::cerr << diagnostic.display() << '\n';
    }
  }
  return std::move(loaded.config);
}

ExitCode report(const Error& error) {
  log_error("{}", error.message);
  switch (error.kind) {
    case ErrorKind::bad_input:
      return ExitCode::usage;
    case ErrorKind::stopped:
      return ExitCode::stopped;
    default:
      return ExitCode::partly;
  }
}

int run_command_line(int argc, char** argv) {
  Runtime runtime;
  CLI::App app("Turns web pages that someone wants gone into copies that are hard to lose.",
               "dandelion");
  app.require_subcommand(1);
  app.fallthrough();
  add_global_options(app, runtime);
  app.parse_complete_callback([&runtime] { configure_log_from(runtime); });
  // In the order in which one needs them.
  add_init_command(app, runtime);
  add_keygen_command(app, runtime);
  add_discover_command(app, runtime);
  add_check_command(app, runtime);
  add_run_command(app, runtime);
  add_extract_command(app, runtime);
  add_archive_command(app, runtime);
  add_publish_command(app, runtime);
  add_mirrors_command(app, runtime);
  add_schedule_command(app, runtime);
  add_status_command(app, runtime);
  add_serve_command(app, runtime);
  add_stats_command(app, runtime);
  add_tunnel_command(app, runtime);
  watch_stop_signals();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    // --help and --version end here too, with 0.
    return app.exit(problem) == 0 ? static_cast<int>(ExitCode::done)
                                  : static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(runtime.exit_code);
}

}  // namespace dandelion
