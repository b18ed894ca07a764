// SPDX-License-Identifier: MIT
#include "sign/signing_key.hpp"

#include <new>
#include <system_error>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "core/files.hpp"
#include "sign/ssh_wire.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;

using Bio = Handle<BIO, BIO_free_all>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Derivation = Handle<EVP_KDF, EVP_KDF_free>;
using DerivationContext = Handle<EVP_KDF_CTX, EVP_KDF_CTX_free>;

constexpr std::size_t max_key_file_bytes = 16U << 10;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t seed_bytes = 32;

fs::path public_file(const fs::path& file) {
  return file.string() + ".pub";
}

// An encrypted key would make OpenSSL ask on the terminal; cron has none.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*context*/) {
  return -1;
}

std::string view_of(const PublicKey& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

}  // namespace

Result<SigningKey> SigningKey::generate() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (!key) return fail(ErrorKind::storage, "OpenSSL makes no Ed25519 key");
  return SigningKey(std::move(key));
}

Result<SigningKey> SigningKey::read(const fs::path& file) {
  std::error_code error;
  const fs::perms open_to = fs::status(file, error).permissions();
  if (!error && (open_to & (fs::perms::group_read | fs::perms::others_read)) != fs::perms::none) {
    return fail(ErrorKind::bad_input,
                "{} can be read by others; make it yours alone with `chmod 600 {}`", file.string(),
                file.string());
  }
  const auto text = read_file(file, max_key_file_bytes);
  if (!text && text.error().kind == ErrorKind::not_found) {
    return fail(ErrorKind::bad_input, "there is no key {}; make one with `dandelion keygen {}`",
                file.string(), file.string());
  }
  if (!text) return fail(ErrorKind::bad_input, "{}", text.error().message);
  const Bio source(BIO_new_mem_buf(text->data(), static_cast<int>(text->size())));
  if (!source) throw std::bad_alloc();
  Key key(PEM_read_bio_PrivateKey(source.get(), nullptr, &no_password, nullptr));
  if (text->find("BEGIN OPENSSH PRIVATE KEY") != std::string::npos) {
    return fail(ErrorKind::bad_input,
                "{} is in OpenSSH's own form; an Ed25519 key in PKCS#8 (\"BEGIN PRIVATE KEY\"), "
                "without a password, is wanted: make one with `dandelion keygen FILE`",
                file.string());
  }
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return fail(
        ErrorKind::bad_input,
        "{} is no Ed25519 key in PKCS#8 without a password; make one with `dandelion keygen FILE`",
        file.string());
  }
  return SigningKey(std::move(key));
}

Result<void> SigningKey::write(const fs::path& file) const {
  const fs::path beside = public_file(file);
  std::error_code ignored;
  for (const fs::path& each : {file, beside}) {
    if (fs::exists(each, ignored))
      return fail(ErrorKind::conflict, "{} is there already; it stays as it is", each.string());
  }
  const Bio sink(BIO_new(BIO_s_secmem()));
  if (!sink || PEM_write_bio_PKCS8PrivateKey(sink.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr) != 1) {
    return fail(ErrorKind::storage, "OpenSSL does not write the key");
  }
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(sink.get(), &bytes);
  if (!file.parent_path().empty()) {
    if (auto done = create_folders(file.parent_path()); !done) return done;
  }
  auto done = create_file(file, {bytes, static_cast<std::size_t>(size)}, true);
  if (done) done = create_file(beside, minisign_line(public_key()) + "\n");
  return done;
}

PublicKey SigningKey::public_key() const {
  PublicKey bytes{};
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size);
  return bytes;
}

std::string SigningKey::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  std::string signature(signature_bytes, '\0');
  std::size_t size = signature.size();
  const bool signed_ =
      context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  if (!signed_) throw std::bad_alloc();  // Ed25519 fails for nothing else
  return signature;
}

std::string SigningKey::derive(std::string_view label, std::size_t bytes) const {
  std::array<unsigned char, seed_bytes> seed{};
  std::size_t size = seed.size();
  EVP_PKEY_get_raw_private_key(key_.get(), seed.data(), &size);
  std::string digest = "SHA384";
  std::string info(label);
  const std::array<OSSL_PARAM, 4> parameters = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, seed.data(), seed.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end()};
  const Derivation hkdf(EVP_KDF_fetch(nullptr, OSSL_KDF_NAME_HKDF, nullptr));
  const DerivationContext context(EVP_KDF_CTX_new(hkdf.get()));
  std::string derived(bytes, '\0');
  const bool is_done =
      context && EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(derived.data()),
                                derived.size(), parameters.data()) == 1;
  OPENSSL_cleanse(seed.data(), seed.size());
  if (!is_done) throw std::bad_alloc();  // HKDF fails for nothing else
  return derived;
}

std::string minisign_line(const PublicKey& key) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(key.data(), key.size(), digest.data());
  constexpr std::size_t name_bytes = 8;
  return base64("Ed" + std::string(reinterpret_cast<const char*>(digest.data()), name_bytes) +
                view_of(key));
}

std::string ssh_line(const PublicKey& key) {
  return "ssh-ed25519 " + base64(ssh_public_key(key));
}

std::string ssh_fingerprint(const PublicKey& key) {
  const std::string sent = ssh_public_key(key);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(sent.data()), sent.size(), digest.data());
  std::string text = base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  while (text.ends_with('='))
    text.pop_back();
  return "SHA256:" + text;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a null
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace dandelion
