// SPDX-License-Identifier: MIT
#include "publish/host_limits.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

MirrorSettings at(const std::string& url, const std::string& limits = {}) {
  MirrorSettings mirror;
  mirror.url = url;
  mirror.limits = limits;
  return mirror;
}

TEST(HostLimits, GoByTheHostInTheAddress) {
  EXPECT_EQ(limits_of(at("https://GitHub.com/a/b.git")).name, "github");
  EXPECT_EQ(limits_of(at("ssh://git@ssh.github.com:443/a/b.git")).name, "github");
  EXPECT_EQ(limits_of(at("git@gitlab.com:a/b.git")).name, "gitlab");
  EXPECT_EQ(limits_of(at("https://codeberg.org/a/b")).name, "codeberg");
  EXPECT_EQ(limits_of(at("https://notgithub.com/a/b")).name, "none");
  EXPECT_EQ(limits_of(at("https://example.org/github.com/b")).name, "none");
  EXPECT_EQ(limits_of(at("/srv/github.com/b.git")).name, "none");
}

TEST(HostLimits, AreTheConfiguredOnesWhereThatSaysSo) {
  EXPECT_EQ(limits_of(at("https://git.example/a/b.git", "github")).file, 100U << 20U);
  EXPECT_EQ(limits_of(at("https://github.com/a/b.git", "none")).file, 0U);
}

TEST(PushInterval, IsWhatTheHostWants) {
  using std::chrono::milliseconds;
  EXPECT_EQ(push_interval(at("https://github.com/a/b.git")), milliseconds(10'000));
  EXPECT_EQ(push_interval(at("git@git.example:a/b.git", "github")), milliseconds(10'000));
  EXPECT_EQ(push_interval(at("https://gitlab.com/a/b.git")), milliseconds(0));
}

TEST(PushInterval, IsNoneForRepositoriesOnThisMachine) {
  using std::chrono::milliseconds;
  for (const char* url : {"/srv/b.git", "file:///srv/b.git"})
    EXPECT_EQ(push_interval(at(url, "github")), milliseconds(0)) << url;
}

}  // namespace
}  // namespace dandelion
