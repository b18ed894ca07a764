// SPDX-License-Identifier: MIT
#include "fetch/way_out.hpp"

#include <algorithm>
#include <memory>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/url.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/socks_probe.hpp"

namespace dandelion {
namespace {

constexpr std::chrono::milliseconds longest_look{5'000};

// Root name servers: the address of any public host would do, as nothing is sent to it.
constexpr const char* somewhere = "198.41.0.4";
constexpr const char* somewhere_ipv6 = "2001:503:ba3e::2:30";
constexpr std::uint16_t any_port = 53;

bool takes_connections(const std::string& host, const std::string& port,
                       std::chrono::milliseconds patience) {
  const CurlEasy handle(curl_easy_init());
  if (!handle) return true;
  const bool is_ipv6 = host.find(':') != std::string::npos && !host.starts_with('[');
  const std::string url = fmt::format("http://{}:{}", is_ipv6 ? "[" + host + "]" : host, port);
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "*");
  curl_easy_setopt(handle.get(), CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.count()));
  return curl_easy_perform(handle.get()) == CURLE_OK;
}

bool answers(const ProxyAddress& proxy, std::chrono::milliseconds patience) {
  return proxy.scheme == ProxyAddress::Scheme::socks5h
             ? probe_socks(proxy, patience).has_value()
             : takes_connections(proxy.host, std::to_string(proxy.port), patience);
}

// A datagram socket is connected without a word: the kernel looks for a route.
bool has_route(int family, const sockaddr* address, socklen_t size) {
  const int socket = ::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const bool is_there = ::connect(socket, address, size) == 0;
  ::close(socket);
  return is_there;
}

bool has_route() {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(any_port);
  ::inet_pton(AF_INET, somewhere, &four.sin_addr);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(any_port);
  ::inet_pton(AF_INET6, somewhere_ipv6, &six.sin6_addr);
  return has_route(AF_INET, reinterpret_cast<const sockaddr*>(&four), sizeof four) ||
         has_route(AF_INET6, reinterpret_cast<const sockaddr*>(&six), sizeof six);
}

bool has_silent_name_server(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (found != nullptr) ::freeaddrinfo(found);
  return code == EAI_AGAIN;
}

bool answers(const DnsOverHttps& server, std::chrono::milliseconds patience) {
  const auto url = parse_url(server.url);
  if (!url) return true;
  const std::string port = url->port.empty() ? "443" : url->port;
  if (server.addresses.empty()) return takes_connections(url->host, port, patience);
  return std::any_of(
      server.addresses.begin(), server.addresses.end(),
      [&](const std::string& each) { return takes_connections(each, port, patience); });
}

}  // namespace

std::string own_outage(const NetworkSettings& network, const std::string& host) {
  const auto patience = std::min(network.connect_timeout, longest_look);
  if (!network.proxies.empty()) {
    const bool any_answers =
        std::any_of(network.proxies.begin(), network.proxies.end(),
                    [&](const ProxyAddress& proxy) { return answers(proxy, patience); });
    if (any_answers) return {};
    if (network.proxies.size() > 1) return "none of the proxies takes connections";
    return fmt::format("the proxy {} takes no connections", network.proxies.front().display());
  }
  if (!has_route()) return "there is no route out of this machine";
  if (network.dns_over_https) {
    if (answers(*network.dns_over_https, patience)) return {};
    return fmt::format("the name server {} takes no connections",
                       redact_url(network.dns_over_https->url));
  }
  if (has_silent_name_server(host)) return "the name server does not answer";
  return {};
}

}  // namespace dandelion
