// SPDX-License-Identifier: MIT
#include "config/told.hpp"

namespace dandelion {
namespace {

const SiteNetworkSettings& network_of(const LoadedConfig& loaded) {
  return loaded.config->network.sites.at("a");
}

TEST(SiteNetwork, SaysWhereHostsLie) {
  const LoadedConfig loaded =
      load(with_site("    resolve: {News.example: [192.0.2.1, \"2001:db8::1\"]}\n"
                     "    connect_to: {\"news.example:443\": \"edge.example:8443\", b.example: "
                     "\"[2001:db8::2]:443\"}\n"));
  ASSERT_TRUE(loaded.config);
  const auto& detours = network_of(loaded).detours;
  ASSERT_EQ(detours.size(), 4U);
  EXPECT_EQ(detours[0].host, "news.example");
  EXPECT_EQ(detours[0].to_host, "192.0.2.1");
  EXPECT_EQ(detours[1].to_host, "2001:db8::1");
  EXPECT_EQ(detours[2].port, 443);
  EXPECT_EQ(detours[2].to_host, "edge.example");
  EXPECT_EQ(detours[2].to_port, 8443);
  EXPECT_EQ(detours[3].port, 0);
  EXPECT_EQ(detours[3].to_host, "2001:db8::2");
}

TEST(SiteNetwork, KeepsSecretsOutOfHeaders) {
  const LoadedConfig loaded = load(with_site(
      "    headers: {Accept-Language: zh-Hans, Authorization: env:KEY}\n    cookies: c.txt\n"));
  ASSERT_TRUE(loaded.config);
  const auto& headers = network_of(loaded).headers;
  ASSERT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers[0].value, "zh-Hans");
  EXPECT_EQ(headers[1].secret->name, "KEY");
  EXPECT_EQ(headers[1].value, "");
  EXPECT_EQ(network_of(loaded).cookies, "/home/me/mirror/c.txt");
  EXPECT_EQ(told(with_site("    headers: {Authorization: Bearer hunter2}\n")).find("hunter2"),
            std::string::npos);
}

TEST(SiteNetwork, KnowsTheSitesOwnDomains) {
  const LoadedConfig loaded = load(with_site("      - index: https://www.other.example/x\n"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(network_of(loaded).own_domains,
            (std::vector<std::string>{"e.example", "other.example"}));
}

TEST(SiteNetwork, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_site("    resolve: {news.example: edge.example}\n"),
                   "sites.yaml:6:29: 'edge.example' is no IP address, such as 192.0.2.1 or "
                   "2001:db8::1"},
           Mistake{with_site("    resolve: {192.0.2.1: 192.0.2.2}\n"),
                   "sites.yaml:6:15: '192.0.2.1' is no host's name, such as news.example.org"},
           Mistake{with_site("    resolve: {\"a b\": 192.0.2.2}\n"),
                   "sites.yaml:6:15: 'a b' is no host's name, such as news.example.org"},
           Mistake{with_site("    connect_to: {\"a.example:0\": b.example}\n"),
                   "sites.yaml:6:18: expected host or host:port, such as edge.example.org:443"},
           Mistake{with_site("    connect_to: {a.example: \"b.example/x\"}\n"),
                   "sites.yaml:6:29: expected host or host:port, such as edge.example.org:443"},
           Mistake{with_site("    headers: {Host: b.example}\n"),
                   "sites.yaml:6:15: 'Host' is no header that can be set here"},
           Mistake{with_site("    headers: [a]\n"),
                   "sites.yaml:6:14: expected headers as `name: value` lines"},
       }) {
    expect_told(mistake);
  }
}

}  // namespace
}  // namespace dandelion
