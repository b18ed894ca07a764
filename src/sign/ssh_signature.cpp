// SPDX-License-Identifier: MIT
#include "sign/ssh_signature.hpp"

#include <array>

#include <openssl/sha.h>

#include "core/text.hpp"
#include "sign/ssh_wire.hpp"

namespace dandelion {
namespace {

constexpr std::string_view magic = "SSHSIG";
constexpr std::string_view hash_name = "sha512";
constexpr std::size_t line_length = 70;  // as ssh-keygen breaks its lines

std::string sha512(std::string_view bytes) {
  std::array<unsigned char, SHA512_DIGEST_LENGTH> digest{};
  SHA512(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::string ssh_signature(const SigningKey& key, std::string_view message,
                          std::string_view name_space) {
  const std::string about =
      ssh_string(name_space) + ssh_string({}) + ssh_string(hash_name);  // the second is reserved
  const std::string signed_bytes = std::string(magic) + about + ssh_string(sha512(message));
  const std::string signature = ssh_string("ssh-ed25519") + ssh_string(key.sign(signed_bytes));
  const std::string version("\0\0\0\1", 4);
  const std::string text =
      base64(std::string(magic) + version + ssh_string(ssh_public_key(key.public_key())) + about +
             ssh_string(signature));
  std::string armour = "-----BEGIN SSH SIGNATURE-----\n";
  for (std::size_t at = 0; at < text.size(); at += line_length)
    armour += text.substr(at, line_length) + '\n';
  return armour + "-----END SSH SIGNATURE-----\n";
}

// What is signed is the commit without its signature; each of whose lines but the first begins with
// a blank.
std::string with_signature(const std::string& header, const std::string& rest,
                           const SigningKey* key) {
  if (key == nullptr) return header + rest;
  std::string armour = ssh_signature(*key, header + rest, "git");
  armour.pop_back();
  return fmt::format("{}gpgsig {}\n{}", header, replace_all(armour, "\n", "\n "), rest);
}

}  // namespace dandelion
