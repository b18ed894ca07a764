// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include <openssl/types.h>

#include "core/error.hpp"
#include "core/handle.hpp"

extern "C" void EVP_PKEY_free(EVP_PKEY*);

namespace dandelion {

using PublicKey = std::array<unsigned char, 32>;

// The operator's Ed25519 key (RFC 8032). On the disk it is PKCS#8 in PEM (RFC 5958), which
// `openssl pkey` reads too. For many threads at once.
class SigningKey {
 public:
  [[nodiscard]] static Result<SigningKey> generate();

  // bad_input, naming the file, where it cannot be read, is no Ed25519 key, or others than its
  // owner may read it.
  [[nodiscard]] static Result<SigningKey> read(const std::filesystem::path& file);

  // Writes `file`, for its owner alone, and `file`.pub, with the folders above them. conflict where
  // one is there already; then nothing is changed.
  [[nodiscard]] Result<void> write(const std::filesystem::path& file) const;

  [[nodiscard]] PublicKey public_key() const;

  // 64 bytes; the same for the same message.
  [[nodiscard]] std::string sign(std::string_view message) const;

  // Secret bytes for another purpose, which `label` names: HKDF-SHA384 (RFC 5869) of the key's seed
  // (RFC 8032, 5.1.5), without salt. They say nothing of the key, nor of other labels' bytes.
  [[nodiscard]] std::string derive(std::string_view label, std::size_t bytes) const;

 private:
  using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
  explicit SigningKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

// The key as one line of base64, "RW…", as `minisign -P` takes it: "Ed", eight bytes that name the
// key, the key. The name is the beginning of the key's SHA-256, so that the key alone gives it.
[[nodiscard]] std::string minisign_line(const PublicKey& key);

// "ssh-ed25519 AAAA…", for git's and ssh's lists of allowed signers.
[[nodiscard]] std::string ssh_line(const PublicKey& key);

// "SHA256:…", as `ssh-keygen -l` shows it.
[[nodiscard]] std::string ssh_fingerprint(const PublicKey& key);

[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace dandelion
