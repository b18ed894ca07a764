// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <poll.h>

#include "publish/git_server.hpp"

namespace dandelion::test {

// Git's packet: four hex digits of length, and the line.
inline std::string packet(const std::string& line) {
  return fmt::format("{:04x}{}", line.size() + 4, line);
}

// A server that misbehaves as a test wants: it answers GET with the list of an empty repository's
// refs, and leaves a POST to the test; its body was read where its length is known.
class ScriptedServer {
 public:
  using Post = std::function<void(int connection)>;
  explicit ScriptedServer(Post post) : post_(std::move(post)) {
    socket_.listen();
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    stop_ = true;
    thread_.join();
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ScriptedServer(ScriptedServer&&) = delete;
  ScriptedServer& operator=(ScriptedServer&&) = delete;

  [[nodiscard]] std::string url() const {
    return fmt::format("http://127.0.0.1:{}/site.git", socket_.port());
  }

  static void say(int connection, const std::string& text) {
    ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
  }
  // Reads that many bytes, or all there is.
  static void read_some(int connection, std::size_t bytes) {
    std::array<char, 16384> buffer{};
    while (bytes > 0) {
      const auto got = ::recv(connection, buffer.data(), std::min(bytes, buffer.size()), 0);
      if (got <= 0) return;
      bytes -= static_cast<std::size_t>(got);
    }
  }

 private:
  void serve() {
    while (!stop_) {
      pollfd waiting{socket_.descriptor(), POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int connection = ::accept4(socket_.descriptor(), nullptr, nullptr, SOCK_CLOEXEC);
      std::string head;
      for (char c = 0; !head.ends_with("\r\n\r\n") && ::recv(connection, &c, 1, 0) == 1;)
        head += c;
      if (head.starts_with("GET ")) {
        const std::string refs = packet("# service=git-receive-pack\n") + "0000" +
                                 packet(std::string(40, '0') + " capabilities^{}" + '\0' +
                                        "report-status side-band-64k\n") +
                                 "0000";
        say(connection,
            fmt::format(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\nContent-Type: "
                "application/x-git-receive-pack-advertisement\r\n\r\n{}",
                refs.size(), refs));
      } else if (!head.empty()) {
        const auto at = head.find("Content-Length: ");
        if (at != std::string::npos) read_some(connection, std::stoul(head.substr(at + 16)));
        post_(connection);
      }
      ::close(connection);
    }
  }

  Post post_;
  SilentSocket socket_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace dandelion::test
