// SPDX-License-Identifier: MIT
#include "config/told.hpp"

namespace dandelion {
namespace {

std::string with_network(std::string_view lines) {
  return with_site("network:\n").append(lines).append("\n");
}

TEST(Network, TakesTorByItsName) {
  const LoadedConfig loaded = load(with_network("  proxies: tor"));
  ASSERT_TRUE(loaded.config);
  ASSERT_EQ(loaded.config->network.proxies.size(), 1U);
  EXPECT_EQ(loaded.config->network.proxies[0].display(), "socks5h://127.0.0.1:9050");
}

TEST(Network, TakesPathsFromTheFilesFolder) {
  const LoadedConfig loaded = load(with_network(
      "  ca_file: ca.pem\n  proxy_password: file:../pw\n  proxies: [\"http://u@h:1\"]"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->network.ca_file, "/home/me/mirror/ca.pem");
  EXPECT_EQ(loaded.config->network.proxy_password->name, "/home/me/pw");
}

TEST(Network, TakesTheEndsOfEveryRange) {
  expect_silent(with_network(
      "  {timeout: 1s, retries: 0, max_body: 1KiB, per_host: {connections: 1, delay: 0s}}"));
  expect_silent(with_network(
      "  {timeout: 1h, retries: 20, max_body: 1GiB, per_host: {connections: 64, delay: 1h}}"));
  expect_silent(with_network("  {ca_file: null, proxies: [], dns_over_https: ~}"));
}

TEST(Network, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_network("  timeout: 999ms"),
                   "sites.yaml:7:12: 999ms is out of range; it goes from 1s to 1h"},
           Mistake{with_network("  timeout: 61m"),
                   "sites.yaml:7:12: 61m is out of range; it goes from 1s to 1h"},
           Mistake{with_network("  timeout: [1]"),
                   "sites.yaml:7:12: expected a duration such as 30s, found a list; a text that "
                   "begins with [ needs quotes"},
           Mistake{with_network("  retries: 21"),
                   "sites.yaml:7:12: '21' is no number from 0 to 20"},
           Mistake{with_network("  retries: many"),
                   "sites.yaml:7:12: 'many' is no number from 0 to 20"},
           Mistake{with_network("  max_body: 1023"),
                   "sites.yaml:7:13: 1023 is out of range; it goes from 1KiB to 1GiB"},
           Mistake{with_network("  max_body: 32MB"),
                   "sites.yaml:7:13: '32MB' is no size; write one such as 64KiB, 32MiB or 1GiB"},
           Mistake{with_network("  per_host: {connections: 65, delay: 2h, dealy: 1s}"),
                   "sites.yaml:7:27: '65' is no number from 1 to 64\n"
                   "sites.yaml:7:38: 2h is out of range; it goes from 0s to 1h\n"
                   "sites.yaml:7:42: unknown key 'dealy' (did you mean 'delay'?)"},
           Mistake{with_network("  per_host: 4"),
                   "sites.yaml:7:13: expected per_host as `key: value` lines, found text"},
           Mistake{with_network("  isolate: page"),
                   "sites.yaml:7:12: 'page' is not one of none, site, host"},
           Mistake{with_network("  private_addresses: yes"),
                   "sites.yaml:7:22: 'yes' is not one of deny, allow"},
           Mistake{with_network("  dns_over_https: http://dns.example/"),
                   "sites.yaml:7:19: dns_over_https takes an address that begins with https://"},
           Mistake{with_network("  user_agent: \"a\\r\\nCookie: b\""),
                   "sites.yaml:7:15: this holds a line break or a control character; write it on "
                   "one line"},
           Mistake{with_network("  proxies: socks5h://127.0.0.1:9050"),
                   "sites.yaml:7:12: expected a list of proxy addresses (or the word tor) (lines "
                   "that begin with `- `), found text"},
           Mistake{with_network("  ca_file: ~/ca.pem"),
                   "sites.yaml:7:12: ~ is not expanded here; write the whole path"},
       })
    expect_told(mistake);
}

TEST(Network, DoesNotGoDirectBecauseEveryProxyIsCommentedOut) {
  expect_told(
      {with_network("  proxies:\n    # - socks5h://127.0.0.1:9050"),
       "sites.yaml:7:3: no proxy stands behind `proxies:`, so every connection would go out "
       "directly; name one, or write [] where that is meant"});
}

TEST(Network, WarnsOfWhatCannotMatter) {
  expect_warned({with_network("  dns_over_https: https://dns.example/\n  proxies: tor"),
                 "sites.yaml:7:19: warning: dns_over_https has no effect where a proxy resolves "
                 "names"});
  expect_warned({with_network("  proxies: tor\n  proxy_password: env:PW"),
                 "sites.yaml:8:19: warning: no proxy's address names a user "
                 "(http://user@host:port), so proxy_password is not used"});
}

TEST(Network, WantsAPlaceWhereThePasswordIs) {
  for (const std::string_view value : {"hunter2", "env", "environment:PW", "\"file:\""})
    expect_told({with_network(fmt::format("  proxy_password: {}", value)),
                 "sites.yaml:7:19: a secret must not stand in this file; name where it is by "
                 "env:NAME or file:PATH"});
  for (const std::string_view value : {"\"env:\"", "\"env: PW\"", "env:9PW", "env:P-W", "env:P=W"})
    expect_told({with_network(fmt::format("  proxy_password: {}", value)),
                 "sites.yaml:7:19: behind env: stands the name of an environment variable, such as "
                 "GITHUB_TOKEN"});
}

TEST(Network, PinsTheResolverThatItNames) {
  const LoadedConfig loaded = load(with_network(
      "  dns_over_https: {url: https://dns.example/q, address: [192.0.2.1, \"2001:db8::1\"]}"));
  ASSERT_TRUE(loaded.config);
  ASSERT_TRUE(loaded.config->network.dns_over_https);
  EXPECT_EQ(loaded.config->network.dns_over_https->url, "https://dns.example/q");
  EXPECT_EQ(loaded.config->network.dns_over_https->addresses,
            (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
  expect_silent(with_network("  dns_over_https: https://192.0.2.1/q"));
  expect_silent(with_network("  dns_over_https: \"https://[2001:db8::1]/q\""));
  expect_told({with_network("  dns_over_https: https://dns.example/q"),
               "sites.yaml:7:19: this server's own name would be looked up in the clear; write "
               "where it lies: {url: https://…, address: 192.0.2.1}"});
  expect_told({with_network("  dns_over_https: {url: https://dns.example/q, address: dns.example}"),
               "sites.yaml:7:57: 'dns.example' is no IP address, such as 192.0.2.1 or "
               "2001:db8::1"});
}

TEST(Network, KnowsThatTorWasMeant) {
  EXPECT_TRUE(load(with_network("  proxies: tor")).config->network.expects_tor);
  EXPECT_FALSE(
      load(with_network("  proxies: [socks5h://127.0.0.1:9050]")).config->network.expects_tor);
}

TEST(Network, TakesLimitsForTheWholeRun) {
  const LoadedConfig loaded = load(with_network(
      "  {connections: 8, connect_timeout: 5s, stall_timeout: 10s, block_pages: mine.yaml}"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->network.connections, 8);
  EXPECT_EQ(loaded.config->network.connect_timeout, std::chrono::seconds(5));
  EXPECT_EQ(loaded.config->network.stall_timeout, std::chrono::seconds(10));
  EXPECT_EQ(loaded.config->network.block_pages, "/home/me/mirror/mine.yaml");
}

}  // namespace
}  // namespace dandelion
