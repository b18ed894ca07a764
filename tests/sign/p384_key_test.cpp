// SPDX-License-Identifier: MIT
#include "sign/p384_key.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "publish/child_process.hpp"

namespace dandelion {
namespace {

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
    bytes += static_cast<char>(hex_value(digits[at]) * 16 + hex_value(digits[at + 1]));
  return bytes;
}

// RFC 6979, A.2.6: the key and its point.
constexpr std::string_view secret =
    "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2ED"
    "F5";
constexpr std::string_view point =
    "04"
    "EC3A4E415B4E19A4568618029F427FA5DA9A8BC4AE92E02E06AAE5286B300C64DEF8F0EA9055866064A254515480BC"
    "13"
    "8015D9B72D7D57244EA8EF9AC0C621896708A59367F9DFB9F54CA84B3F1C9DB1288B231C3AE0D4FE7344FD25332647"
    "20";

TEST(P384Key, SignsAsTheStandardsOwnExamples) {
  const auto key = P384Key::of(from_hex(secret)).value();
  EXPECT_TRUE(key.public_key_info().ends_with(from_hex(point)));
  EXPECT_EQ(key.sign("sample"),
            from_hex("21B13D1E013C7FA1392D03C5F99AF8B30C570C6F98D4EA8E354B63A21D3DAA33"
                     "BDE1E888E63355D92FA2B3C36D8FB2CD"
                     "F3AA443FB107745BF4BD77CB3891674632068A10CA67E3D45DB2266FA7D1FEEB"
                     "EFDC63ECCD1AC42EC0CB8668A4FA0AB0"));
  EXPECT_EQ(key.sign("test"),
            from_hex("6D6DEFAC9AB64DABAFE36C6BF510352A4CC27001263638E5B16D9BB51D451559"
                     "F918EEDAF2293BE5B475CC8F0188636B"
                     "2D46F3BECBCC523D5F1A1256BF0C9B024D879BA9E838144C8BA6BAEB4B53B47D"
                     "51AB373F9845C0514EEFB14024787265"));
}

// Computed with Python's hmac and `openssl ec`, of the seed of RFC 8032's first example.
TEST(P384Key, BelongsToAnEd25519Key) {
  const test::TemporaryFolder folder;
  const auto file = folder / "signing.key";
  test::write_text(file,
                   "-----BEGIN PRIVATE KEY-----\n"
                   "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                   "-----END PRIVATE KEY-----\n");
  std::filesystem::permissions(file, std::filesystem::perms::owner_read);
  const auto key = P384Key::belonging_to(SigningKey::read(file).value());
  EXPECT_EQ(base64(key.public_key_info()),
            "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEOXtmnJho5LbjdDrCc7O6RZECNGPB1hfCRD3dGSDgMS/W7q79fPB/"
            "QDNpU9zDm/B8e3RZr0hwQsuKYqAy1KoQ7jdEQATtD64Cb+skbFtz7bYPvcy4HuEJ4XnNxI1HwBsO");
}

TEST(P384Key, RefusesWhatIsNoSecret) {
  EXPECT_FALSE(P384Key::of(std::string(48, '\0')));
  EXPECT_FALSE(P384Key::of(std::string(48, '\xFF')));
  EXPECT_FALSE(P384Key::of(std::string(47, '\1')));
  EXPECT_TRUE(P384Key::of(std::string(48, '\1')));
}

}  // namespace
}  // namespace dandelion
