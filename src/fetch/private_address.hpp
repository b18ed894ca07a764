// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

struct sockaddr;

namespace dandelion {

// Whether an address leads inside this machine or its networks, or nowhere a web page lies:
// loopback, link-local (with the clouds' metadata services), RFC 1918, carrier-grade NAT, ULA,
// multicast, reserved and documentation ranges of the IANA special-purpose registries; IPv6 forms
// that wrap such an IPv4 address (mapped, NAT64, 6to4) too.
[[nodiscard]] bool is_private_address(const sockaddr& address);

// The same for a host as it stands in an address: an IP literal (with or without brackets; IPv4 in
// all forms that inet_aton takes, as resolvers do), `localhost` and names under it. False for other
// names: what they resolve to is looked at when it is known.
[[nodiscard]] bool is_private_host(std::string_view host);

}  // namespace dandelion
