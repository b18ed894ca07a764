// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace dandelion {

// The body of a request that is handed over piece by piece and sent at libcurl's pace. The first
// megabyte is kept: what is no longer goes with its length, and can be sent again over another
// connection. What follows it is not kept.
class RequestBody {
 public:
  // Keeps the piece; false where it does not fit any more, or sending has begun.
  [[nodiscard]] bool keep(std::string_view piece);
  // Gives a piece that does not fit to be sent. It must stay valid until is_drained().
  void offer(std::string_view piece) { piece_ = piece; }
  void drop_offer() { piece_ = {}; }
  void end() { is_ended_ = true; }

  // Sending begins, from the first byte.
  void start();
  // The next bytes, for libcurl; CURL_READFUNC_PAUSE where the next piece is not here yet, 0 at the
  // end.
  [[nodiscard]] std::size_t take(std::span<char> buffer);
  // Back to the first byte; false where a part of the body is gone.
  [[nodiscard]] bool rewind();

  [[nodiscard]] bool is_drained() const { return piece_.empty(); }
  [[nodiscard]] bool is_untouched() const { return sent_ == 0 && !pieces_begun_; }
  // More than is kept: the length is not known beforehand.
  [[nodiscard]] bool is_open_ended() const { return is_open_ended_; }
  [[nodiscard]] std::size_t kept_bytes() const { return kept_.size(); }

 private:
  std::string kept_;
  std::size_t sent_ = 0;  // of kept_
  std::string_view piece_;
  bool pieces_begun_ = false;
  bool is_started_ = false;
  bool is_open_ended_ = false;
  bool is_ended_ = false;
};

}  // namespace dandelion
