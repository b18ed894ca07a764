// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

#include "core/error.hpp"
#include "core/notify_settings.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

// Tells whom `notify:` names how a run went, by `messages` (a line each). Addresses are asked for
// through the engine, and so through the proxies; the answer does not matter, but that there is
// one. The command gets the messages as standard input, and a minute. What cannot be told is an
// error that names which of them, never the address.
[[nodiscard]] Result<void> notify(const NotifySettings& settings, bool failed,
                                  const std::string& messages, TransferEngine& engine);

// Runs a command by /bin/sh with a text as its standard input; its output goes where ours does.
// transient where it does not end in time (then it is killed) or ends with anything but 0.
[[nodiscard]] Result<void> run_shell_command(const std::string& command, const std::string& input,
                                             std::chrono::milliseconds timeout);

}  // namespace dandelion
