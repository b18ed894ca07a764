// SPDX-License-Identifier: MIT
#include "publish/ssh_command.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

SshTarget target(std::string_view url) {
  return std::get<SshTarget>(parse_target(url).value());
}

bool has(const std::vector<std::string>& command, std::string_view word) {
  return std::find(command.begin(), command.end(), word) != command.end();
}

TEST(SshTarget, IsReadFromBothForms) {
  const SshTarget url = target("ssh://git@example.org:2222/a/b.git");
  EXPECT_EQ(url.user + "|" + url.host + "|" + url.port + "|" + url.path,
            "git|example.org|2222|/a/b.git");
  const SshTarget brief = target("git@example.org:a/b.git");
  EXPECT_EQ(brief.user + "|" + brief.host + "|" + brief.port + "|" + brief.path,
            "git|example.org||a/b.git");
  EXPECT_EQ(target("ssh://[::1]:22/a").host, "::1");
  EXPECT_EQ(target("ssh://example.org/~me/a%20b.git").path, "~me/a b.git");
  EXPECT_EQ(target("alias:/srv/a.git").path, "/srv/a.git");
}

TEST(SshTarget, RefusesWhatAShellOrSshWouldTakeForMore) {
  for (const char* url :
       {"ssh://-oProxyCommand=x/a.git", "ssh://a b/c", "ssh://me@-x/a", "ssh://h;x/a",
        "ssh://h/a'b", "ssh://h/a%0ab", "ssh://h/", "ssh://h", "ssh:///a", "h:-x", "ssh://h:2x/a\\",
        "ssh://$(x)/a", "ssh://me:s3cret@h/a"}) {
    const auto refused = parse_target(url);
    ASSERT_FALSE(refused) << url;
    EXPECT_EQ(refused.error().message.find("s3cret"), std::string::npos);
  }
}

TEST(SshCommand, AsksNoQuestionAndUsesTheMirrorsOwnKeys) {
  MirrorSettings mirror;
  mirror.ssh_key = "/keys/with \"100%\"";
  mirror.known_hosts = "/keys/known";
  const auto command = ssh_command(mirror, target("ssh://git@h:2222/a.git"), {});
  EXPECT_EQ(command.front(), "ssh");
  EXPECT_TRUE(has(command, "BatchMode=yes"));
  EXPECT_TRUE(has(command, "IdentitiesOnly=yes"));
  EXPECT_TRUE(has(command, "UserKnownHostsFile=\"/keys/known\""));
  EXPECT_TRUE(has(command, "StrictHostKeyChecking=yes"));
  EXPECT_EQ(command.back(), "git-receive-pack '/a.git'");
  EXPECT_EQ(command.end()[-2], "h");
  EXPECT_FALSE(std::any_of(command.begin(), command.end(),
                           [](const auto& word) { return word.starts_with("ProxyCommand"); }));
}

TEST(SshCommand, LeavesEveryConnectionToTheTunnel) {
  const auto command = ssh_command({}, target("h:a.git"), {"/it's/100%", "-c", "a b"});
  EXPECT_TRUE(has(command, "ProxyCommand='/it'\\''s/100%%' '-c' 'a b' %h %p"));
  EXPECT_TRUE(has(command, "ProxyJump=none"));
  EXPECT_TRUE(has(command, "ControlPath=none"));
  EXPECT_TRUE(has(command, "VerifyHostKeyDNS=no"));
}

}  // namespace
}  // namespace dandelion
