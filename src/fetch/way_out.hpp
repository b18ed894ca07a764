// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/network_settings.hpp"

namespace dandelion {

// Why nothing of ours comes through to `host`, where that shows before any server is asked: "the
// proxy socks5h://127.0.0.1:9050 takes no connections", "there is no route out of this machine",
// "the name server does not answer". Empty where a failure may be the other side's. To be asked
// after a connection failed; takes seconds where something hangs. Nothing is sent but a look-up of
// the name where the connection itself would have made one.
[[nodiscard]] std::string own_outage(const NetworkSettings& network, const std::string& host);

}  // namespace dandelion
