// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/secret.hpp"

namespace dandelion {

// A proxy that resolves names itself. Others (socks4, socks5) would show the operator's DNS queries
// to the network and do not exist here.
struct ProxyAddress {
  enum class Scheme { http, https, socks4a, socks5h };
  Scheme scheme = Scheme::http;
  std::string user;  // empty: none
  std::string host;
  std::uint16_t port = 0;

  // "socks5h://127.0.0.1:9050": without the user name.
  [[nodiscard]] std::string display() const;
};

enum class Isolation { none, site, host };
enum class RobotsPolicy { obey, ignore };

// A resolver over https (RFC 8484), used where no proxy resolves names.
struct DnsOverHttps {
  std::string url;                     // https
  std::vector<std::string> addresses;  // of the server itself, so that nothing asks the system for
                                       // its name; empty only where `url` has an address in it
};

// What one site's pages need beside `network:`.
struct SiteNetworkSettings {
  // A request header of the operator's own. Its value is in `value`, or where `secret` says.
  struct Header {
    std::string name;
    std::string value;
    std::optional<SecretSource> secret;
  };
  // `resolve:` and `connect_to:` alike: connections for host:port go to another host or address;
  // SNI, certificate check and Host header stay with the first. Port 0: whatever the request's is.
  struct Detour {
    std::string host;
    std::uint16_t port = 0;
    std::string to_host;  // a name, or an address (IPv6 without brackets)
    std::uint16_t to_port = 0;
  };
  std::vector<Detour> detours;  // several for one host and port: taken in turn, try by try
  std::vector<Header> headers;  // sent to hosts under `own_domains` alone
  std::optional<std::filesystem::path> cookies;  // a cookies.txt (Netscape format), never written
  bool is_over_http = false;                     // some of its discover addresses are http://
  std::vector<std::string> own_domains;          // registrable domains of its discover addresses
};

// `network:` in sites.yaml: how every connection is made, for pages and for pushes.
struct NetworkSettings {
  std::vector<ProxyAddress> proxies;  // none: direct. With one, nothing ever goes direct.
  bool expects_tor = false;           // the word `tor` stood for the only proxy
  std::optional<SecretSource> proxy_password;
  Isolation isolate = Isolation::none;
  std::optional<DnsOverHttps> dns_over_https;    // absent: the system's resolver
  std::optional<std::filesystem::path> ca_file;  // extra trust anchors, PEM
  std::string user_agent = "Mozilla/5.0 (compatible; Dandelion)";
  std::chrono::milliseconds timeout{30'000};          // one transfer, connecting included
  std::chrono::milliseconds connect_timeout{20'000};  // name, TCP, proxy and TLS together
  std::chrono::milliseconds stall_timeout{30'000};    // without a byte
  int retries = 3;                     // after the first attempt, for transient failures
  std::uint64_t max_body = 32U << 20;  // bytes after decompression
  int connections = 32;                // to all hosts together
  int connections_per_host = 4;
  std::chrono::milliseconds delay_per_host{0};
  RobotsPolicy robots = RobotsPolicy::obey;
  bool allow_private_addresses = false;
  std::optional<std::filesystem::path> block_pages;               // further known block pages
  std::map<std::string, SiteNetworkSettings, std::less<>> sites;  // by the sites' names
};

}  // namespace dandelion
