// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// SHA-256 (FIPS 180-4) as 64 hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace dandelion
