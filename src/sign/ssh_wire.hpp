// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "sign/signing_key.hpp"

namespace dandelion {

// A string as SSH sends it (RFC 4251, 5): its length in four bytes, highest first, and its bytes.
[[nodiscard]] std::string ssh_string(std::string_view text);

// The key as SSH sends it (RFC 8709, 4).
[[nodiscard]] std::string ssh_public_key(const PublicKey& key);

}  // namespace dandelion
