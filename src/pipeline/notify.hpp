// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/notify_settings.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

// What there is to tell of a run.
enum class Notice {
  none,
  failed,   // it failed, and the ones before did not
  failing,  // it failed, as they have for a day since somebody was told
  recovered
};

// The runs that failed in a row, kept in a small file from one run to the next.
struct Outage {
  std::optional<Timestamp> began;  // nullopt: the last run did not fail
  int runs = 0;                    // that failed in a row
  bool is_told = false;            // whether somebody was told of it
  std::optional<Timestamp> told;   // when somebody was told of a failure last, this one or another

  // Takes how a run went, and says what is to be told: that an outage begins, once a day that it
  // lasts, and that it is over. One that begins within a day of the last message is told when three
  // runs failed in a row: a single page that is tried now and then is no news each time.
  [[nodiscard]] Notice next(bool failed, Timestamp now);
};

// Nothing known where there is no such file, or it is not sound.
[[nodiscard]] Outage load_outage(const std::filesystem::path& file);
[[nodiscard]] Result<void> save_outage(const std::filesystem::path& file, const Outage& outage);

// Tells whom `notify:` names how a run went, by `messages` (a line each), unless they know already
// (Outage; its file is `memory`). Addresses are asked for through the engine, and so through the
// proxies; the answer does not matter, but that there is one; `success` is asked for after every
// run that did not fail. The command gets the messages as standard input, the notice's name in
// $DANDELION_EVENT, and a minute. What cannot be told is an error that names which of them, never
// the address, and is told by the next run.
[[nodiscard]] Result<void> notify(const NotifySettings& settings,
                                  const std::filesystem::path& memory, bool failed,
                                  const std::string& messages, TransferEngine& engine,
                                  Timestamp now);

// What became of a mirror.
struct MirrorNotice {
  std::string event;  // "mirror-taken-down", "mirror-live" …
  bool is_bad = false;
  std::string words;  // a line
};

// Calls the command with it, and asks for the `failure` address where the news is bad.
[[nodiscard]] Result<void> notify_of_mirror(const NotifySettings& settings,
                                            const MirrorNotice& notice, TransferEngine& engine);

// Runs a command by /bin/sh with a text as its standard input and $DANDELION_EVENT; its output goes
// where ours does. transient where it does not end in time (then it is killed) or ends with
// anything but 0.
[[nodiscard]] Result<void> run_shell_command(const std::string& command, const std::string& event,
                                             const std::string& input,
                                             std::chrono::milliseconds timeout);

}  // namespace dandelion
