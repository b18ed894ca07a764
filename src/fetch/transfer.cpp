// SPDX-License-Identifier: MIT
#include "fetch/transfer.hpp"

#include <algorithm>

#include <curl/curl.h>

#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/retry_delay.hpp"

namespace dandelion {
namespace {

// The body of an answer that is no page is read so far, so that the connection can be used again.
constexpr std::uint64_t max_error_body = 256U << 10;

// What a SOCKS proxy says of the origin, and not of itself (RFC 1928, 6).
bool is_about_the_origin(long socks_reply) {
  return socks_reply == CURLPX_REPLY_NETWORK_UNREACHABLE ||
         socks_reply == CURLPX_REPLY_HOST_UNREACHABLE ||
         socks_reply == CURLPX_REPLY_CONNECTION_REFUSED ||
         socks_reply == CURLPX_REPLY_TTL_EXPIRED ||
         socks_reply == CURLPX_REPLY_GENERAL_SERVER_FAILURE || socks_reply == CURLPX_REQUEST_FAILED;
}

bool is_success(long status) {
  return status >= 200 && status < 300;
}

std::string http_version(CURL* handle) {
  long version = 0;
  curl_easy_getinfo(handle, CURLINFO_HTTP_VERSION, &version);
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "HTTP/1.0";
    case CURL_HTTP_VERSION_2_0:
      return "HTTP/2";
    default:
      return "HTTP/1.1";
  }
}

std::vector<std::string> certificates(CURL* handle) {
  constexpr std::string_view field = "Cert:";
  std::vector<std::string> chain;
  curl_certinfo* info = nullptr;
  if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &info) != CURLE_OK || info == nullptr)
    return chain;
  for (int i = 0; i < info->num_of_certs; ++i) {
    for (const curl_slist* line = info->certinfo[i]; line != nullptr; line = line->next) {
      const std::string_view text(line->data);
      if (text.starts_with(field)) chain.emplace_back(text.substr(field.size()));
    }
  }
  return chain;
}

}  // namespace

Transfer::Transfer(CurlEasy handle, std::string url, const FetchRequest& request, bool conditional,
                   const std::vector<std::string>& own_headers, const Limits& limits)
    : url_(std::move(url)),
      sink_(request.sink),
      recorder_(request.recorder),
      limits_(limits),
      conditional_(false),
      error_detail_(CURL_ERROR_SIZE, '\0'),
      handle_(std::move(handle)) {
  if (conditional) validators_ = request.validators;
  set_request_headers(conditional, own_headers);
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error_detail_.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  // Waiting for a connection that may turn out to be HTTP/2 beats opening several.
  curl_easy_setopt(curl, CURLOPT_PIPEWAIT, 1L);
  if (recorder_) set_recorder(own_headers);
}

void Transfer::set_request_headers(bool conditional, const std::vector<std::string>& own_headers) {
  const auto add = [this](const std::string& line) {
    request_headers_.reset(curl_slist_append(request_headers_.release(), line.c_str()));
  };
  add("Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
  add(fmt::format("Accept-Encoding: {}", ContentDecoder::accepted));
  if (conditional && !validators_.etag.empty()) add("If-None-Match: " + validators_.etag);
  if (conditional && !validators_.last_modified.empty())
    add("If-Modified-Since: " + validators_.last_modified);
  conditional_ = conditional && !(validators_.etag.empty() && validators_.last_modified.empty());
  for (const std::string& line : own_headers)
    add(line);
  curl_easy_setopt(handle_.get(), CURLOPT_HTTPHEADER, request_headers_.get());
}

void Transfer::set_recorder(const std::vector<std::string>& own_headers) {
  secret_headers_ = {"cookie", "authorization", "proxy-authorization"};
  for (const std::string& line : own_headers)
    secret_headers_.push_back(ascii_lower(line.substr(0, line.find(':'))));
  CURL* curl = handle_.get();
  curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
  curl_easy_setopt(curl, CURLOPT_DEBUGDATA, this);
  curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, &Transfer::on_debug);
  curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
}

// No exception may cross libcurl: those that memory could throw end the transfer as too large.
std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count,
                              void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    return transfer.take_raw({data, size * count}) ? size * count : 0;
  } catch (const std::exception&) {
    transfer.ended_ = Ended::body_too_large;
    return 0;
  }
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count,
                                void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (transfer.header_.take_line({data, size * count})) return size * count;
  } catch (const std::exception&) {
    // Ended below, as what it is.
  }
  transfer.ended_ = Ended::header_too_large;
  return 0;
}

// A record is given away: what opens doors is left out of it, and so is talk with a proxy.
void Transfer::record_request(std::string_view header) {
  talks_to_proxy_ = header.starts_with("CONNECT ");
  if (talks_to_proxy_) return;
  std::string kept;
  while (!header.empty()) {
    const auto end = std::min(header.find('\n'), header.size() - 1) + 1;
    const std::string_view line = header.substr(0, end);
    header.remove_prefix(end);
    const std::string name = ascii_lower(line.substr(0, line.find(':')));
    if (std::find(secret_headers_.begin(), secret_headers_.end(), name) == secret_headers_.end())
      kept += line;
  }
  recorder_->request(kept);
}

int Transfer::on_debug(CURL* /*handle*/, int kind, char* data, std::size_t size,
                       void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  ExchangeRecorder& recorder = *transfer.recorder_;
  try {
    if (kind == CURLINFO_HEADER_OUT) transfer.record_request({data, size});
    if (transfer.talks_to_proxy_) return 0;
    // libcurl gives the lines one by one.
    const bool is_secret = size > 11 && equals_ignoring_case({data, 11}, "set-cookie:");
    if (kind == CURLINFO_HEADER_IN && !is_secret) recorder.response_header({data, size});
    if (kind == CURLINFO_DATA_IN) recorder.response_body({data, size});
  } catch (const std::exception&) {
    // libcurl gives no way to end a transfer from here; the page itself is not harmed.
  }
  return 0;
}

bool Transfer::take_raw(std::string_view piece) {
  if (!has_begun_) {
    has_begun_ = true;
    curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status_);
    if (is_success(status_)) decoder_ = ContentDecoder::create(header_.content_encoding);
  }
  if (!decoder_) return take_body(piece);
  auto taken =
      decoder_->decode(piece, [this](std::string_view decoded) { return take_body(decoded); });
  return taken ? *taken : end(taken.error());
}

bool Transfer::end(Error why) {
  ended_ = Ended::other;
  ended_error_ = std::move(why);
  return false;
}

bool Transfer::take_body(std::string_view piece) {
  // Counted here, after decompression: libcurl's own limit sees the compressed length.
  const std::uint64_t room = limits_.max_body - body_bytes_;
  body_bytes_ += piece.size();
  if (!is_success(status_)) {
    if (body_bytes_ <= max_error_body) return true;
    ended_ = Ended::error_body;
    return false;
  }
  if (piece.size() > room) {
    ended_ = limits_.cut ? Ended::cut : Ended::body_too_large;
    if (limits_.cut) body_.append(piece.substr(0, room));
    return false;
  }
  if (sink_) return give_to_sink(piece);
  body_.append(piece);
  return true;
}

bool Transfer::give_to_sink(std::string_view piece) {
  auto taken = sink_begun_ ? Result<void>{} : sink_->begin();
  sink_begun_ = true;
  if (taken) taken = sink_->write(piece);
  if (taken) return true;
  return end(taken.error());
}

Transfer::Blame Transfer::blame(int code, bool through_proxy) const {
  if (!through_proxy) return Blame::origin;
  long socks_reply = 0;
  long connect_status = 0;
  curl_off_t connected_us = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_PROXY_ERROR, &socks_reply);
  curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_CONNECTCODE, &connect_status);
  curl_easy_getinfo(handle_.get(), CURLINFO_CONNECT_TIME_T, &connected_us);
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return Blame::proxy;
  if (code == CURLE_PROXY) return is_about_the_origin(socks_reply) ? Blame::origin : Blame::proxy;
  // A proxy that could not reach the origin answers CONNECT with a 5xx; a 407 is about us and it.
  if (connect_status >= 500) return Blame::origin;
  if (connect_status == 407) return Blame::proxy;
  // The only connection that we make ourselves is the one to the proxy.
  if (code == CURLE_COULDNT_CONNECT || connected_us == 0) return Blame::proxy;
  return Blame::origin;
}

Error Transfer::broken(int code) const {
  const std::string where = redact_url(url_);
  switch (ended_) {
    case Ended::body_too_large:
      return {ErrorKind::too_large, fmt::format("{}: larger than {} bytes; see network.max_body",
                                                where, limits_.max_body)};
    case Ended::header_too_large:
      return {ErrorKind::too_large,
              fmt::format("{}: a header of more than {} bytes", where, ResponseHeader::max_bytes)};
    case Ended::other:
      return {ended_error_.kind, fmt::format("{}: {}", where, ended_error_.message)};
    default:
      if (const auto& refused = handle_.get_deleter().refused_private; refused && *refused)
        return private_address_error(url_);
      return transfer_error(code, url_, error_detail_.c_str());
  }
}

void Transfer::tell_recorder(int code, Timestamp now, bool through_proxy) const {
  if (!recorder_) return;
  const char* address = nullptr;
  if (!through_proxy) curl_easy_getinfo(handle_.get(), CURLINFO_PRIMARY_IP, &address);
  recorder_->finished({redact_url(url_), http_version(handle_.get()),
                       address == nullptr ? "" : address, certificates(handle_.get()), now,
                       code == CURLE_OK ? std::string() : broken(code).message});
}

Transfer::Outcome Transfer::finish(int code, Timestamp now, bool through_proxy) {
  Outcome outcome;
  tell_recorder(code, now, through_proxy);
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &outcome.status);
  // What we ended because we had enough of it is whole for our purpose.
  const bool enough = ended_ == Ended::cut || ended_ == Ended::error_body;
  if (code != CURLE_OK && !enough) {
    outcome.blame = ended_ == Ended::no ? blame(code, through_proxy) : Blame::us;
    outcome.error = broken(code);
    return outcome;
  }
  if (code == CURLE_OK && decoder_ && !decoder_->is_finished()) {
    outcome.blame = Blame::origin;
    outcome.error =
        Error{ErrorKind::transient,
              fmt::format("{}: its {} breaks off", redact_url(url_), header_.content_encoding)};
    return outcome;
  }
  if (sink_ && is_success(outcome.status)) {
    auto kept = sink_begun_ ? Result<void>{} : sink_->begin();
    if (kept) kept = sink_->end();
    if (!kept) {
      outcome.blame = Blame::us;
      outcome.error = kept.error();
      return outcome;
    }
  }
  outcome.location = std::move(header_.location);
  if (!header_.retry_after.empty())
    outcome.retry_after = parse_retry_after(header_.retry_after, now);
  FetchedPage& page = outcome.page;
  page.url = url_;
  page.status = outcome.status;
  page.not_modified = outcome.status == 304 && conditional_;
  page.content_type = std::move(header_.content_type);
  page.body = std::move(body_);
  page.validators = std::move(header_.validators);
  page.header_names = std::move(header_.names);
  return outcome;
}

}  // namespace dandelion
