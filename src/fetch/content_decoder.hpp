// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// Undoes one Content-Encoding (RFC 9110, 8.4) as the body comes, in bounded memory. libcurl could
// do it too, but takes a stream that ends too early for a whole one: half an article, or half a
// list of articles, would pass for all of it.
class ContentDecoder {
 public:
  // Takes a decoded piece, at most 64 KiB; false: no more is wanted.
  using Output = std::function<bool(std::string_view)>;

  // What we ask for.
  static constexpr const char* accepted = "gzip, br, zstd";

  // gzip (x-gzip), deflate, br, zstd; nullptr where there is nothing to undo: no coding, or a word
  // that is none (`Content-Encoding: UTF-8` is met), which browsers pass over as well.
  [[nodiscard]] static std::unique_ptr<ContentDecoder> create(std::string_view coding);

  ContentDecoder() = default;
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;
  ContentDecoder(ContentDecoder&&) = delete;
  ContentDecoder& operator=(ContentDecoder&&) = delete;
  virtual ~ContentDecoder() = default;

  // Whether all of the piece was taken: false where `output` wanted no more. malformed where this
  // is no such stream.
  [[nodiscard]] virtual Result<bool> decode(std::string_view piece, const Output& output) = 0;

  // Whether the stream has come to its end. What follows it is passed over, as browsers do.
  [[nodiscard]] virtual bool is_finished() const = 0;
};

}  // namespace dandelion
