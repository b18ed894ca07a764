// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

// Whether a SOCKS 5 proxy listens at an address of this machine: connects, and takes the greeting
// of RFC 1928, 3. transient where nothing listens or what does speaks otherwise; the message says
// what to do. Asks for nothing to be fetched.
[[nodiscard]] Result<void> probe_socks(const ProxyAddress& proxy,
                                       std::chrono::milliseconds patience);

}  // namespace dandelion
