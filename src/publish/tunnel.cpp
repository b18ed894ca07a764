// SPDX-License-Identifier: MIT
#include "publish/tunnel.hpp"

#include <array>
#include <cerrno>
#include <span>
#include <string_view>

#include <curl/curl.h>
#include <poll.h>
#include <unistd.h>

#include "fetch/easy_handle.hpp"

namespace dandelion {
namespace {

constexpr std::size_t piece_bytes = 64U << 10;
// libcurl keeps its socket to itself on the side of TLS: this is how late its last bytes may be.
constexpr int poll_step_ms = 1'000;

// A connection that libcurl made and left to us.
Result<CurlEasy> connect(const NetworkSettings& network, const std::string& mirror,
                         const std::string& host, const std::string& port) {
  const std::string url = fmt::format(
      "http://{}:{}/", host.find(':') == std::string::npos ? host : "[" + host + "]", port);
  Error last{ErrorKind::transient, "there is no proxy to try"};
  const std::size_t tries = std::max<std::size_t>(1, network.proxies.size());
  for (std::size_t proxy = 0; proxy < tries; ++proxy) {
    auto easy = make_easy_handle(
        network, proxy, Route{.purpose = Route::Purpose::push, .name = mirror, .host = host});
    if (!easy) return easy;
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(easy->get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy->get(), CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(easy->get(), CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(easy->get(), CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = curl_easy_perform(easy->get());
    curl_easy_setopt(easy->get(), CURLOPT_ERRORBUFFER, nullptr);
    if (code == CURLE_OK) return easy;
    last = transfer_error(code, url, detail.data());
  }
  return tl::unexpected(std::move(last));
}

// What is on its way in one direction.
struct Stream {
  std::array<char, piece_bytes> bytes{};
  std::string_view rest;
};

bool take_from(int fd, Stream& stream) {
  const ssize_t count = ::read(fd, stream.bytes.data(), stream.bytes.size());
  if (count < 0 && errno == EINTR) return true;
  stream.rest = {stream.bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  return count > 0;
}

bool give_to(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<void> run_tunnel(const NetworkSettings& network, const std::string& mirror,
                        const std::string& host, const std::string& port, int in, int out) {
  auto easy = connect(network, mirror, host, port);
  if (!easy) return tl::unexpected(std::move(easy.error()));
  CURL* curl = easy->get();
  curl_socket_t socket = CURL_SOCKET_BAD;
  curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &socket);
  Stream there;
  Stream back;
  for (;;) {
    std::size_t count = 0;
    CURLcode received = CURLE_OK;
    while ((received = curl_easy_recv(curl, back.bytes.data(), back.bytes.size(), &count)) ==
               CURLE_OK &&
           count > 0) {
      if (!give_to(out, {back.bytes.data(), count})) return {};
    }
    if (received != CURLE_AGAIN) return {};
    if (!there.rest.empty()) {
      const CURLcode sent = curl_easy_send(curl, there.rest.data(), there.rest.size(), &count);
      if (sent == CURLE_OK) there.rest.remove_prefix(count);
      if (sent != CURLE_OK && sent != CURLE_AGAIN) return {};
    }
    const bool wants_more = there.rest.empty();
    std::array<pollfd, 2> waiting{};
    waiting[0] = {socket, static_cast<short>(wants_more ? POLLIN : POLLIN | POLLOUT), 0};
    waiting[1] = {wants_more ? in : -1, POLLIN, 0};
    ::poll(waiting.data(), waiting.size(), poll_step_ms);
    if (waiting[1].revents != 0 && !take_from(in, there)) return {};
  }
}

}  // namespace dandelion
