// SPDX-License-Identifier: MIT
#include "sign/minisign.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <vector>

#include <openssl/evp.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using VerifyKey = Handle<EVP_PKEY, EVP_PKEY_free>;

constexpr std::string_view untrusted = "untrusted comment: signature by Dandelion";
constexpr std::string_view trusted = "trusted comment: ";
constexpr std::size_t name_bytes = 8;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t max_line = 8'192;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string blake2b(std::string_view message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(message.data(), message.size(), digest.data(), &size, EVP_blake2b512(), nullptr) !=
      1) {
    throw std::bad_alloc();
  }
  return {reinterpret_cast<const char*>(digest.data()), size};
}

// Empty where the text is no base64.
std::string unbase64(std::string_view text) {
  text = trim(text);
  if (text.size() % 4 != 0 || text.size() > max_line) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), bytes_of(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return {};
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - std::min<std::size_t>(padding, 2));
  return bytes;
}

bool is_signed(const PublicKey& key, std::string_view message, std::string_view signature) {
  const VerifyKey verifier(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const DigestContext context(EVP_MD_CTX_new());
  return verifier && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, verifier.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                          message.size()) == 1;
}

// The eight bytes that name a key.
std::string name_of(const PublicKey& key) {
  return unbase64(minisign_line(key)).substr(2, name_bytes);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < 4) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    if (lines.back().ends_with('\r')) lines.back().remove_suffix(1);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::string minisign_signature(const SigningKey& key, std::string_view message,
                               std::string_view comment) {
  const std::string signature = key.sign(blake2b(message));
  const std::string line(trim(replace_all(comment, "\n", " ")));
  return fmt::format("{}\n{}\n{}{}\n{}\n", untrusted,
                     base64("ED" + name_of(key.public_key()) + signature), trusted, line,
                     base64(key.sign(signature + line)));
}

Result<PublicKey> read_minisign_line(std::string_view line) {
  PublicKey key{};
  const std::string bytes = unbase64(line);
  if (bytes.size() != 2 + name_bytes + key.size() || !bytes.starts_with("Ed"))
    return fail(ErrorKind::malformed, "this is no minisign public key (one line, \"RW…\")");
  std::copy(bytes.end() - static_cast<std::ptrdiff_t>(key.size()), bytes.end(), key.begin());
  return key;
}

Result<void> check_minisign(const PublicKey& key, std::string_view message,
                            std::string_view signature) {
  const auto lines = lines_of(signature);
  if (lines.size() != 4 || !lines[2].starts_with(trusted))
    return fail(ErrorKind::refused, "this is no minisign signature");
  const std::string bytes = unbase64(lines[1]);
  const std::string global = unbase64(lines[3]);
  if (bytes.size() != 2 + name_bytes + signature_bytes || global.size() != signature_bytes)
    return fail(ErrorKind::refused, "this is no minisign signature");
  const bool is_hashed = bytes.starts_with("ED");
  if (!is_hashed && !bytes.starts_with("Ed"))
    return fail(ErrorKind::refused, "a signature of a kind that minisign does not know");
  const std::string_view own = std::string_view(bytes).substr(2 + name_bytes);
  if (!is_signed(key, is_hashed ? blake2b(message) : std::string(message), own))
    return fail(ErrorKind::refused, "the signature is not one of this text by this key");
  if (!is_signed(key, std::string(own) + std::string(lines[2].substr(trusted.size())), global))
    return fail(ErrorKind::refused, "the signature's comment was changed");
  return {};
}

}  // namespace dandelion
