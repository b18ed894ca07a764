// SPDX-License-Identifier: MIT
#include "fetch/transfer.hpp"

#include <curl/curl.h>

#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/retry_delay.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_header_bytes = 256U << 10;

bool is_proxy_failure(int code, bool through_proxy) {
  return code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY ||
         (through_proxy && code == CURLE_COULDNT_CONNECT);
}

}  // namespace

Transfer::Transfer(CurlEasy handle, std::string url, const Validators& validators,
                   std::uint64_t max_body)
    : url_(std::move(url)),
      error_detail_(CURL_ERROR_SIZE, '\0'),
      max_body_(max_body),
      conditional_(!validators.etag.empty() || !validators.last_modified.empty()),
      handle_(std::move(handle)) {
  CURL* curl = handle_.get();
  const auto add_header = [this](const std::string& line) {
    request_headers_.reset(curl_slist_append(request_headers_.release(), line.c_str()));
  };
  add_header("Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
  if (!validators.etag.empty()) add_header("If-None-Match: " + validators.etag);
  if (!validators.last_modified.empty())
    add_header("If-Modified-Since: " + validators.last_modified);
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, request_headers_.get());
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_detail_.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  // Waiting for a connection that may turn out to be HTTP/2 beats opening several.
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, 1L);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  // Counted here, after decompression: libcurl's own limit sees the compressed length.
  if (transfer.body_.size() + bytes > transfer.max_body_) {
    transfer.body_too_large_ = true;
    return 0;
  }
  try {
    transfer.body_.append(data, bytes);
  } catch (const std::bad_alloc&) {
    transfer.body_too_large_ = true;
    return 0;
  }
  return bytes;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t bytes = size * count;
  transfer.header_bytes_ += bytes;
  if (transfer.header_bytes_ > max_header_bytes) {
    transfer.header_too_large_ = true;
    return 0;
  }
  transfer.take_header({data, bytes});
  return bytes;
}

void Transfer::take_header(std::string_view line) {
  // A new status line: what came before belonged to a 1xx answer.
  if (line.starts_with("HTTP/")) {
    content_type_.clear();
    location_.clear();
    retry_after_.clear();
    validators_ = {};
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = ascii_lower(trim(line.substr(0, colon)));
  const std::string value(trim(line.substr(colon + 1)));
  if (name == "content-type") content_type_ = value;
  if (name == "location") location_ = value;
  if (name == "retry-after") retry_after_ = value;
  if (name == "etag") validators_.etag = value;
  if (name == "last-modified") validators_.last_modified = value;
}

Transfer::Outcome Transfer::finish(int code, Timestamp now, bool through_proxy) {
  Outcome outcome;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &outcome.status);
  if (body_too_large_) {
    outcome.error = Error{
        ErrorKind::too_large,
        fmt::format("{}: larger than {} bytes; see network.max_body", redact_url(url_), max_body_)};
    return outcome;
  }
  if (header_too_large_) {
    outcome.error = Error{ErrorKind::too_large, fmt::format("{}: a header of more than {} bytes",
                                                            redact_url(url_), max_header_bytes)};
    return outcome;
  }
  if (code != CURLE_OK) {
    outcome.proxy_failed = is_proxy_failure(code, through_proxy);
    outcome.error = transfer_error(code, url_, error_detail_.c_str());
    return outcome;
  }
  outcome.location = std::move(location_);
  if (!retry_after_.empty()) outcome.retry_after = parse_retry_after(retry_after_, now);
  FetchedPage& page = outcome.page;
  page.url = url_;
  page.status = outcome.status;
  page.not_modified = outcome.status == 304 && conditional_;
  page.content_type = std::move(content_type_);
  page.body = std::move(body_);
  page.validators = std::move(validators_);
  return outcome;
}

}  // namespace dandelion
