// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/mirror_settings.hpp"
#include "publish/push_target.hpp"

namespace dandelion {

// The call of the system's ssh that runs `service` for the target, with the user's
// configuration, agent and known hosts, and without ever asking a question. With a key of the
// mirror's own only that one is offered, with known hosts of its own only those count.
//
// `tunnel` is a command that connects its standard input and output with the host and port that
// follow as its last two words. Where it is given, ssh opens no connection itself and asks no name
// server anything, whatever its configuration says: no jump hosts, no shared connections, no keys
// from the DNS, no Kerberos.
[[nodiscard]] std::vector<std::string> ssh_command(const MirrorSettings& mirror,
                                                   const SshTarget& target,
                                                   const std::vector<std::string>& tunnel,
                                                   std::string_view service = "git-receive-pack");

}  // namespace dandelion
