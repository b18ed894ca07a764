// SPDX-License-Identifier: MIT
#include "publish/api_request.hpp"

#include <array>
#include <string_view>

#include <curl/curl.h>

#include "core/text.hpp"
#include "core/url.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/private_address.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_body_bytes = 1U << 20;
constexpr std::size_t max_headers = 200;
constexpr int max_redirects = 5;

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    auto* answer = static_cast<ApiAnswer*>(self);
    const std::size_t room = max_body_bytes - std::min(max_body_bytes, answer->body.size());
    answer->body.append(bytes, std::min(room, size * count));
    return room == 0 ? 0 : size * count;  // 0 ends the transfer
  } catch (...) {
    return 0;
  }
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self) noexcept {
  try {
    auto* answer = static_cast<ApiAnswer*>(self);
    const std::string_view line(bytes, size * count);
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/")) answer->headers.clear();
    if (colon != std::string_view::npos && answer->headers.size() < max_headers) {
      answer->headers[ascii_lower(line.substr(0, colon))] =
          std::string(trim(line.substr(colon + 1)));
    }
    return line.size();
  } catch (...) {
    return 0;
  }
}

Result<ApiAnswer> send_once(const NetworkSettings& network, const std::string& mirror,
                            const ApiRequest& request) {
  const auto url = parse_url(request.url);
  if (!url) return tl::unexpected(url.error());
  Error last{ErrorKind::transient, "there is no proxy to try"};
  const std::size_t tries = std::max<std::size_t>(1, network.proxies.size());
  for (std::size_t proxy = 0; proxy < tries; ++proxy) {
    auto easy = make_easy_handle(
        network, proxy, Route{.purpose = Route::Purpose::push, .name = mirror, .host = url->host});
    if (!easy) return tl::unexpected(std::move(easy.error()));
    CURL* curl = easy->get();
    ApiAnswer answer;
    std::array<char, CURL_ERROR_SIZE> detail{};
    CurlList headers;
    for (const std::string& each : request.headers) {
      if (curl_slist* longer = curl_slist_append(headers.get(), each.c_str())) {
        static_cast<void>(headers.release());
        headers.reset(longer);
      }
    }
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, detail.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    if (!request.body.empty()) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
      curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request.body.c_str());
    }
    if (request.method != "GET")
      curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    const CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    const bool is_cut = code == CURLE_WRITE_ERROR && answer.body.size() >= max_body_bytes;
    answer.url = request.url;
    if (code == CURLE_OK || is_cut) return answer;
    last = transfer_error(code, request.url, detail.data());
    curl_off_t request_began = 0;
    curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME_T, &request_began);
    if (request_began != 0) break;  // it may have arrived: not twice
  }
  return tl::unexpected(std::move(last));
}

Result<ApiAnswer> send_and_follow(const NetworkSettings& network, const std::string& mirror,
                                  const ApiRequest& request) {
  auto answer = send_once(network, mirror, request);
  if (!request.follows_redirects) return answer;
  std::string at = request.url;
  for (int i = 0; i < max_redirects; ++i) {
    if (!answer || answer->status < 300 || answer->status > 399) return answer;
    const auto next = resolve_url(at, answer->header("location"));
    if (!next) return answer;
    const auto url = parse_url(*next);
    if (!url || (!network.allow_private_addresses && is_private_host(url->host))) return answer;
    at = without_fragment(*next);
    answer = send_once(network, mirror, {.method = "GET", .url = at, .headers = {}, .body = {}});
  }
  return answer;
}

}  // namespace

std::string ApiAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

Result<ApiAnswer> send_request(const NetworkSettings& network, const std::string& mirror,
                               const ApiRequest& request, const Redaction& redaction) {
  auto answer = send_and_follow(network, mirror, request);
  if (!answer) {
    answer.error().message = redaction.in(answer.error().message);
    return answer;
  }
  answer->body = redaction.in(answer->body);
  answer->url = redaction.in(answer->url);
  for (auto& [name, value] : answer->headers)
    value = redaction.in(value);
  return answer;
}

}  // namespace dandelion
