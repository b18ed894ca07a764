// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

namespace dandelion::test {

inline int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  ::listen(fd, 64);
  socklen_t size = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

// A port on which nothing listens.
inline std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

// A web server on 127.0.0.1 that says word for word what the test wants, whatever HTTP thinks of
// it, and hangs up after each answer.
class HostileOrigin {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  enum class End { orderly, reset };

  // With `drip`, an answer goes out byte by byte with that pause between them.
  explicit HostileOrigin(Answer answer, std::chrono::milliseconds drip = {}, End end = End::orderly)
      : answer_(std::move(answer)), drip_(drip), end_(end), listener_(listen_on_loopback(port_)) {
    thread_ = std::thread([this] { serve(); });
  }
  HostileOrigin(const HostileOrigin&) = delete;
  HostileOrigin& operator=(const HostileOrigin&) = delete;
  HostileOrigin(HostileOrigin&&) = delete;
  HostileOrigin& operator=(HostileOrigin&&) = delete;
  ~HostileOrigin() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  // One connection after the other: what a test counts needs no lock.
  void serve() {
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      ++connections_;
      const std::string request = read_request(connection);
      if (!request.empty()) send_all(connection, answer_(request));
      if (end_ == End::reset) {
        const linger at_once{1, 0};
        ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      } else {
        ::shutdown(connection, SHUT_WR);
      }
      ::close(connection);
    }
  }

  static std::string read_request(int connection) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::recv(connection, buffer, sizeof(buffer), 0);
      if (count <= 0) return {};
      request.append(buffer, static_cast<std::size_t>(count));
    }
    return request;
  }

  void send_all(int connection, std::string_view text) const {
    while (!text.empty()) {
      const std::size_t most = drip_.count() > 0 ? 1 : text.size();
      const ssize_t count = ::send(connection, text.data(), most, MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
      std::this_thread::sleep_for(drip_);
    }
  }

  Answer answer_;
  std::chrono::milliseconds drip_;
  End end_;
  std::uint16_t port_ = 0;
  int listener_;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

inline std::string gzip_of_zeros(std::size_t count) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string zeros(count, '\0');
  std::string packed(deflateBound(&stream, count), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
  stream.avail_in = static_cast<uInt>(zeros.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace dandelion::test
