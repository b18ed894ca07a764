// SPDX-License-Identifier: MIT
#include "sign/signing_key.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "publish/child_process.hpp"
#include "sign/ssh_signature.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;

class SigningKeyTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path file() const { return folder_ / "keys/signing.key"; }
  test::TemporaryFolder folder_;
};

TEST_F(SigningKeyTest, ComesBackFromItsFileWhichIsItsOwnersAlone) {
  const auto made = SigningKey::generate().value();
  ASSERT_TRUE(made.write(file()));
  EXPECT_EQ(fs::status(file()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const auto read = SigningKey::read(file());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->public_key(), made.public_key());
  EXPECT_EQ(read->sign("text"), made.sign("text"));
  EXPECT_NE(read->sign("text"), made.sign("another"));
}

TEST_F(SigningKeyTest, WritesThePublicKeyAsMinisignTakesIt) {
  const auto key = SigningKey::generate().value();
  ASSERT_TRUE(key.write(file()));
  const std::string line = test::file_text(file().string() + ".pub");
  EXPECT_EQ(line, minisign_line(key.public_key()) + "\n");
  EXPECT_TRUE(line.starts_with("RW")) << line;
  EXPECT_EQ(line.size(), 57U) << "42 bytes in base64";
}

TEST_F(SigningKeyTest, HasTheFingerprintThatSshKeygenShows) {
  if (test::find_program("ssh-keygen").empty()) GTEST_SKIP() << "ssh-keygen is missing";
  const auto key = SigningKey::generate().value();
  test::write_text(folder_ / "key.pub", ssh_line(key.public_key()) + "\n");
  const auto shown = run({"ssh-keygen", "-l", "-f", (folder_ / "key.pub").string()});
  EXPECT_NE(shown.output.find(ssh_fingerprint(key.public_key())), std::string::npos)
      << shown.output;
}

TEST_F(SigningKeyTest, OverwritesNothing) {
  const auto first = SigningKey::generate().value();
  ASSERT_TRUE(first.write(file()));
  const auto second = SigningKey::generate()->write(file());
  ASSERT_FALSE(second);
  EXPECT_EQ(static_cast<int>(second.error().kind), static_cast<int>(ErrorKind::conflict));
  EXPECT_EQ(SigningKey::read(file())->public_key(), first.public_key());
}

TEST_F(SigningKeyTest, SaysWhatIsWrongWithAFile) {
  const auto told = [&] { return SigningKey::read(file()).error().message; };
  EXPECT_NE(told().find("dandelion keygen"), std::string::npos) << told();
  test::write_text(file(), "no key\n");
  EXPECT_NE(told().find("chmod 600"), std::string::npos) << told();
  fs::permissions(file(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_NE(told().find("is no Ed25519 key"), std::string::npos) << told();
  const auto openssl = [&](const std::vector<std::string>& words) {
    EXPECT_EQ(run(words).code, 0);
    fs::permissions(file(), fs::perms::owner_read | fs::perms::owner_write);
  };
  openssl({"openssl", "genpkey", "-algorithm", "RSA", "-out", file().string()});
  EXPECT_NE(told().find("is no Ed25519 key"), std::string::npos) << told();
  openssl({"openssl", "genpkey", "-algorithm", "ED25519", "-aes-128-cbc", "-pass", "pass:x", "-out",
           file().string()});
  EXPECT_NE(told().find("without a password"), std::string::npos) << told();
  openssl({"openssl", "genpkey", "-algorithm", "ED25519", "-out", file().string()});
  EXPECT_TRUE(SigningKey::read(file()));
}

// RFC 8032, 7.1, test 2, in RFC 8410's form.
TEST_F(SigningKeyTest, SignsAsTheStandardSays) {
  test::write_text(file(),
                   "-----BEGIN PRIVATE KEY-----\n"
                   "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
                   "-----END PRIVATE KEY-----\n");
  fs::permissions(file(), fs::perms::owner_read | fs::perms::owner_write);
  const auto key = SigningKey::read(file());
  ASSERT_TRUE(key) << key.error().message;
  std::string hex;
  for (const char byte : key->sign("\x72"))
    hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  EXPECT_EQ(hex.substr(0, 64), "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da");
}

TEST_F(SigningKeyTest, IsAcceptedBySshKeygen) {
  if (test::find_program("ssh-keygen").empty()) GTEST_SKIP() << "ssh-keygen is missing";
  const auto key = SigningKey::generate().value();
  const std::string message = "one\ntwo\n";
  test::write_text(folder_ / "signature", ssh_signature(key, message, "git"));
  test::write_text(folder_ / "message", message);
  test::write_text(folder_ / "signers", "mirror@example.invalid " + ssh_line(key.public_key()));
  const auto verify = [&](const std::string& name_space) {
    return run({"sh", "-c",
                fmt::format("ssh-keygen -Y verify -f {0}/signers -I mirror@example.invalid -n {1} "
                            "-s {0}/signature < {0}/message",
                            folder_.path().string(), name_space)});
  };
  EXPECT_EQ(verify("git").code, 0) << verify("git").output;
  EXPECT_NE(verify("file").code, 0);
  test::write_text(folder_ / "message", "one\ntwo!\n");
  EXPECT_NE(verify("git").code, 0);
}

}  // namespace
}  // namespace dandelion
