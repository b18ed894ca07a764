// SPDX-License-Identifier: MIT
#include "fetch/private_address.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

struct Range {
  std::uint32_t network;
  int bits;
};

// IANA IPv4 Special-Purpose Address Registry, with multicast, and the one address by which a public
// cloud (Azure) gives its machines their metadata.
constexpr std::array<Range, 16> private_ranges = {{{0x00000000, 8},
                                                   {0x0A000000, 8},
                                                   {0x64400000, 10},
                                                   {0x7F000000, 8},
                                                   {0xA9FE0000, 16},
                                                   {0xAC100000, 12},
                                                   {0xC0000000, 24},
                                                   {0xC0000200, 24},
                                                   {0xC0586300, 24},
                                                   {0xC0A80000, 16},
                                                   {0xC6120000, 15},
                                                   {0xC6336400, 24},
                                                   {0xCB007100, 24},
                                                   {0xE0000000, 4},
                                                   {0xF0000000, 4},
                                                   {0xA83F8110, 32}}};

bool is_private_v4(std::uint32_t address) {
  for (const Range& range : private_ranges) {
    if ((address >> (32 - range.bits)) == (range.network >> (32 - range.bits))) return true;
  }
  return false;
}

std::uint32_t v4_at(const std::uint8_t* bytes) {
  return (std::uint32_t{bytes[0]} << 24) | (std::uint32_t{bytes[1]} << 16) |
         (std::uint32_t{bytes[2]} << 8) | bytes[3];
}

bool has_prefix(const std::uint8_t* bytes, std::initializer_list<std::uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes);
}

bool is_private_v6(const in6_addr& address) {
  const std::uint8_t* bytes = address.s6_addr;
  const bool high_zero = has_prefix(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  if (high_zero && bytes[10] == 0xFF && bytes[11] == 0xFF)
    return is_private_v4(v4_at(bytes + 12));                       // ::ffff:0:0/96
  if (high_zero && bytes[10] == 0 && bytes[11] == 0) return true;  // ::, ::1 and IPv4-compatible
  if (has_prefix(bytes, {0x00, 0x64, 0xFF, 0x9B, 0, 1}))
    return true;  // 64:ff9b:1::/48, local NAT64
  if (has_prefix(bytes, {0x00, 0x64, 0xFF, 0x9B}))
    return is_private_v4(v4_at(bytes + 12));                                    // 64:ff9b::/96
  if (has_prefix(bytes, {0x20, 0x02})) return is_private_v4(v4_at(bytes + 2));  // 2002::/16, 6to4
  if (has_prefix(bytes, {0x20, 0x01, 0x0D, 0xB8})) return true;  // 2001:db8::/32, documentation
  if (has_prefix(bytes, {0x20, 0x01, 0, 0})) return true;        // 2001::/32, Teredo
  if ((bytes[0] & 0xFE) == 0xFC) return true;                    // fc00::/7
  if (bytes[0] == 0xFE && bytes[1] >= 0x80) return true;         // fe80::/10 and the old fec0::/10
  return bytes[0] == 0xFF ||
         has_prefix(bytes, {0x01, 0x00, 0, 0, 0, 0, 0, 0});  // ff00::/8, 100::/64
}

}  // namespace

bool is_private_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof(v4));
    return is_private_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof(v6));
    return is_private_v6(v6.sin6_addr);
  }
  return true;  // a socket of another family never leads to a web page
}

bool is_private_host(std::string_view host) {
  std::string name = ascii_lower(host);
  while (name.ends_with('.'))
    name.pop_back();
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (const auto zone = name.find('%'); zone != std::string::npos) name.resize(zone);
  in6_addr v6{};
  if (inet_pton(AF_INET6, name.c_str(), &v6) == 1) return is_private_v6(v6);
  in_addr v4{};
  return inet_aton(name.c_str(), &v4) != 0 && is_private_v4(ntohl(v4.s_addr));
}

}  // namespace dandelion
