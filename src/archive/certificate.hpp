// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// The SHA-256 of a certificate's DER, as 64 hex digits: the fingerprint that browsers, openssl and
// the logs of Certificate Transparency show. `pem` is one certificate (RFC 7468); empty where it is
// none.
[[nodiscard]] std::string certificate_fingerprint(std::string_view pem);

}  // namespace dandelion
