// SPDX-License-Identifier: MIT
// One attempt at one request, between multi_engine.cpp and libcurl; no other file includes this.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fetch/body_sink.hpp"
#include "fetch/content_decoder.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/exchange_recorder.hpp"
#include "fetch/response_header.hpp"
#include "fetch/transfer_engine.hpp"

namespace dandelion {

// A response as it comes in, bounded in header and body.
class Transfer {
 public:
  struct Limits {
    std::uint64_t max_body = 0;  // bytes after decompression
    bool cut = false;            // end a longer body there, and take what came (robots.txt)
  };

  // Asks for `url` with the request's validators (where `conditional`), sink and recorder.
  // `own_headers` are "Name: value".
  Transfer(CurlEasy handle, std::string url, const FetchRequest& request, bool conditional,
           const std::vector<std::string>& own_headers, const Limits& limits);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  Transfer(Transfer&&) = delete;
  Transfer& operator=(Transfer&&) = delete;
  ~Transfer() = default;

  [[nodiscard]] CURL* handle() const { return handle_.get(); }

  // Where a transfer broke, with a proxy between us and the origin.
  enum class Blame {
    nobody,  // it did not break
    proxy,   // at the proxy, before the origin was asked
    origin,  // at the origin, or between the proxy and it
    us       // a limit of ours, or a sink that failed
  };
  struct Outcome {
    std::optional<Error> error;  // the transfer broke, or a limit of ours was reached
    Blame blame = Blame::nobody;
    long status = 0;
    std::string location;  // of a redirect, as the header says
    std::optional<std::chrono::seconds> retry_after;
    FetchedPage page;
  };
  // What came of it; `code` is libcurl's. To be called once.
  [[nodiscard]] Outcome finish(int code, Timestamp now, bool through_proxy);

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count,
                               void* self) noexcept;
  static int on_debug(CURL* handle, int kind, char* data, std::size_t size, void* self) noexcept;
  void set_request_headers(bool conditional, const std::vector<std::string>& own_headers);
  void set_recorder(const std::vector<std::string>& own_headers);
  void record_request(std::string_view header);
  [[nodiscard]] bool take_raw(std::string_view piece);
  [[nodiscard]] bool take_body(std::string_view piece);
  [[nodiscard]] bool end(Error why);
  [[nodiscard]] bool give_to_sink(std::string_view piece);
  [[nodiscard]] Blame blame(int code, bool through_proxy) const;
  [[nodiscard]] Error broken(int code) const;
  void tell_recorder(int code, Timestamp now, bool through_proxy) const;

  std::string url_;
  Validators validators_;
  std::shared_ptr<BodySink> sink_;
  std::shared_ptr<ExchangeRecorder> recorder_;
  std::vector<std::string> secret_headers_;  // lower case: not for the recorder
  bool talks_to_proxy_ = false;              // what comes now is part of a CONNECT
  Limits limits_;
  bool conditional_;
  CurlList request_headers_;
  std::string error_detail_;
  ResponseHeader header_;
  std::string body_;
  std::uint64_t body_bytes_ = 0;
  long status_ = 0;
  bool has_begun_ = false;
  std::unique_ptr<ContentDecoder> decoder_;  // none: the body comes as it is
  bool sink_begun_ = false;
  // Why we ended it ourselves, if we did.
  enum class Ended { no, cut, error_body, body_too_large, header_too_large, other };
  Ended ended_ = Ended::no;
  Error ended_error_{};
  // Last, so that libcurl lets go of the buffers above before they go.
  CurlEasy handle_;
};

}  // namespace dandelion
