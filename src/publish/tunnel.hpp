// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

// Connects the descriptors `in` and `out` with host:port, as make_easy_handle makes every
// connection: through the proxies (which resolve the name) where there are any, else directly under
// the rules for names and private addresses. Returns when either side is done. It carries ssh past
// no proxy: see ssh_command.hpp. transient where no proxy leads there.
[[nodiscard]] Result<void> run_tunnel(const NetworkSettings& network, const std::string& mirror,
                                      const std::string& host, const std::string& port, int in,
                                      int out);

}  // namespace dandelion
