// SPDX-License-Identifier: MIT
#include "pipeline/notify.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds command_timeout = std::chrono::minutes(1);
constexpr milliseconds poll_interval{20};
// Below what a pipe holds (pipe(7)), so that writing never waits for the command to read.
constexpr std::size_t max_input_bytes = 60'000;

Result<std::string> address_of(const NotifyAddress& address) {
  if (!address.source) return address.url;
  auto secret = read_secret(*address.source);
  if (!secret) return tl::unexpected(secret.error());
  return secret->reveal();
}

Result<void> ask_for(const NotifyAddress& address, std::string_view which, TransferEngine& engine) {
  auto url = address_of(address);
  if (!url) return within(fmt::format("notify.{}", which), url.error());
  Result<void> outcome = fail(ErrorKind::transient, "no answer");
  FetchRequest request;
  request.url = *url;
  request.site = "notify";
  engine.add(std::move(request), [&outcome](const Result<FetchedPage>& answer) {
    outcome = answer ? Result<void>() : tl::unexpected(answer.error());
  });
  engine.run();
  if (outcome) return {};
  // Its own words would name the address.
  return fail(outcome.error().kind, "notify.{}: the address could not be asked for", which);
}

[[noreturn]] void become_shell(int input, const std::string& command) {
  ::dup2(input, STDIN_FILENO);
  ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

Result<void> run_shell_command(const std::string& command, const std::string& input,
                               milliseconds timeout) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::transient, "no pipe: {}", std::generic_category().message(errno));
  }
  const pid_t child = ::fork();
  if (child == 0) become_shell(ends[0], command);
  ::close(ends[0]);
  if (child > 0) {
    // A command that does not read is none of our business: SIGPIPE is ignored.
    static_cast<void>(!::write(ends[1], input.data(), std::min(input.size(), max_input_bytes)));
  }
  ::close(ends[1]);
  if (child < 0)
    return fail(ErrorKind::transient, "no process: {}", std::generic_category().message(errno));
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return fail(ErrorKind::transient, "the command did not end within {} s and was killed",
                  std::chrono::ceil<std::chrono::seconds>(timeout).count());
    }
    std::this_thread::sleep_for(poll_interval);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(ErrorKind::transient, "the command ended with {}",
              WIFEXITED(status) ? fmt::format("{}", WEXITSTATUS(status))
                                : fmt::format("signal {}", WTERMSIG(status)));
}

Result<void> notify(const NotifySettings& settings, bool failed, const std::string& messages,
                    TransferEngine& engine) {
  const NotifyAddress& address = failed ? settings.failure : settings.success;
  Result<void> outcome;
  if (failed && !settings.command.empty()) {
    outcome = run_shell_command(settings.command, messages, command_timeout);
    if (!outcome) outcome = within("notify.command", outcome.error());
  }
  if (address.empty()) return outcome;
  auto asked = ask_for(address, failed ? "failure" : "success", engine);
  return outcome ? asked : outcome;
}

}  // namespace dandelion
