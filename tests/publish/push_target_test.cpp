// SPDX-License-Identifier: MIT
#include "publish/push_target.hpp"

#include <gtest/gtest.h>

#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

TEST(ParseTarget, TakesSlashesOffTheEnd) {
  const auto target = parse_target("HTTPS://Example.org:443/me/site.git//").value();
  EXPECT_EQ(std::get<WebTarget>(target).address, "https://example.org/me/site.git");
  EXPECT_EQ(std::get<LocalTarget>(parse_target("/srv/a b.git").value()).folder, "/srv/a b.git");
  EXPECT_EQ(std::get<LocalTarget>(parse_target("file:///srv/a%20b%2.git").value()).folder,
            "/srv/a b%2.git");
}

TEST(ParseTarget, TakesTheAddressOfADaemonApart) {
  const auto parts = [](std::string_view url) {
    const auto target = parse_target(url);
    if (!target) return target.error().message;
    const auto& daemon = std::get<DaemonTarget>(*target);
    return daemon.host + " " + daemon.port + " " + daemon.path;
  };
  EXPECT_EQ(parts("git://127.0.0.1/a%20b.git"), "127.0.0.1 9418 /a b.git");
  EXPECT_EQ(parts("git://[::1]:99/a.git"), "[::1] 99 /a.git");
  EXPECT_EQ(parts("git://localhost:99/~me/a.git"), "localhost 99 ~me/a.git");
  EXPECT_EQ(parts("git://127.0.0.1"), "'git://127.0.0.1' names a host, but no repository on it");
  EXPECT_EQ(parts("git://127.0.0.1/a%00b"),
            "'git://127.0.0.1/a%00b' names a host, but no repository on it");
  EXPECT_EQ(parts("git://127.0.0.1:x/a"), "'git://127.0.0.1:x/a' has no number for a port");
}

TEST(MaySeeToken, KnowsWhatStaysOffThePublicNetwork) {
  for (const char* host :
       {"localhost", "git.localhost", "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1",
        "172.31.255.255", "192.168.0.7", "169.254.1.1", "[::1]", "[fe80::1]", "[fd12::1]",
        "[::ffff:10.0.0.1]", "duskgytldkxiuqc6.onion"}) {
    EXPECT_TRUE(may_see_token(host)) << host;
  }
  for (const char* host :
       {"example.org", "localhost.example.org", "8.8.8.8", "172.15.0.1", "172.32.0.1", "11.0.0.1",
        "192.169.0.1", "[2001:db8::1]", "[::ffff:8.8.8.8]", "127.0.0.1.example.org", "onion", ""}) {
    EXPECT_FALSE(may_see_token(host)) << host;
  }
}

TEST(CleanRemoteText, TakesOutWhatDoesNotBelongInALog) {
  EXPECT_EQ(clean_remote_text("remote: \x1b[31mNo.\x1b[0m\r\n\r\nremote: Ask\tthe admin\n"),
            "[31mNo.[0m; Ask the admin");
  EXPECT_EQ(clean_remote_text("a\xff\xc3z \xe2\x80\xae"
                              "evil \xc2\x9b ü世"),
            "az evil ü世");
  EXPECT_EQ(clean_remote_text(" \n\n"), "");
  EXPECT_EQ(clean_remote_text("世世世", 4), "世…");
  EXPECT_LE(clean_remote_text(std::string(100'000, 'x') + "\ny").size(), 610U);
  EXPECT_EQ(first_remote_line("\n\n first \nsecond"), "first");
}

}  // namespace
}  // namespace dandelion
