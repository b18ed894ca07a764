// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {

// A signature file as `minisign -V` reads it (jedisct1.github.io/minisign, "Signature format"): of
// the message's BLAKE2b-512, with `comment` signed along. The same for the same input.
[[nodiscard]] std::string minisign_signature(const SigningKey& key, std::string_view message,
                                             std::string_view comment);

// The key of a line as minisign_line() writes it; malformed where it is none.
[[nodiscard]] Result<PublicKey> read_minisign_line(std::string_view line);

// Whether `signature` (such a file) is one of `message` by `key`: refused, with the reason, where
// it is not.
[[nodiscard]] Result<void> check_minisign(const PublicKey& key, std::string_view message,
                                          std::string_view signature);

}  // namespace dandelion
