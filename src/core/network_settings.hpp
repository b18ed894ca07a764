// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
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

// `network:` in sites.yaml: how every connection is made, for pages and for pushes.
struct NetworkSettings {
  std::vector<ProxyAddress> proxies;  // none: direct. With one, nothing ever goes direct.
  std::optional<SecretSource> proxy_password;
  Isolation isolate = Isolation::none;
  std::string dns_over_https;  // https address; empty: the system's resolver. Only where no proxy
                               // resolves names.
  std::optional<std::filesystem::path> ca_file;  // extra trust anchors, PEM
  std::string user_agent = "Mozilla/5.0 (compatible; Dandelion)";
  std::chrono::milliseconds timeout{30'000};  // one transfer, connecting included
  int retries = 3;                            // after the first attempt, for transient failures
  std::uint64_t max_body = 32U << 20;         // bytes after decompression
  int connections_per_host = 4;
  std::chrono::milliseconds delay_per_host{0};
  RobotsPolicy robots = RobotsPolicy::obey;
  bool allow_private_addresses = false;
};

}  // namespace dandelion
