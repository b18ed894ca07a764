// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/error.hpp"
#include "core/network_settings.hpp"

namespace dandelion {

// Lets another program, a browser, reach the network as `network:` says and in no other way: a
// SOCKS5 server (RFC 1928, CONNECT alone, no authentication) on a free port of 127.0.0.1 whose
// connections are made by make_easy_handle, with its proxies, resolver and private addresses, fail
// closed. Names are never resolved here where there is a proxy. Only processes of the same user are
// served. It works in threads of its own until it is destroyed, which ends all its connections.
class SocksRelay {
 public:
  struct Limits {
    std::size_t connections = 64;           // at once
    std::uint64_t bytes = 200ULL << 20ULL;  // received in all; then every connection ends
  };

  // `site` is whose settings the connections go by, `first_proxy` which of network.proxies is tried
  // first. `settings` must outlive the object.
  [[nodiscard]] static Result<SocksRelay> start(const NetworkSettings& settings, std::string site,
                                                std::optional<std::size_t> first_proxy,
                                                const Limits& limits);

  SocksRelay(SocksRelay&&) noexcept;
  SocksRelay& operator=(SocksRelay&&) = delete;
  SocksRelay(const SocksRelay&) = delete;
  SocksRelay& operator=(const SocksRelay&) = delete;
  ~SocksRelay();

  [[nodiscard]] std::uint16_t port() const;
  // Why the last connection that failed did; empty: none did.
  [[nodiscard]] std::string last_error() const;

 private:
  class Server;
  explicit SocksRelay(std::unique_ptr<Server> server);
  std::unique_ptr<Server> server_;
};

}  // namespace dandelion
