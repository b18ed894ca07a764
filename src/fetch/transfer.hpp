// SPDX-License-Identifier: MIT
// One attempt at one request, between transfer_engine.cpp and libcurl; no other file includes this.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/handle.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/transfer_engine.hpp"

struct curl_slist;
extern "C" void curl_slist_free_all(curl_slist*);

namespace dandelion {

using CurlHeaders = Handle<curl_slist, curl_slist_free_all>;

// A response as it comes in, bounded in header and body.
class Transfer {
 public:
  Transfer(CurlEasy handle, std::string url, const Validators& validators, std::uint64_t max_body);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  Transfer(Transfer&&) = delete;
  Transfer& operator=(Transfer&&) = delete;
  ~Transfer() = default;

  [[nodiscard]] CURL* handle() const { return handle_.get(); }

  struct Outcome {
    std::optional<Error> error;  // the transfer broke, or a limit of ours was reached
    bool proxy_failed = false;   // it broke at the proxy, before the origin was asked
    long status = 0;
    std::string location;  // of a redirect, as the header says
    std::optional<std::chrono::seconds> retry_after;
    FetchedPage page;
  };
  // What came of it; `code` is libcurl's. To be called once.
  [[nodiscard]] Outcome finish(int code, Timestamp now, bool through_proxy);

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  void take_header(std::string_view line);

  std::string url_;
  CurlHeaders request_headers_;
  std::string error_detail_;
  std::string body_;
  std::uint64_t max_body_;
  std::size_t header_bytes_ = 0;
  bool body_too_large_ = false;
  bool header_too_large_ = false;
  std::string content_type_;
  std::string location_;
  std::string retry_after_;
  Validators validators_;
  bool conditional_;
  // Last, so that libcurl lets go of the buffers above before they go.
  CurlEasy handle_;
};

}  // namespace dandelion
