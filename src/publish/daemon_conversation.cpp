// SPDX-License-Identifier: MIT
#include "publish/daemon_conversation.hpp"

#include <array>

#include <curl/curl.h>

#include "core/stop_signal.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/patient_poll.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

int on_progress(void* /*unused*/, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  return stop_requested() ? 1 : 0;
}

class DaemonConversation : public Conversation {
 public:
  DaemonConversation(const DaemonTarget& target, const NetworkSettings& network)
      : target_(target), network_(network) {
    // What parse_target took for near may be reached.
    network_.allow_private_addresses = true;
  }

  Result<void> connect() {
    auto easy = make_easy_handle(
        network_, 0, Route{.purpose = Route::Purpose::push, .name = {}, .host = target_.host});
    if (!easy) return tl::unexpected(std::move(easy.error()));
    easy_ = std::move(*easy);
    const std::string url = fmt::format("http://{}:{}/", target_.host, target_.port);
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(easy_.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(easy_.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(easy_.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy_.get(), CURLOPT_XFERINFOFUNCTION, &on_progress);
    const CURLcode code = curl_easy_perform(easy_.get());
    curl_easy_setopt(easy_.get(), CURLOPT_ERRORBUFFER, nullptr);
    if (stop_requested()) return fail(ErrorKind::stopped, "stopped while pushing");
    if (code != CURLE_OK)
      return tl::unexpected(transfer_error(code, target_.address, detail.data()));
    curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket_);
    return {};
  }

  Result<void> write(std::string_view bytes, milliseconds patience) override {
    while (!bytes.empty()) {
      std::size_t count = 0;
      const CURLcode code = curl_easy_send(easy_.get(), bytes.data(), bytes.size(), &count);
      if (code == CURLE_OK) {
        bytes.remove_prefix(count);
      } else if (code != CURLE_AGAIN) {
        return fail(ErrorKind::transient, "{}: the other side hung up", target_.address);
      } else if (auto ready = until_ready(POLLOUT, patience); !ready) {
        return ready;
      }
    }
    return {};
  }

  Result<std::size_t> read(std::span<char> buffer, milliseconds patience) override {
    for (;;) {
      std::size_t count = 0;
      const CURLcode code = curl_easy_recv(easy_.get(), buffer.data(), buffer.size(), &count);
      if (code == CURLE_OK) return count;
      if (code != CURLE_AGAIN)
        return fail(ErrorKind::transient, "{}: the other side hung up", target_.address);
      if (auto ready = until_ready(POLLIN, patience); !ready)
        return tl::unexpected(std::move(ready.error()));
    }
  }

  // It gives no reason.
  Error ended_early() override {
    return {ErrorKind::refused,
            fmt::format("{}: the daemon hung up; it has no such repository, does not export it, or "
                        "takes no pushes (`git daemon --enable=receive-pack`)",
                        target_.address)};
  }

 private:
  Result<void> until_ready(short events, milliseconds patience) const {
    std::array<pollfd, 1> waiting{{{socket_, events, 0}}};
    return poll_patiently(waiting, std::chrono::steady_clock::now() + patience)
        .map_error(
            [this](Error error) { return within(target_.address, std::move(error)).value(); });
  }

  DaemonTarget target_;
  NetworkSettings network_;
  CurlEasy easy_;
  curl_socket_t socket_ = CURL_SOCKET_BAD;
};

// Four hex digits say how long it is, themselves included.
std::string request(const DaemonTarget& target, std::string_view service) {
  std::string line = fmt::format("{} {}", service, target.path);
  line += '\0';
  line += fmt::format("host={}:{}", target.host, target.port);
  line += '\0';
  return fmt::format("{:04x}{}", line.size() + 4, line);
}

}  // namespace

Result<std::unique_ptr<Conversation>> converse_with_daemon(const DaemonTarget& target,
                                                           const NetworkSettings& network,
                                                           std::string_view service) {
  auto line = std::make_unique<DaemonConversation>(target, network);
  auto done = line->connect();
  if (done) done = line->write(request(target, service), network.timeout);
  if (!done) return tl::unexpected(std::move(done.error()));
  return line;
}

}  // namespace dandelion
