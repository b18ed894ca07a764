// SPDX-License-Identifier: MIT
#include "fetch/socks_relay.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <list>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/log.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/private_address.hpp"

namespace dandelion {
namespace {

// How soon a thread hears that it is to end.
constexpr int tick_ms = 100;
constexpr int handshake_ticks = 100;
constexpr int idle_ticks = 1'200;
constexpr std::size_t piece_bytes = 64U << 10;

// RFC 1928.
constexpr unsigned char socks_version = 5;
constexpr unsigned char no_authentication = 0;
constexpr unsigned char command_connect = 1;
constexpr unsigned char type_ipv4 = 1;
constexpr unsigned char type_name = 3;
constexpr unsigned char type_ipv6 = 4;
constexpr unsigned char reply_done = 0;
constexpr unsigned char reply_not_allowed = 2;
constexpr unsigned char reply_unreachable = 4;
constexpr unsigned char reply_no_such_command = 7;

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::uint16_t port_of(int socket, bool of_peer) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const int code =
      of_peer ? ::getpeername(socket, generic, &size) : ::getsockname(socket, generic, &size);
  return code == 0 ? ntohs(address.sin_port) : 0;
}

// Whose the other end is: the kernel's table of TCP sockets (proc(5)) has the user of each.
bool is_of_this_user(int socket) {
  const std::string local = fmt::format("0100007F:{:04X}", port_of(socket, true));
  const std::string remote = fmt::format("0100007F:{:04X}", port_of(socket, false));
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string number;
    std::string from;
    std::string to;
    std::string ignored;
    unsigned long user = 0;
    fields >> number >> from >> to >> ignored >> ignored >> ignored >> ignored >> user;
    if (from == local && to == remote) return user == ::geteuid();
  }
  return false;
}

struct Target {
  std::string host;  // IPv6 in brackets
  std::uint16_t port = 0;
};

}  // namespace

class SocksRelay::Server {
 public:
  Server(const NetworkSettings& settings, std::string site, std::optional<std::size_t> first_proxy,
         const Limits& limits, Socket listener)
      : settings_(settings),
        site_(std::move(site)),
        first_proxy_(first_proxy.value_or(0)),
        limits_(limits),
        listener_(std::move(listener)),
        port_(port_of(listener_.get(), false)),
        acceptor_([this] { accept_all(); }) {}
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;
  ~Server() {
    stopping_ = true;
    acceptor_.join();
    for (Connection& connection : connections_)
      connection.thread.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string last_error() const {
    const std::lock_guard lock(mutex_);
    return last_error_;
  }

 private:
  struct Connection {
    std::atomic<bool> done = false;
    std::thread thread;
  };

  // Touched by the acceptor's thread alone, until it has ended.
  void accept_all() {
    while (!stopping_) {
      connections_.remove_if([](Connection& connection) {
        if (!connection.done) return false;
        connection.thread.join();
        return true;
      });
      if (connections_.size() >= limits_.connections) {
        std::this_thread::sleep_for(std::chrono::milliseconds(tick_ms));
        continue;
      }
      if (!wait(listener_.get(), POLLIN)) continue;
      Socket client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (client.get() < 0 || !is_of_this_user(client.get())) continue;
      Connection& connection = connections_.emplace_back();
      connection.thread = std::thread([this, &connection, client = std::move(client)] {
        serve(client.get());
        connection.done = true;
      });
    }
  }

  // Whether the socket is ready within a tick.
  static bool wait(int socket, short events) {
    pollfd one{socket, events, 0};
    return ::poll(&one, 1, tick_ms) > 0;
  }

  bool receive(int client, unsigned char* to, std::size_t size) const {
    for (int ticks = 0; size > 0 && ticks < handshake_ticks && !stopping_;) {
      const ssize_t got = ::recv(client, to, size, 0);
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
      if (got < 0) {
        ticks += wait(client, POLLIN) ? 0 : 1;
        continue;
      }
      to += got;
      size -= static_cast<std::size_t>(got);
    }
    return size == 0;
  }

  bool send(int client, const char* from, std::size_t size) const {
    for (int ticks = 0; size > 0 && ticks < idle_ticks && !stopping_;) {
      const ssize_t sent = ::send(client, from, size, MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
      if (sent < 0) {
        ticks += wait(client, POLLOUT) ? 0 : 1;
        continue;
      }
      from += sent;
      size -= static_cast<std::size_t>(sent);
    }
    return size == 0;
  }

  void reply(int client, unsigned char code) const {
    const std::array<char, 10> answer = {static_cast<char>(socks_version),
                                         static_cast<char>(code),
                                         0,
                                         static_cast<char>(type_ipv4),
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0};
    send(client, answer.data(), answer.size());
  }

  // The greeting and the request; nullopt where it is none that is served.
  std::optional<Target> handshake(int client) const {
    std::array<unsigned char, 256> bytes{};
    if (!receive(client, bytes.data(), 2) || bytes[0] != socks_version) return std::nullopt;
    const std::size_t methods = bytes[1];
    if (!receive(client, bytes.data(), methods)) return std::nullopt;
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(methods);
    if (std::find(bytes.begin(), end, no_authentication) == end) return std::nullopt;
    const std::array<char, 2> chosen = {static_cast<char>(socks_version),
                                        static_cast<char>(no_authentication)};
    if (!send(client, chosen.data(), chosen.size())) return std::nullopt;
    if (!receive(client, bytes.data(), 4) || bytes[0] != socks_version) return std::nullopt;
    if (bytes[1] != command_connect) {
      reply(client, reply_no_such_command);
      return std::nullopt;
    }
    return read_target(client, bytes[3]);
  }

  std::optional<Target> read_target(int client, unsigned char type) const {
    std::array<unsigned char, 256> bytes{};
    std::size_t size = type == type_ipv4 ? 4 : 16;
    if (type == type_name) {
      if (!receive(client, bytes.data(), 1)) return std::nullopt;
      size = bytes[0];
    } else if (type != type_ipv4 && type != type_ipv6) {
      return std::nullopt;
    }
    Target target;
    if (!receive(client, bytes.data(), size)) return std::nullopt;
    if (type == type_name) {
      target.host.assign(bytes.data(), bytes.data() + size);
    } else {
      std::array<char, INET6_ADDRSTRLEN> text{};
      ::inet_ntop(type == type_ipv4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
      target.host = type == type_ipv4 ? std::string(text.data()) : fmt::format("[{}]", text.data());
    }
    if (!receive(client, bytes.data(), 2)) return std::nullopt;
    target.port = static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]);
    return target;
  }

  void serve(int client) {
    const auto target = handshake(client);
    if (!target) return;
    // A name goes into an address as it is.
    const bool is_odd = target->host.empty() || target->port == 0 ||
                        target->host.find_first_of("/\\@?#% \t\r\n\"'<>") != std::string::npos;
    if (is_odd || (!settings_.allow_private_addresses && is_private_host(target->host))) {
      fail_with(is_odd ? Error{ErrorKind::refused, "a browser asked for no host"}
                       : private_address_error("http://" + target->host + "/"));
      return reply(client, reply_not_allowed);
    }
    const auto connection = connect(*target);
    if (!connection) {
      fail_with(connection.error());
      return reply(client, reply_unreachable);
    }
    reply(client, reply_done);
    pump(client, connection->get());
  }

  void fail_with(const Error& error) {
    if (stopping_) return;
    log_debug("browser: {}", error.message);
    const std::lock_guard lock(mutex_);
    last_error_ = error.message;
  }

  static int on_progress(void* self, curl_off_t /*total*/, curl_off_t /*now*/,
                         curl_off_t /*sending*/, curl_off_t /*sent*/) {
    return static_cast<Server*>(self)->stopping_ ? 1 : 0;
  }

  // By the first proxy that lets us through, or directly where there is none.
  Result<CurlEasy> connect(const Target& target) {
    const std::size_t ways = std::max<std::size_t>(1, settings_.proxies.size());
    Error last{ErrorKind::stopped, "stopped"};
    for (std::size_t way = 0; way < ways && !stopping_; ++way) {
      auto connection = connect_by((first_proxy_ + way) % ways, target);
      if (connection) return connection;
      last = connection.error();
    }
    return tl::unexpected(last);
  }

  Result<CurlEasy> connect_by(std::size_t proxy, const Target& target) {
    auto handle = make_easy_handle(settings_, proxy, {.name = site_, .host = target.host});
    if (!handle) return handle;
    CURL* curl = handle->get();
    const std::string url = fmt::format("http://{}:{}/", target.host, target.port);
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
    const CURLcode code = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
    if (handle->get_deleter().refused_private && *handle->get_deleter().refused_private)
      return tl::unexpected(private_address_error(url));
    if (code != CURLE_OK) return tl::unexpected(transfer_error(code, url, detail.data()));
    return handle;
  }

  // Bytes both ways, until either end closes.
  void pump(int client, CURL* curl) {
    curl_socket_t remote = CURL_SOCKET_BAD;
    curl_easy_getinfo(curl, CURLINFO_ACTIVESOCKET, &remote);
    if (remote == CURL_SOCKET_BAD) return;
    std::vector<char> bytes(piece_bytes);
    for (int ticks = 0; ticks < idle_ticks && !stopping_;) {
      std::array<pollfd, 2> both = {pollfd{client, POLLIN, 0}, pollfd{remote, POLLIN, 0}};
      ticks = ::poll(both.data(), both.size(), tick_ms) > 0 ? 0 : ticks + 1;
      if (both[0].revents != 0) {
        const ssize_t got = ::recv(client, bytes.data(), bytes.size(), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return;
        if (got > 0 && !forward(curl, remote, bytes.data(), static_cast<std::size_t>(got))) return;
      }
      // Asked for each time: with TLS to a proxy bytes may wait in libcurl and not in the socket.
      std::size_t got = 0;
      const CURLcode code = curl_easy_recv(curl, bytes.data(), bytes.size(), &got);
      if (code == CURLE_AGAIN) continue;
      received_ += got;
      if (code != CURLE_OK || got == 0 || received_ > limits_.bytes) return;
      if (!send(client, bytes.data(), got)) return;
    }
  }

  bool forward(CURL* curl, int remote, const char* from, std::size_t size) const {
    for (int ticks = 0; size > 0 && ticks < idle_ticks && !stopping_;) {
      std::size_t sent = 0;
      const CURLcode code = curl_easy_send(curl, from, size, &sent);
      if (code == CURLE_AGAIN) {
        ticks += wait(remote, POLLOUT) ? 0 : 1;
        continue;
      }
      if (code != CURLE_OK) return false;
      from += sent;
      size -= sent;
    }
    return size == 0;
  }

  const NetworkSettings& settings_;
  const std::string site_;
  const std::size_t first_proxy_;
  const Limits limits_;
  const Socket listener_;
  const std::uint16_t port_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> received_ = 0;
  mutable std::mutex mutex_;  // of the last error
  std::string last_error_;
  std::list<Connection> connections_;
  std::thread acceptor_;  // last: it uses all the others
};

SocksRelay::SocksRelay(std::unique_ptr<Server> server) : server_(std::move(server)) {}
SocksRelay::SocksRelay(SocksRelay&&) noexcept = default;
SocksRelay::~SocksRelay() = default;

std::uint16_t SocksRelay::port() const {
  return server_->port();
}

std::string SocksRelay::last_error() const {
  return server_->last_error();
}

Result<SocksRelay> SocksRelay::start(const NetworkSettings& settings, std::string site,
                                     std::optional<std::size_t> first_proxy, const Limits& limits) {
  Socket listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_in address = loopback(0);
  constexpr int backlog = 64;
  if (listener.get() < 0 ||
      ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.get(), backlog) != 0) {
    return fail(ErrorKind::storage, "no port of 127.0.0.1 is to be had: {}",
                std::generic_category().message(errno));
  }
  return SocksRelay(std::make_unique<Server>(settings, std::move(site), first_proxy, limits,
                                             std::move(listener)));
}

}  // namespace dandelion
