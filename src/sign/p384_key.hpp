// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <openssl/types.h>

#include "core/error.hpp"
#include "core/handle.hpp"
#include "sign/signing_key.hpp"

extern "C" void BN_clear_free(BIGNUM*);

namespace dandelion {

// A key on the curve P-384 (FIPS 186-5), for formats that know no Ed25519. Its signatures hold no
// chance: the same message gives the same bytes (RFC 6979), which OpenSSL 3.0 cannot be asked for.
class P384Key {
 public:
  // The key that goes with an operator's: whoever has the one can make the other, and nobody else.
  // Its secret is HKDF-SHA384 (RFC 5869) of the Ed25519 seed, without salt, with the info
  // "dandelion wacz-auth P-384", 56 bytes long: that number modulo the curve's order less one, plus
  // one (FIPS 186-5, A.2.1).
  [[nodiscard]] static P384Key belonging_to(const SigningKey& key);

  // `secret`: 48 bytes, highest first. malformed where that is no number from 1 to the order less
  // one.
  [[nodiscard]] static Result<P384Key> of(std::string_view secret);

  // The public key as DER: SubjectPublicKeyInfo (RFC 5480), the point uncompressed.
  [[nodiscard]] std::string public_key_info() const;

  // Of the message's SHA-256: r and s, 48 bytes each, as WebCrypto writes and reads them.
  [[nodiscard]] std::string sign(std::string_view message) const;

 private:
  using Secret = Handle<BIGNUM, BN_clear_free>;
  explicit P384Key(Secret secret) : secret_(std::move(secret)) {}
  Secret secret_;
};

}  // namespace dandelion
