// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "publish/conversation.hpp"

namespace dandelion {

// A conversation over the standard input and output of a program: ssh, or git's own receiver for a
// folder of this machine. `address` is for messages. not_found where there is no such program.
[[nodiscard]] Result<std::unique_ptr<Conversation>> converse_with_program(
    const std::vector<std::string>& command, const std::string& address);

}  // namespace dandelion
