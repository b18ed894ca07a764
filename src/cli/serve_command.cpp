// SPDX-License-Identifier: MIT
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <httplib.h>

#include "cli/commands.hpp"
#include "cli/served_files.hpp"
#include "core/stop_signal.hpp"

namespace dandelion {
namespace {

constexpr const char* loopback = "127.0.0.1";

struct ServeOptions {
  std::string where = ".";
  int port = 8000;
};

// Pages come from sources that we do not trust: even in a preview nothing of theirs runs.
constexpr const char* content_security_policy =
    "script-src 'none'; object-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'";

void answer(ServedFiles& files, const httplib::Request& request, httplib::Response& response) {
  const ServedPage page = serve_path(files, request.path, request.has_param("raw"));
  response.status = page.status;
  response.set_header("Content-Security-Policy", content_security_policy);
  response.set_header("X-Content-Type-Options", "nosniff");
  response.set_header("Referrer-Policy", "no-referrer");
  response.set_header("Cache-Control", "no-store");
  if (!page.location.empty()) response.set_header("Location", page.location);
  response.set_content(page.body, page.content_type);
}

ExitCode serve(const ServeOptions& options, const Runtime& runtime) {
  auto files = ServedFiles::open(options.where);
  if (!files) return report(files.error());
  httplib::Server server;
  server.Get(".*", [&files](const httplib::Request& request, httplib::Response& response) {
    answer(**files, request, response);
  });
  const int port = options.port == 0 ? server.bind_to_any_port(loopback) : options.port;
  if (options.port != 0 && !server.bind_to_port(loopback, options.port)) {
    return report(Error{
        ErrorKind::bad_input,
        fmt::format("port {} of {} is taken; choose another with --port", options.port, loopback)});
  }
  if (!runtime.quiet) {
    std::cout
        << "Serving " << options.where << " at http://" << loopback << ':' << port
        << "/ (Ctrl-C ends it)"
        << std::endl;  // NOLINT(performance-avoid-endl): whoever waits for this line reads a pipe
  }
  std::jthread watcher([&server](const std::stop_token& ended) {
    using namespace std::chrono_literals;
    while (!ended.stop_requested() && !stop_requested())
      std::this_thread::sleep_for(100ms);
    server.stop();
  });
  return server.listen_after_bind() ? ExitCode::done : ExitCode::partly;
}

}  // namespace

void add_serve_command(CLI::App& app, Runtime& runtime) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "Show a folder or repository in a browser on this machine");
  command->add_option("DIR", options->where, "A folder or a repository (default: here)")
      ->type_name("");
  command->add_option("--port", options->port, "Port on 127.0.0.1 (default 8000; 0: any free one)")
      ->type_name("N")
      ->check(CLI::Range(0, 65535));
  command->callback([options, &runtime] { runtime.exit_code = serve(*options, runtime); });
}

}  // namespace dandelion
