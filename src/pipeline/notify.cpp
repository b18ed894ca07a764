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
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "core/files.hpp"
#include "fetch/body_sink.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds command_timeout = std::chrono::minutes(1);
constexpr milliseconds poll_interval{20};
// Below what a pipe holds (pipe(7)), so that writing never waits for the command to read.
constexpr std::size_t max_input_bytes = 60'000;

// A day, less what cron's minute may be late: no message moves on by a run each day.
constexpr std::chrono::seconds between_messages = std::chrono::days(1) - std::chrono::minutes(10);
constexpr int runs_worth_a_message = 3;
constexpr std::size_t max_outage_bytes = 4096;

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
  request.is_secret = true;
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

std::string_view name_of(Notice notice) {
  switch (notice) {
    case Notice::failed:
      return "failed";
    case Notice::failing:
      return "failing";
    case Notice::recovered:
      return "recovered";
    case Notice::none:
      break;
  }
  return "none";
}

std::string words_of(Notice notice, const Outage& before, const std::string& messages) {
  const std::string since = before.began ? format_rfc3339(*before.began) : std::string();
  if (notice == Notice::recovered)
    return fmt::format("works again; it had failed since {}\n", since);
  if (notice == Notice::failing) return fmt::format("fails since {}\n{}", since, messages);
  return messages;
}

// Calls all whom `notify:` names for an event, whatever becomes of one of them.
Result<void> call(const NotifySettings& settings, const std::string& event,
                  const std::string& words, bool is_bad, TransferEngine& engine) {
  Result<void> outcome;
  if (!settings.command.empty()) {
    outcome = run_shell_command(settings.command, event, words, command_timeout);
    if (!outcome) outcome = within("notify.command", outcome.error());
  }
  if (!is_bad || settings.failure.empty()) return outcome;
  auto asked = ask_for(settings.failure, "failure", engine);
  return outcome ? asked : outcome;
}

// To whom wants to hear of failures.
Result<void> tell(const NotifySettings& settings, Notice notice, const std::string& words,
                  TransferEngine& engine) {
  if (notice == Notice::none) return {};
  return call(settings, std::string(name_of(notice)), words, notice != Notice::recovered, engine);
}

}  // namespace

Result<void> run_shell_command(const std::string& command, const std::string& event,
                               const std::string& input, milliseconds timeout) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(ErrorKind::transient, "no pipe: {}", std::generic_category().message(errno));
  }
  // Ours too, until we end: nothing here reads it.
  ::setenv("DANDELION_EVENT", event.c_str(), 1);
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

Notice Outage::next(bool failed, Timestamp now) {
  if (!failed) {
    const bool is_news = is_told;
    began.reset();
    runs = 0;
    is_told = false;
    return is_news ? Notice::recovered : Notice::none;
  }
  if (!began) began = now;
  ++runs;
  const bool may_tell = !told || now - *told >= between_messages;
  if (is_told) return may_tell ? Notice::failing : Notice::none;
  return may_tell || runs >= runs_worth_a_message ? Notice::failed : Notice::none;
}

Outage load_outage(const std::filesystem::path& file) {
  Outage outage;
  const auto text = read_file(file, max_outage_bytes);
  const auto object = nlohmann::json::parse(text.value_or(std::string()), nullptr, false);
  if (!object.is_object()) return outage;
  const auto time_at = [&object](const char* key) -> std::optional<Timestamp> {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? parse_iso8601(found->get<std::string>())
                                                       : std::nullopt;
  };
  outage.began = time_at("began");
  outage.told = time_at("told");
  if (const auto runs = object.find("runs"); runs != object.end() && runs->is_number_integer())
    outage.runs = std::clamp(runs->get<int>(), 0, runs_worth_a_message);
  outage.is_told = object.value("is_told", nlohmann::json()) == nlohmann::json(true);
  return outage;
}

Result<void> save_outage(const std::filesystem::path& file, const Outage& outage) {
  nlohmann::ordered_json object;
  if (outage.began) object["began"] = format_rfc3339(*outage.began);
  object["runs"] = std::min(outage.runs, runs_worth_a_message);
  object["is_told"] = outage.is_told;
  if (outage.told) object["told"] = format_rfc3339(*outage.told);
  if (auto made = create_folders(file.parent_path()); !made) return made;
  FileSink sink(file);
  if (auto begun = sink.begin(); !begun) return begun;
  if (auto written = sink.write(object.dump() + "\n"); !written) return written;
  return sink.end();
}

Result<void> notify_of_mirror(const NotifySettings& settings, const MirrorNotice& notice,
                              TransferEngine& engine) {
  return call(settings, notice.event, notice.words, notice.is_bad, engine);
}

Result<void> notify(const NotifySettings& settings, const std::filesystem::path& memory,
                    bool failed, const std::string& messages, TransferEngine& engine,
                    Timestamp now) {
  Result<void> outcome;
  const bool hears_of_failures = !settings.command.empty() || !settings.failure.empty();
  if (hears_of_failures) {
    const Outage before = load_outage(memory);
    Outage outage = before;
    const Notice notice = outage.next(failed, now);
    outcome = tell(settings, notice, words_of(notice, before, messages), engine);
    if (outcome && notice != Notice::none && failed) {
      outage.told = now;
      outage.is_told = true;
    } else if (!outcome && !failed) {
      outage = before;  // still to be told
    }
    auto saved = save_outage(memory, outage);
    if (outcome && !saved) outcome = std::move(saved);
  }
  if (failed || settings.success.empty()) return outcome;
  auto asked = ask_for(settings.success, "success", engine);
  return outcome ? asked : outcome;
}

}  // namespace dandelion
