// SPDX-License-Identifier: MIT
#include "fetch/private_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace dandelion {
namespace {

bool is_private(const char* text) {
  sockaddr_in v4{};
  if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    return is_private_address(reinterpret_cast<const sockaddr&>(v4));
  }
  sockaddr_in6 v6{};
  EXPECT_EQ(inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
  v6.sin6_family = AF_INET6;
  return is_private_address(reinterpret_cast<const sockaddr&>(v6));
}

TEST(IsPrivateAddress, KnowsTheRangesAtTheirEdges) {
  for (const char* text : {"127.0.0.1",
                           "127.255.255.255",
                           "0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "100.127.255.255",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.168.0.1",
                           "192.0.0.8",
                           "198.18.0.1",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fc00::1",
                           "fdff::1",
                           "fe80::1",
                           "febf::1",
                           "ff02::1",
                           "::ffff:10.0.0.1",
                           "::ffff:127.0.0.1",
                           "::7f00:1",
                           "64:ff9b::10.0.0.1",
                           "64:ff9b:1::8.8.8.8",
                           "2002:7f00:1::",
                           "2002:c0a8:101::1",
                           "2001:db8::1",
                           "2001::1"}) {
    EXPECT_TRUE(is_private(text)) << text;
  }
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.1.1", "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2002:808:808::"}) {
    EXPECT_FALSE(is_private(text)) << text;
  }
}

TEST(IsPrivateHost, SeesThroughTheWaysToWriteOne) {
  for (const char* host :
       {"localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
        "0177.0.0.1", "[::1]", "[fe80::1%25eth0]", "[::ffff:127.0.0.1]"}) {
    EXPECT_TRUE(is_private_host(host)) << host;
  }
  for (const char* host :
       {"example.org", "localhost.example.org", "8.8.8.8", "[2606:4700::1]", "10.example.org"}) {
    EXPECT_FALSE(is_private_host(host)) << host;
  }
}

}  // namespace
}  // namespace dandelion
