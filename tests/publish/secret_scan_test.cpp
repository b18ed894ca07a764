// SPDX-License-Identifier: MIT
#include "publish/secret_scan.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

const std::string letters(60, 'x');

TEST(SecretScan, FindsWhatHasTheShapeOfASecret) {
  EXPECT_EQ(SecretScan::shape_in("token: ghp_" + letters.substr(0, 36) + "\n"),
            "a token of GitHub");
  EXPECT_EQ(SecretScan::shape_in("\"github_pat_" + letters + "\""), "a token of GitHub");
  EXPECT_EQ(SecretScan::shape_in("glpat-" + letters.substr(0, 20)), "a token of GitLab");
  for (const char* kind : {"", "RSA ", "OPENSSH ", "ENCRYPTED "}) {
    EXPECT_EQ(SecretScan::shape_in(
                  std::string("text\n-----BEGIN ").append(kind).append("PRIVATE KEY-----\nMC4C")),
              "a private key");
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
  EXPECT_EQ(scan.own_in("at /home/alices"), std::nullopt);
  EXPECT_EQ(shared.own_in("at /root/mirror"), std::nullopt);
}

}  // namespace
}  // namespace dandelion
