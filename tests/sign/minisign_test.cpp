// SPDX-License-Identifier: MIT
#include "sign/minisign.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(Minisign, ChecksWhatItSigned) {
  const SigningKey key = SigningKey::generate().value();
  const std::string signature = minisign_signature(key, "a message", "2026-11-25 \n page");
  EXPECT_EQ(signature, minisign_signature(key, "a message", "2026-11-25 \n page"));
  const PublicKey shown = read_minisign_line(minisign_line(key.public_key())).value();
  EXPECT_EQ(shown, key.public_key());
  EXPECT_TRUE(check_minisign(shown, "a message", signature));
  EXPECT_FALSE(check_minisign(shown, "another", signature));
  EXPECT_FALSE(check_minisign(SigningKey::generate()->public_key(), "a message", signature));
  std::string changed = signature;
  changed.replace(changed.find("2026"), 4, "2027");
  EXPECT_EQ(check_minisign(shown, "a message", changed).error().message,
            "the signature's comment was changed");
}

TEST(Minisign, RefusesWhatIsNoSignature) {
  const PublicKey key = SigningKey::generate()->public_key();
  for (const char* text : {"", "a\nb\nc\nd\n", "untrusted comment: x\nAAAA\ntrusted comment: y\n="})
    EXPECT_EQ(check_minisign(key, "m", text).error().message, "this is no minisign signature");
  EXPECT_FALSE(read_minisign_line("RWQ"));
  EXPECT_FALSE(read_minisign_line(""));
}

}  // namespace
}  // namespace dandelion
