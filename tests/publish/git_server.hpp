// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "publish/child_process.hpp"

namespace dandelion::test {

// A TCP socket on 127.0.0.1 with a port of its own. It takes connections into its queue, and never
// answers.
class SilentSocket {
 public:
  SilentSocket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0)
      throw std::runtime_error("no free port");
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~SilentSocket() { ::close(fd_); }
  SilentSocket(const SilentSocket&) = delete;
  SilentSocket& operator=(const SilentSocket&) = delete;
  SilentSocket(SilentSocket&&) = delete;
  SilentSocket& operator=(SilentSocket&&) = delete;

  void listen() const { ::listen(fd_, 16); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int descriptor() const { return fd_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

// Ports that were free a moment ago, all different. Whoever uses them has to be ready to lose the
// race.
inline std::vector<std::uint16_t> free_ports(std::size_t count) {
  const std::vector<SilentSocket> held(count);
  std::vector<std::uint16_t> ports;
  ports.reserve(count);
  for (const auto& socket : held)
    ports.push_back(socket.port());
  return ports;
}

inline bool accepts_connections(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool open = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return open;
}

// Starts a server until it listens, on other ports where another program was faster. `command`
// writes what the server needs for these ports, and says how it is started.
template <typename Command>
std::pair<ChildProcess, std::vector<std::uint16_t>> start_server(std::size_t port_count,
                                                                 const std::filesystem::path& log,
                                                                 Command command) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    const auto ports = free_ports(port_count);
    ChildProcess server(command(ports), log);
    for (int step = 0; step < 400 && server.running(); ++step) {
      if (accepts_connections(ports.front()) && server.running()) return {std::move(server), ports};
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
    }
  }
  throw std::runtime_error("a server did not start: " + file_text(log));
}

// git's own http-backend behind nginx, on 127.0.0.1, with the repositories under repositories():
//
//   /open/NAME    pushes without a token      /auth/NAME    wants the user "git" with the token
//   "s3cret" /small/NAME   takes bodies up to 1 KiB    /moved/NAME   redirects to /auth /away/NAME
//   redirects to the same server on another port, and there to /auth /loop, /to-http, /html,
//   /forbidden, /status/CODE …   see below
class GitServer {
 public:
  GitServer() {
    std::filesystem::create_directories(repositories());
    write_text(folder_ / "users", "git:{PLAIN}s3cret\n");
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", (folder_ / "key.pem").string(), "-out", certificate().string()});
    backend_ = ChildProcess(
        {find_program("fcgiwrap"), "-f", "-c", "3", "-s", "unix:" + (folder_ / "cgi").string()},
        folder_ / "cgi.log");
    auto [server, ports] = start_server(3, folder_ / "nginx.log", [this](const auto& chosen) {
      write_text(folder_ / "nginx.conf", configuration(chosen));
      return std::vector<std::string>{find_program("nginx"),
                                      "-p",
                                      folder_.path().string(),
                                      "-c",
                                      (folder_ / "nginx.conf").string(),
                                      "-e",
                                      (folder_ / "nginx.log").string()};
    });
    nginx_ = std::move(server);
    ports_ = ports;
  }

  static bool is_installed() {
    return !find_program("nginx").empty() && !find_program("fcgiwrap").empty() &&
           !find_program("git-http-backend").empty() && !find_program("openssl").empty();
  }

  [[nodiscard]] std::filesystem::path repositories() const { return folder_ / "repositories"; }
  [[nodiscard]] std::filesystem::path certificate() const { return folder_ / "certificate.pem"; }
  [[nodiscard]] std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", ports_[0], path);
  }
  [[nodiscard]] std::string tls_url(const std::string& path) const {
    return fmt::format("https://127.0.0.1:{}{}", ports_[2], path);
  }
  // A line a request: "port method address status version auth=… te=… length=… agent=… expect=…
  // type=… accept=… connection=…".
  [[nodiscard]] std::string requests() const {
    // A request is logged only after its answer has gone out: what we ask now is logged after all
    // before it.
    const std::string mark = fmt::format("/mark-{}-", ++marks_);
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(),
                                                                     &curl_easy_cleanup);
    curl_easy_setopt(handle.get(), CURLOPT_URL, url(mark).c_str());
    curl_easy_setopt(handle.get(), CURLOPT_NOBODY, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_PROXY, "");
    std::string log = file_text(folder_ / "access.log");
    if (curl_easy_perform(handle.get()) == CURLE_OK) {
      for (int i = 0; i < 1'000 && log.find(mark) == std::string::npos; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        log = file_text(folder_ / "access.log");
      }
    }
    std::string others;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("/mark-") == std::string::npos) others += line + "\n";
    }
    return others;
  }

 private:
  [[nodiscard]] std::string configuration(const std::vector<std::uint16_t>& ports) const {
    const std::string common = fmt::format(R"(
      location ~ ^/open(/.*)$ {{ set $repo $1; include {0}/backend.conf; }}
      location ~ ^/auth(/.*)$ {{ set $repo $1; auth_basic git; auth_basic_user_file {0}/users; include {0}/backend.conf; }}
      location ~ ^/small(/.*)$ {{ set $repo $1; client_max_body_size 1k; include {0}/backend.conf; }}
      location ~ ^/moved(/.*)$ {{ return 301 /auth$1$is_args$args; }}
      location ~ ^/away(/.*)$ {{ return 302 http://127.0.0.1:{1}/auth$1$is_args$args; }}
      location ~ ^/away-open(/.*)$ {{ return 302 http://127.0.0.1:{1}/open$1$is_args$args; }}
      location ~ ^/to-http(/.*)$ {{ return 302 http://127.0.0.1:{2}/auth$1$is_args$args; }}
      location ~ ^/to-file {{ return 302 file:///etc/passwd; }}
      location ~ ^/to-page {{ return 302 /html; }}
      location ~ ^/loop {{ return 302 $request_uri; }}
      location /html {{ default_type text/html; return 200 "<html>welcome</html>"; }}
      location /forbidden {{ default_type text/plain; return 403 "Write access denied{3}[31m by policy\nmore"; }}
      location /busy/ {{ add_header Retry-After 7 always; return 429; }}
      location /busy-for-long/ {{ add_header Retry-After 3600 always; return 429; }}
      location /status/404 {{ return 404; }}
      location /status/410 {{ return 410; }}
      location /status/413 {{ return 413; }}
      location /status/429 {{ return 429; }}
      location /status/451 {{ return 451; }}
      location /status/500 {{ return 500; }}
      location /status/503 {{ return 503; }})",
                                           folder_.path().string(), ports[1], ports[0], '\x1b');
    write_text(folder_ / "backend.conf",
               fmt::format(R"(
      fastcgi_pass unix:{0}/cgi;
      fastcgi_param SCRIPT_FILENAME {1};
      fastcgi_param GIT_PROJECT_ROOT {0}/repositories;
      fastcgi_param GIT_HTTP_EXPORT_ALL 1;
      fastcgi_param PATH_INFO $repo;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param REMOTE_ADDR $remote_addr;
      fastcgi_param REMOTE_USER $remote_user;)",
                           folder_.path().string(), find_program("git-http-backend")));
    return fmt::format(R"(daemon off; master_process off; pid {0}/nginx.pid; {5}
      events {{ worker_connections 128; }}
      http {{
        log_format full '$server_port $request_method $request_uri $status $server_protocol auth=$http_authorization '
          'te=$http_transfer_encoding length=$http_content_length agent=$http_user_agent expect=$http_expect '
          'type=$http_content_type accept=$http_accept connection=$connection';
        access_log {0}/access.log full;
        client_body_temp_path {0}/t1; fastcgi_temp_path {0}/t2; proxy_temp_path {0}/t3; uwsgi_temp_path {0}/t4;
        scgi_temp_path {0}/t5; client_max_body_size 0;
        server {{ listen 127.0.0.1:{1}; {4} }}
        server {{ listen 127.0.0.1:{2}; {4} }}
        server {{ listen 127.0.0.1:{3} ssl http2; ssl_certificate {0}/certificate.pem; ssl_certificate_key {0}/key.pem; {4} }}
      }})",
                       folder_.path().string(), ports[0], ports[1], ports[2], common,
                       ::geteuid() == 0 ? "user root;" : "");
  }

  TemporaryFolder folder_;
  ChildProcess backend_;
  ChildProcess nginx_;
  std::vector<std::uint16_t> ports_;
  mutable int marks_ = 0;
};

}  // namespace dandelion::test
