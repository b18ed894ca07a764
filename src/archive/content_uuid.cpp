// SPDX-License-Identifier: MIT
#include "archive/content_uuid.hpp"

#include <fmt/format.h>

#include "core/sha256.hpp"
#include "core/text.hpp"

namespace dandelion {

std::string content_uuid(std::string_view content) {
  std::string hex = sha256_hex(content).substr(0, 32);
  hex[12] = '8';
  hex[16] = "89ab"[hex_value(hex[16]) & 3];
  return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                     hex.substr(16, 4), hex.substr(20));
}

}  // namespace dandelion
