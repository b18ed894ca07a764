// SPDX-License-Identifier: MIT
#include "publish/request_body.hpp"

#include <algorithm>
#include <cstring>

#include <curl/curl.h>

namespace dandelion {
namespace {

constexpr std::size_t max_kept_bytes = 1U << 20;  // git's http.postBuffer

}  // namespace

bool RequestBody::keep(std::string_view piece) {
  if (is_started_ || kept_.size() + piece.size() > max_kept_bytes) return false;
  kept_.append(piece);
  return true;
}

void RequestBody::start() {
  is_started_ = true;
  is_open_ended_ = !is_ended_;
  sent_ = 0;
}

std::size_t RequestBody::take(std::span<char> buffer) {
  const bool from_kept = sent_ < kept_.size();
  const std::string_view source = from_kept ? std::string_view(kept_).substr(sent_) : piece_;
  if (source.empty()) return is_ended_ ? 0 : CURL_READFUNC_PAUSE;
  const std::size_t count = std::min(buffer.size(), source.size());
  std::memcpy(buffer.data(), source.data(), count);
  if (from_kept) {
    sent_ += count;
  } else {
    piece_.remove_prefix(count);
    pieces_begun_ = true;
  }
  return count;
}

bool RequestBody::rewind() {
  if (pieces_begun_) return false;
  sent_ = 0;
  return true;
}

}  // namespace dandelion
