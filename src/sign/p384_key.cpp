// SPDX-License-Identifier: MIT
#include "sign/p384_key.hpp"

#include <array>
#include <new>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/hmac.h>
#include <openssl/obj_mac.h>
#include <openssl/sha.h>

namespace dandelion {
namespace {

using Number = Handle<BIGNUM, BN_clear_free>;
using Context = Handle<BN_CTX, BN_CTX_free>;
using Group = Handle<EC_GROUP, EC_GROUP_free>;
using Point = Handle<EC_POINT, EC_POINT_clear_free>;

constexpr std::size_t number_bytes = 48;
constexpr std::size_t hash_bytes = SHA256_DIGEST_LENGTH;
constexpr std::string_view derivation_label = "dandelion wacz-auth P-384";
// 64 bits more than the order has, so that the remainder favours no number.
constexpr std::size_t derived_bytes = number_bytes + 8;

// What of the public key is the same for all: SEQUENCE { { id-ecPublicKey, secp384r1 }, BIT STRING.
constexpr std::array<unsigned char, 23> info_prefix = {
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
    0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00};

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL's numbers and points fail for want of memory alone, as they are used here.
template <typename Owner>
Owner made(Owner owner) {
  if (!owner) throw std::bad_alloc();
  return owner;
}

void succeed(int code) {
  if (code != 1) throw std::bad_alloc();
}

Number number_of(std::string_view bytes) {
  auto number = made(Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr)));
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  return number;
}

std::string padded(const BIGNUM* number) {
  std::string bytes(number_bytes, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), number_bytes);
  return bytes;
}

Group curve() {
  return made(Group(EC_GROUP_new_by_curve_name(NID_secp384r1)));
}

bool is_secret(const BIGNUM* number, const EC_GROUP* group) {
  return BN_is_zero(number) == 0 && BN_cmp(number, EC_GROUP_get0_order(group)) < 0;
}

// `factor` times the curve's generator.
Point times_generator(const EC_GROUP* group, const BIGNUM* factor, BN_CTX* context) {
  auto point = made(Point(EC_POINT_new(group)));
  succeed(EC_POINT_mul(group, point.get(), factor, nullptr, nullptr, context));
  return point;
}

std::string sha256(std::string_view text) {
  std::string digest(hash_bytes, '\0');
  SHA256(bytes_of(text), text.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

// RFC 6979, 3.2: the numbers that a signature may begin with, made of its key and its message.
class Nonces {
 public:
  Nonces(const BIGNUM* secret, const std::string& hash) {
    // The hash is shorter than the order: as a number it is below it, and needs no reduction.
    const std::string seed = padded(secret) + std::string(number_bytes - hash_bytes, '\0') + hash;
    for (const char step : {'\0', '\1'})
      stir(step + seed);
  }

  Number next() {
    if (has_given_) stir(std::string(1, '\0'));
    has_given_ = true;
    std::string bits;
    while (bits.size() < number_bytes) {
      value_ = hmac(value_);
      bits += value_;
    }
    return number_of(bits.substr(0, number_bytes));
  }

 private:
  [[nodiscard]] std::string hmac(std::string_view text) const {
    std::string code(hash_bytes, '\0');
    if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), bytes_of(text), text.size(),
             reinterpret_cast<unsigned char*>(code.data()), nullptr) == nullptr) {
      throw std::bad_alloc();
    }
    return code;
  }

  void stir(const std::string& text) {
    key_ = hmac(value_ + text);
    value_ = hmac(value_);
  }

  std::string key_ = std::string(hash_bytes, '\0');
  std::string value_ = std::string(hash_bytes, '\1');
  bool has_given_ = false;
};

}  // namespace

P384Key P384Key::belonging_to(const SigningKey& key) {
  std::string derived = key.derive(derivation_label, derived_bytes);
  const auto number = number_of(derived);
  OPENSSL_cleanse(derived.data(), derived.size());
  const auto group = curve();
  const auto context = made(Context(BN_CTX_new()));
  const auto below = made(Number(BN_dup(EC_GROUP_get0_order(group.get()))));
  auto secret = made(Number(BN_new()));
  succeed(BN_sub_word(below.get(), 1));
  succeed(BN_nnmod(secret.get(), number.get(), below.get(), context.get()));
  succeed(BN_add_word(secret.get(), 1));
  BN_set_flags(secret.get(), BN_FLG_CONSTTIME);
  return P384Key(std::move(secret));
}

Result<P384Key> P384Key::of(std::string_view secret) {
  auto number = number_of(secret);
  if (secret.size() != number_bytes || !is_secret(number.get(), curve().get()))
    return fail(ErrorKind::malformed, "this is no secret key of P-384");
  return P384Key(std::move(number));
}

std::string P384Key::public_key_info() const {
  const auto group = curve();
  const auto context = made(Context(BN_CTX_new()));
  const auto point = times_generator(group.get(), secret_.get(), context.get());
  std::string info(info_prefix.begin(), info_prefix.end());
  std::array<unsigned char, 1 + 2 * number_bytes> bytes{};
  if (EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                         bytes.size(), context.get()) != bytes.size()) {
    throw std::bad_alloc();
  }
  return info.append(bytes.begin(), bytes.end());
}

std::string P384Key::sign(std::string_view message) const {
  const auto group = curve();
  const auto context = made(Context(BN_CTX_new()));
  const BIGNUM* order = EC_GROUP_get0_order(group.get());
  const std::string hash = sha256(message);
  const auto hashed = number_of(hash);
  auto r = made(Number(BN_new()));
  auto s = made(Number(BN_new()));
  Nonces nonces(secret_.get(), hash);
  // FIPS 186-5, 6.4.1; that it takes a second round is as likely as guessing the key.
  while (BN_is_zero(r.get()) != 0 || BN_is_zero(s.get()) != 0) {
    const auto nonce = nonces.next();
    if (!is_secret(nonce.get(), group.get())) continue;
    const auto point = times_generator(group.get(), nonce.get(), context.get());
    succeed(
        EC_POINT_get_affine_coordinates(group.get(), point.get(), r.get(), nullptr, context.get()));
    succeed(BN_nnmod(r.get(), r.get(), order, context.get()));
    succeed(BN_mod_mul(s.get(), r.get(), secret_.get(), order, context.get()));
    succeed(BN_mod_add(s.get(), s.get(), hashed.get(), order, context.get()));
    const auto inverse = made(Number(BN_mod_inverse(nullptr, nonce.get(), order, context.get())));
    succeed(BN_mod_mul(s.get(), s.get(), inverse.get(), order, context.get()));
  }
  return padded(r.get()) + padded(s.get());
}

}  // namespace dandelion
