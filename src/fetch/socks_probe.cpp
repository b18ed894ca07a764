// SPDX-License-Identifier: MIT
#include "fetch/socks_probe.hpp"

#include <array>

#include <curl/curl.h>
#include <poll.h>

#include "fetch/easy_handle.hpp"

namespace dandelion {
namespace {

constexpr std::string_view advice =
    "start Tor (on Debian: apt-get install tor), or name another proxy in network.proxies";

// SOCKS 5, one method offered: none. Any SOCKS 5 server answers with 5 and a method, if only to say
// that it takes none of ours.
constexpr std::array<unsigned char, 3> greeting = {5, 1, 0};

bool wait_readable(curl_socket_t socket, std::chrono::milliseconds patience) {
  pollfd poll_for{socket, POLLIN, 0};
  return ::poll(&poll_for, 1, static_cast<int>(patience.count())) == 1;
}

}  // namespace

Result<void> probe_socks(const ProxyAddress& proxy, std::chrono::milliseconds patience) {
  const CurlEasy handle(curl_easy_init());
  CURL* curl = handle.get();
  const std::string url = fmt::format("http://{}:{}", proxy.host, proxy.port);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.count()));
  if (curl_easy_perform(curl) != CURLE_OK) {
    return fail(ErrorKind::transient, "nothing listens at {}:{}, where Tor should; {}", proxy.host,
                proxy.port, advice);
  }
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
  std::size_t count = 0;
  std::array<unsigned char, 2> answer{};
  const bool answered =
      curl_easy_send(curl, greeting.data(), greeting.size(), &count) == CURLE_OK &&
      wait_readable(socket, patience) &&
      curl_easy_recv(curl, answer.data(), answer.size(), &count) == CURLE_OK && count > 0;
  if (answered && answer[0] == 5) return {};
  return fail(ErrorKind::transient, "what listens at {}:{} is no SOCKS proxy, so it is not Tor; {}",
              proxy.host, proxy.port, advice);
}

}  // namespace dandelion
