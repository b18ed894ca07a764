// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"

namespace dandelion {

// What is known of an exchange beside its bytes, once it is over.
struct ExchangeFacts {
  std::string url;
  std::string http_version;               // "HTTP/1.1", "HTTP/2"
  std::string remote_address;             // of the origin; empty where a proxy was asked
  std::vector<std::string> certificates;  // the server's chain, PEM, its own first; empty over http
  Timestamp finished;
  std::string error;  // why it broke; empty: it is whole
};

// Listens to the exchanges that one request makes: one for each redirect and each try, in order. It
// is what a WARC writer needs (WARC 1.1, 6.3 and 6.4): the bytes as they went over the wire, before
// any decoding. HTTP/2 messages come in the form of HTTP/1.1, as WARC has no other.
class ExchangeRecorder {
 public:
  ExchangeRecorder() = default;
  ExchangeRecorder(const ExchangeRecorder&) = delete;
  ExchangeRecorder& operator=(const ExchangeRecorder&) = delete;
  ExchangeRecorder(ExchangeRecorder&&) = delete;
  ExchangeRecorder& operator=(ExchangeRecorder&&) = delete;
  virtual ~ExchangeRecorder() = default;

  // An exchange begins with the header of its request, without the lines that are nobody else's:
  // cookies, authorization, headers of the site's own settings. Talk with a proxy (CONNECT) is no
  // part of it.
  virtual void request(std::string_view header) = 0;
  // Lines of the response's header, 1xx answers among them, Set-Cookie not.
  virtual void response_header(std::string_view lines) = 0;
  // Of the body: with its content encoding, over HTTP/1.1 with its chunk sizes too.
  virtual void response_body(std::string_view bytes) = 0;
  virtual void finished(const ExchangeFacts& facts) = 0;
};

}  // namespace dandelion
