// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"
#include "core/network_settings.hpp"
#include "publish/conversation.hpp"
#include "publish/push_target.hpp"

namespace dandelion {

// A conversation with git's own daemon (gitprotocol-pack(5), "Git Transport"), over a connection of
// make_easy_handle: direct, as parse_target lets only addresses nearby be one. `service` is
// "git-receive-pack" or "git-upload-pack". transient where nobody answers within the network's
// `timeout`; stopped where the user asks us to.
[[nodiscard]] Result<std::unique_ptr<Conversation>> converse_with_daemon(
    const DaemonTarget& target, const NetworkSettings& network, std::string_view service);

}  // namespace dandelion
