// SPDX-License-Identifier: MIT
#include "publish/secret_scan.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

const std::string letters(60, 'x');
const std::string body = "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/9guVbQM6Yde4dIGBSgQ+VPOTnUl0GvqZ1Fa";

TEST(SecretScan, FindsWhatHasTheShapeOfASecret) {
  EXPECT_EQ(SecretScan::shape_in("token: ghp_" + letters.substr(0, 36) + "\n"),
            "a token of GitHub");
  EXPECT_EQ(SecretScan::shape_in("\"github_pat_" + letters + "\""), "a token of GitHub");
  EXPECT_EQ(SecretScan::shape_in("glpat-" + letters.substr(0, 20)), "a token of GitLab");
  for (const char* kind : {"", "RSA ", "OPENSSH ", "ENCRYPTED "}) {
    EXPECT_EQ(
        SecretScan::shape_in(
            std::string("text\n-----BEGIN ").append(kind).append("PRIVATE KEY-----\n") + body),
        "a private key");
  }
  for (const char* prefix : {"glrt-", "gldt-", "glptt-", "glcbt-", "gloas-", "glft-", "GR1348941"})
    EXPECT_EQ(SecretScan::shape_in(prefix + letters), "a token of GitLab") << prefix;
  EXPECT_EQ(SecretScan::shape_in("p=ATBB" + letters.substr(0, 32)), "a token of Bitbucket");
  EXPECT_EQ(SecretScan::shape_in("AGE-SECRET-KEY-1" + std::string(58, 'Q')), "a private key");
}

TEST(SecretScan, FindsKeysOfOtherPrograms) {
  EXPECT_EQ(SecretScan::shape_in("-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: x\n\n" + body),
            "a private key");
  EXPECT_EQ(SecretScan::shape_in("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: x\n" + body),
            "a private key");
  EXPECT_EQ(
      SecretScan::shape_in("-----BEGIN RSA PRIVATE KEY-----<br>Proc-Type: 4,ENCRYPTED<br>" + body),
      "a private key");
  EXPECT_EQ(
      SecretScan::shape_in("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\n"
                           "Public-Lines: 1\n" +
                           body + "\nPrivate-Lines: 1\n" + body),
      "a private key");
}

TEST(SecretScan, LeavesArticlesAboutKeys) {
  for (const char* text :
       {"A file that begins with -----BEGIN PRIVATE KEY----- holds a key; see "
        "https://example.org/documentation/security/and/keys/of/all/kinds.html for more.",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE...\n-----END RSA PRIVATE KEY-----\n"
        "0123456789abcdef0123456789abcdef0123456789abcdef",
        "-----BEGIN PGP PRIVATE KEY BLOCK----- is what gpg --export-secret-keys --armor writes",
        "a .ppk begins with PuTTY-User-Key-File-3: and has Private-Lines: near its end",
        "age keys begin with AGE-SECRET-KEY-1, and ATBB is a word"}) {
    EXPECT_EQ(SecretScan::shape_in(text), std::nullopt) << text;
  }
}

TEST(SecretScan, LeavesWhatOnlyResemblesOne) {
  for (const std::string& text :
       {std::string("ghp_short"), "aghp_" + letters, std::string("a ghp_ or a glpat- token"),
        std::string("-----BEGIN PUBLIC KEY-----"), std::string("PRIVATE KEY"),
        std::string("he said: BEGIN the PRIVATE KEY story"), std::string()}) {
    EXPECT_EQ(SecretScan::shape_in(text), std::nullopt) << text;
  }
}

TEST(SecretScan, FindsTheOperatorsOwn) {
  SecretScan scan;
  scan.add_own("the token of mirror a", "t0ken-value");
  scan.add_own("the token of mirror b", "short");
  EXPECT_EQ(scan.own_in("xt0ken-valuex"), "the token of mirror a");
  EXPECT_EQ(scan.own_in("a short text"), std::nullopt) << "words that short are everywhere";
}

TEST(SecretScan, FindsTheOperatorsOwnHoweverItIsWritten) {
  SecretScan scan;
  scan.add_own("the token", "s3cret/t0ken+x", "mirror");
  EXPECT_EQ(scan.own_in("?token=s3cret%2ft0ken%2bx"), "the token");
  EXPECT_EQ(scan.own_in(R"({"t": "s3cret\/t0ken+x"})"), "the token");
  // echo -n mirror:s3cret/t0ken+x | base64, then without the name
  EXPECT_EQ(scan.own_in("Authorization: Basic bWlycm9yOnMzY3JldC90MGtlbit4"), "the token");
  EXPECT_EQ(scan.own_in("czNjcmV0L3Qwa2VuK3g="), "the token");
}

TEST(SecretScan, FindsTheHomeFolderOfOnePerson) {
  const char* before = std::getenv("HOME");
  const std::string home = before != nullptr ? before : "";
  ::setenv("HOME", "/home/alice", 1);
  SecretScan scan;
  scan.add_this_machine();
  ::setenv("HOME", "/root", 1);
  SecretScan shared;
  shared.add_this_machine();
  ::setenv("HOME", home.c_str(), 1);
  EXPECT_EQ(scan.own_in("at /home/alice/mirror"), "your home folder");
  EXPECT_EQ(scan.own_in("?at=%2Fhome%2Falice%2Fmirror"), "your home folder");
  EXPECT_EQ(scan.own_in("at /home/alices"), std::nullopt);
  EXPECT_EQ(shared.own_in("at /root/mirror"), std::nullopt);
}

}  // namespace
}  // namespace dandelion
