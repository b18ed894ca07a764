// SPDX-License-Identifier: MIT
#include "core/sha256.hpp"

#include <array>
#include <cassert>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace dandelion {

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  [[maybe_unused]] const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  assert(done == 1);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i)
    hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

}  // namespace dandelion
