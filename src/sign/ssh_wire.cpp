// SPDX-License-Identifier: MIT
#include "sign/ssh_wire.hpp"

#include <cstdint>

namespace dandelion {

std::string ssh_string(std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes +=
        static_cast<char>(static_cast<unsigned char>(size >> static_cast<unsigned int>(shift)));
  bytes += text;
  return bytes;
}

std::string ssh_public_key(const PublicKey& key) {
  return ssh_string("ssh-ed25519") +
         ssh_string({reinterpret_cast<const char*>(key.data()), key.size()});
}

}  // namespace dandelion
