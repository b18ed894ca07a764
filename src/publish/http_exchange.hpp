// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "core/error.hpp"
#include "core/handle.hpp"
#include "core/network_settings.hpp"
#include "fetch/easy_handle.hpp"
#include "publish/push_target.hpp"
#include "publish/redaction.hpp"
#include "publish/request_body.hpp"

namespace dandelion {

using CurlMulti = Handle<CURLM, curl_multi_cleanup>;
using CurlHeaders = Handle<curl_slist, curl_slist_free_all>;

// What the requests of one push share.
struct HttpSession {
  const NetworkSettings& network;
  std::string mirror;  // its name, for isolation
  WebTarget target;    // credentials go to this scheme, host and port alone
  std::optional<Credentials> credentials;
  const Redaction& redaction;          // of these, and of what else the server may know
  std::chrono::milliseconds patience;  // see PushOptions
  // What the mirror's own server made of the credentials; nullopt until it has answered them.
  std::optional<bool> accepted{};
  std::string address{
      target.address};     // of the repository; a redirect of the first request moves it
  std::string moved_to{};  // such a redirect's, where it was for good
  CurlMulti multi{curl_multi_init()};  // holds the connection from one request to the next
  std::size_t proxy = 0;               // the first that works is kept
};

// One request to a Git server and its answer, in bounded memory: the body is handed over piece by
// piece while it is being sent, the answer is read in pieces as it comes. Proxies are tried in
// order as long as nothing of the request has been sent; with proxies configured there is never a
// way past them.
//
//   exchange.send(piece); exchange.send(piece); …   // POST only
//   while (exchange.receive(buffer) > 0) …
//
// refused for 401 and 403, not_found for 404, too_large for 413, transient for 429, 5xx and a
// connection that breaks or stands still, malformed where what answers is no Git server, stopped
// when the user asked us to.
class HttpExchange {
 public:
  enum class Kind {
    receive_advertisement,  // GET info/refs: follows up to five redirects
    receive_pack,           // POST git-receive-pack: follows none
    upload_advertisement,   // the same two for fetching
    upload_pack
  };
  HttpExchange(HttpSession& session, Kind kind);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;
  HttpExchange(HttpExchange&&) = delete;
  HttpExchange& operator=(HttpExchange&&) = delete;

  // Takes a piece of the body, and returns when it is on its way.
  [[nodiscard]] Result<void> send(std::string_view piece);

  // Ends the body and gives the next bytes of the answer; 0 at its end.
  [[nodiscard]] Result<std::size_t> receive(std::span<char> buffer);

 private:
  Result<void> start();
  void set_options(CURL* easy);
  void set_headers(CURL* easy);
  void detach();
  template <typename Until>
  Result<void> drive(Until until);
  void collect_outcome();
  bool may_use_next_proxy() const;
  bool is_stalled();
  void resume();
  Result<bool> follow_redirect();
  Result<void> adopt_address() const;
  void note_acceptance() const;
  [[nodiscard]] Error failure() const;
  [[nodiscard]] long status() const;
  [[nodiscard]] bool has_right_type() const;
  [[nodiscard]] bool is_advertisement() const;
  [[nodiscard]] std::string_view service() const;
  [[nodiscard]] std::string refs_suffix() const;

  std::size_t take_answer(std::string_view bytes);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count,
                             void* self) noexcept;
  static std::size_t on_write(char* bytes, std::size_t size, std::size_t count,
                              void* self) noexcept;
  static int on_seek(void* self, curl_off_t offset, int origin) noexcept;

  HttpSession& session_;
  Kind kind_;
  std::string url_;
  int redirects_ = 0;
  bool moved_for_good_ = true;  // so said all redirects
  bool at_home_ = true;         // on the mirror's own scheme, host and port

  CurlHeaders headers_;
  CurlEasy easy_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::optional<CURLcode> outcome_;

  RequestBody body_;
  bool send_paused_ = false;

  std::string answer_;
  std::size_t answer_read_ = 0;
  std::uint64_t answer_bytes_ = 0;
  std::string error_text_;
  std::size_t error_bytes_ = 0;
  bool receive_paused_ = false;
  bool wrong_type_ = false;

  curl_off_t moved_ = 0;  // bytes both ways when is_stalled last looked
  std::int64_t moved_at_ms_ = 0;
};

}  // namespace dandelion
