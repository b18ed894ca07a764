// SPDX-License-Identifier: MIT
#include "publish/http_exchange.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "core/log.hpp"
#include "core/stop_signal.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/private_address.hpp"
#include "publish/http_refusal.hpp"
#include "publish/remote_words.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

// More of an answer is not taken until this was read.
constexpr std::size_t answer_window = 256U << 10;
// A list of refs or a report above this is not a mirror's; libgit2 would keep all of it. Nor are
// commits that we should fetch from it.
constexpr std::uint64_t max_answer_bytes = 64U << 20;
// What is kept of a page that goes with a 4xx or 5xx, and what is read of it.
constexpr std::size_t max_error_text = 4U << 10;
constexpr std::size_t max_error_bytes = 1U << 20;
constexpr int max_redirects = 5;
constexpr milliseconds poll_step{500};  // how late a stop signal may be seen

// Some hosts look for "git/" to tell a push from a browser, and among the pushes that a host sees
// ours should not stand out: the user agent of `network:` is for the pages.
constexpr const char* user_agent = "git/2.39.5";

std::int64_t now_ms() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void append(CurlHeaders& list, const char* header) {
  // On failure the list stays as it was, and is still ours.
  if (curl_slist* longer = curl_slist_append(list.get(), header)) {
    static_cast<void>(list.release());
    list.reset(longer);
  }
}

}  // namespace

HttpExchange::HttpExchange(HttpSession& session, Kind kind) : session_(session), kind_(kind) {
  url_ = session.address + (is_advertisement() ? refs_suffix() : fmt::format("/{}", service()));
}

bool HttpExchange::is_advertisement() const {
  return kind_ == Kind::receive_advertisement || kind_ == Kind::upload_advertisement;
}

std::string_view HttpExchange::service() const {
  const bool fetches = kind_ == Kind::upload_advertisement || kind_ == Kind::upload_pack;
  return fetches ? "git-upload-pack" : "git-receive-pack";
}

std::string HttpExchange::refs_suffix() const {
  return fmt::format("/info/refs?service={}", service());
}

HttpExchange::~HttpExchange() {
  detach();
}

void HttpExchange::detach() {
  if (easy_) curl_multi_remove_handle(session_.multi.get(), easy_.get());
  easy_.reset();
}

void HttpExchange::set_headers(CURL* easy) {
  headers_.reset();
  if (is_advertisement()) {
    append(headers_, "Accept: */*");
    append(headers_, "Pragma: no-cache");
  } else {
    append(headers_, fmt::format("Content-Type: application/x-{}-request", service()).c_str());
    append(headers_, fmt::format("Accept: application/x-{}-result", service()).c_str());
    append(headers_, "Expect:");  // a server that does not know it would cost a second's wait
    if (body_.is_open_ended()) append(headers_, "Transfer-Encoding: chunked");
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
}

void HttpExchange::set_options(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);  // follow_redirect looks at each step
  // A big pack over a slow line may take hours: drive() watches that something moves, not how long
  // it takes.
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 0L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, 0L);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, detail_.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &HttpExchange::on_write);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  if (!is_advertisement()) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(
        easy, CURLOPT_POSTFIELDSIZE_LARGE,
        body_.is_open_ended() ? curl_off_t{-1} : static_cast<curl_off_t>(body_.kept_bytes()));
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &HttpExchange::on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, this);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &HttpExchange::on_seek);
    curl_easy_setopt(easy, CURLOPT_SEEKDATA, this);
  }
  set_headers(easy);
}

Result<void> HttpExchange::start() {
  detach();
  auto url = parse_url(url_);
  if (!url) return tl::unexpected(std::move(url.error()));
  auto easy = make_easy_handle(
      session_.network, session_.proxy,
      Route{.purpose = Route::Purpose::push, .name = session_.mirror, .host = url->host});
  if (!easy) return tl::unexpected(std::move(easy.error()));
  easy_ = std::move(*easy);
  body_.start();
  set_options(easy_.get());
  const Url& home = session_.target.url;
  at_home_ = url->scheme == home.scheme && url->host == home.host && url->port == home.port;
  if (session_.credentials && at_home_) {
    curl_easy_setopt(easy_.get(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy_.get(), CURLOPT_USERNAME, session_.credentials->username.c_str());
    curl_easy_setopt(easy_.get(), CURLOPT_PASSWORD, session_.credentials->token.reveal().c_str());
  }
  outcome_.reset();
  detail_.fill('\0');
  error_text_.clear();
  error_bytes_ = 0;
  send_paused_ = receive_paused_ = wrong_type_ = false;
  moved_ = -1;
  if (curl_multi_add_handle(session_.multi.get(), easy_.get()) != CURLM_OK) {
    easy_.reset();
    return fail(ErrorKind::transient, "libcurl cannot begin a transfer");
  }
  return {};
}

void HttpExchange::collect_outcome() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(session_.multi.get(), &left)) {
    if (message->msg == CURLMSG_DONE) outcome_ = message->data.result;
  }
}

// As long as nothing of the request was sent, another proxy may carry it: nothing can happen twice.
bool HttpExchange::may_use_next_proxy() const {
  if (*outcome_ == CURLE_OK || !body_.is_untouched()) return false;
  curl_off_t request_began = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &request_began);
  return request_began == 0 && session_.proxy + 1 < session_.network.proxies.size();
}

bool HttpExchange::is_stalled() {
  curl_off_t up = 0;
  curl_off_t down = 0;
  curl_off_t request_began = 0;
  long headers = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &up);
  curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_DOWNLOAD_T, &down);
  curl_easy_getinfo(easy_.get(), CURLINFO_HEADER_SIZE, &headers);
  curl_easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &request_began);
  if (const curl_off_t moved = up + down + headers; moved != moved_) {
    moved_ = moved;
    moved_at_ms_ = now_ms();
  }
  const bool pushing = kind_ == Kind::receive_pack && request_began != 0;
  const milliseconds patience =
      pushing ? std::max(session_.patience, session_.network.timeout) : session_.network.timeout;
  return now_ms() - moved_at_ms_ > patience.count();
}

// Works until `until` holds or the transfer is over, for better or worse: outcome_ tells.
template <typename Until>
Result<void> HttpExchange::drive(Until until) {
  moved_at_ms_ = now_ms();  // the time in which libgit2 made the next piece is not the network's
  while (!until()) {
    int running = 0;
    curl_multi_perform(session_.multi.get(), &running);
    collect_outcome();
    if (!outcome_ && !until()) {
      if (stop_requested())
        return fail(ErrorKind::stopped, "stopped while pushing to {}", session_.target.address);
      curl_multi_poll(session_.multi.get(), nullptr, 0, static_cast<int>(poll_step.count()),
                      nullptr);
      if (is_stalled()) {
        std::snprintf(detail_.data(), detail_.size(), "nothing moved for too long");
        outcome_ = CURLE_OPERATION_TIMEDOUT;
      }
    }
    if (!outcome_) continue;
    if (!may_use_next_proxy()) return {};
    log_debug("proxy {}: {}; the next one is tried",
              session_.network.proxies[session_.proxy].display(), detail_.data());
    ++session_.proxy;
    if (auto started = start(); !started) return started;
  }
  return {};
}

void HttpExchange::resume() {
  if (!send_paused_ && !receive_paused_) return;
  send_paused_ = receive_paused_ = false;
  curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
}

Result<void> HttpExchange::send(std::string_view piece) {
  if (body_.keep(piece)) return {};
  body_.offer(piece);
  if (!easy_) {
    if (auto started = start(); !started) return started;
  } else {
    resume();
  }
  auto done = drive([this] { return body_.is_drained(); });
  if (done && !body_.is_drained() && answer_.empty()) done = tl::unexpected(failure());
  // Where an answer is there already, the server had heard enough and closed the line. Why, its
  // report says, which libgit2 asks for after the last piece.
  body_.drop_offer();
  return done;
}

Result<std::size_t> HttpExchange::receive(std::span<char> buffer) {
  for (;;) {
    body_.end();
    if (!easy_) {
      if (auto started = start(); !started) return tl::unexpected(std::move(started.error()));
    } else if (answer_.empty()) {
      resume();
    }
    auto done = drive([this] { return !answer_.empty(); });
    if (!done) return tl::unexpected(std::move(done.error()));
    note_acceptance();
    if (!answer_.empty()) break;
    if (wrong_type_ || *outcome_ != CURLE_OK) return tl::unexpected(failure());
    const auto redirected = follow_redirect();
    if (!redirected) return tl::unexpected(redirected.error());
    if (*redirected) continue;
    if (status() != 200 || answer_bytes_ == 0) return tl::unexpected(failure());
    return 0;
  }
  if (auto adopted = adopt_address(); !adopted) return tl::unexpected(std::move(adopted.error()));
  const std::size_t count = std::min(buffer.size(), answer_.size() - answer_read_);
  std::memcpy(buffer.data(), answer_.data() + answer_read_, count);
  answer_read_ += count;
  if (answer_read_ == answer_.size()) {
    answer_.clear();
    answer_read_ = 0;
  }
  return count;
}

// Whether the first request was sent elsewhere, and has begun again there.
Result<bool> HttpExchange::follow_redirect() {
  if (!is_redirect(status())) return false;
  const char* target = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &target);
  if (!is_advertisement() || target == nullptr) {
    return fail(ErrorKind::refused,
                "{} sends the push elsewhere; give the new address in `mirrors:`",
                session_.address);
  }
  if (++redirects_ > max_redirects) {
    return fail(ErrorKind::refused, "{} redirects more than {} times", session_.target.address,
                max_redirects);
  }
  const auto next = parse_url(target);
  if (!next || !next->user.empty())
    return fail(ErrorKind::refused, "{} redirects to no usable address", url_);
  if (next->scheme == "http" && url_.starts_with("https:")) {
    return fail(ErrorKind::refused,
                "{} redirects from https to http, which anyone on the way could read", url_);
  }
  if (!session_.network.allow_private_addresses && is_private_host(next->host)) {
    return fail(ErrorKind::refused, "{} redirects into a private network", url_);
  }
  if (status() != 301 && status() != 308) moved_for_good_ = false;
  url_ = without_fragment(target);
  if (auto started = start(); !started) return tl::unexpected(std::move(started.error()));
  return true;
}

// The push itself goes to where the first request ended.
Result<void> HttpExchange::adopt_address() const {
  if (redirects_ == 0) return {};
  const std::string suffix = refs_suffix();
  if (!url_.ends_with(suffix)) {
    return fail(ErrorKind::refused, "{} redirects to {}, which is no repository",
                session_.target.address, redact_url(url_));
  }
  std::string address = url_.substr(0, url_.size() - suffix.size());
  if (address == session_.address) return {};
  // GitLab sends all who leave it out to the address with the ending.
  if (moved_for_good_ && address != session_.address + ".git") {
    session_.moved_to = clean_remote_text(session_.redaction.in(redact_url(address)));
    log_warning("mirror {}: it has moved to {}; write that behind its `url:`", session_.mirror,
                session_.moved_to);
  }
  session_.address = std::move(address);
  return {};
}

void HttpExchange::note_acceptance() const {
  if (!session_.credentials || !at_home_) return;
  if (status() == 200) session_.accepted = true;
  if (status() == 401) session_.accepted = false;
}

long HttpExchange::status() const {
  long code = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
  return code;
}

bool HttpExchange::has_right_type() const {
  const char* type = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type);
  std::string_view bare = type != nullptr ? type : "";
  bare = trim(bare.substr(0, bare.find(';')));
  return equals_ignoring_case(bare, fmt::format("application/x-{}-{}", service(),
                                                is_advertisement() ? "advertisement" : "result"));
}

Error HttpExchange::failure() const {
  if (wrong_type_ || (*outcome_ == CURLE_OK && status() == 200)) {
    const char* type = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type);
    return {
        ErrorKind::malformed,
        fmt::format("{} does not answer as a Git server (it sent {}); is the address right?",
                    session_.address,
                    type != nullptr ? first_remote_line(session_.redaction.in(type)) : "nothing")};
  }
  if (answer_bytes_ > max_answer_bytes) {
    return {ErrorKind::too_large,
            fmt::format("{} answered more than {} bytes", session_.address, max_answer_bytes)};
  }
  // A status that says no stands even where the connection broke afterwards, in the middle of our
  // body.
  if (status() >= 300) {
    curl_off_t retry_after = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RETRY_AFTER, &retry_after);
    return refusal_error({.status = status(),
                          .mirror = session_.target.address,
                          .url = url_,
                          .text = session_.redaction.in(error_text_),
                          .retry_after = std::chrono::seconds(retry_after),
                          .has_token = session_.credentials.has_value(),
                          .token_sent = at_home_});
  }
  return transfer_error(*outcome_, session_.address, detail_.data());
}

std::size_t HttpExchange::take_answer(std::string_view bytes) {
  if (status() != 200) {
    if ((error_bytes_ += bytes.size()) > max_error_bytes) return 0;  // ends the transfer
    // HTML is for people with a browser; plain text is for us.
    const char* type = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type);
    if (type != nullptr && std::string_view(type).starts_with("text/plain")) {
      error_text_.append(
          bytes.substr(0, max_error_text - std::min(max_error_text, error_text_.size())));
    }
    return bytes.size();
  }
  wrong_type_ = !has_right_type();
  answer_bytes_ += bytes.size();
  if (wrong_type_ || answer_bytes_ > max_answer_bytes) return 0;  // ends the transfer
  if (!answer_.empty() && answer_.size() + bytes.size() > answer_window) {
    answer_bytes_ -= bytes.size();
    receive_paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  answer_.append(bytes);
  return bytes.size();
}

std::size_t HttpExchange::on_read(char* buffer, std::size_t size, std::size_t count,
                                  void* self) noexcept {
  auto* exchange = static_cast<HttpExchange*>(self);
  const std::size_t given = exchange->body_.take({buffer, size * count});
  exchange->send_paused_ = given == CURL_READFUNC_PAUSE;
  return given;
}

std::size_t HttpExchange::on_write(char* bytes, std::size_t size, std::size_t count,
                                   void* self) noexcept {
  try {
    return static_cast<HttpExchange*>(self)->take_answer({bytes, size * count});
  } catch (...) {  // out of memory: libcurl reads it as a failed write
    return CURL_WRITEFUNC_ERROR;
  }
}

// libcurl goes back to the beginning where a kept connection turned out to be closed. What came in
// pieces is gone.
int HttpExchange::on_seek(void* self, curl_off_t offset, int origin) noexcept {
  auto* exchange = static_cast<HttpExchange*>(self);
  const bool done = offset == 0 && origin == SEEK_SET && exchange->body_.rewind();
  return done ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

}  // namespace dandelion
