// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

// The bytes in zlib's format (RFC 1950).
[[nodiscard]] std::string compress(std::string_view bytes);

// Undoes compress(). malformed where the bytes are not in that format or are cut short, too_large
// above `max_bytes`.
[[nodiscard]] Result<std::string> decompress(std::string_view bytes, std::size_t max_bytes);

// The bytes in the format that zlib and gzip wrap (RFC 1951).
[[nodiscard]] std::string deflated(std::string_view bytes);

// The bytes as one member of a gzip file (RFC 1952), which names no time and no machine.
[[nodiscard]] std::string gzip(std::string_view bytes);

// Whether the bytes begin as a gzip file does (RFC 1952).
[[nodiscard]] bool is_gzip(std::string_view bytes);

// Unpacks a gzip file as it comes in, several members one after the other too.
class GzipReader {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;

  // What is unpacked goes to `sink`, in pieces; too_large where that is more than `max_bytes`.
  GzipReader(std::size_t max_bytes, Sink sink);
  GzipReader(GzipReader&&) noexcept;
  GzipReader& operator=(GzipReader&&) noexcept;
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;
  ~GzipReader();

  [[nodiscard]] Result<void> feed(std::string_view bytes);

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  std::size_t left_;
  Sink sink_;
};

}  // namespace dandelion
