// SPDX-License-Identifier: MIT
#include "core/compression.hpp"

#include <array>
#include <cstdint>

#include <zlib.h>

namespace dandelion {
namespace {

constexpr std::size_t piece_bytes = 64U << 10;
// RFC 1952's own window and header.
constexpr int gzip_window_bits = 15 + 16;
// zlib's way to ask for none.
constexpr int raw_window_bits = -15;

// zlib's own type for input is not const, though it only reads.
Bytef* input_of(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // NOLINT
}

// What the window's bits stand for is zlib's: which format is around the bytes.
std::string pack(std::string_view bytes, int window_bits) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(
      &stream, [](z_stream* ended) { return deflateEnd(ended); });
  std::string made(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = input_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  // One call, for there is room enough for all of it.
  if (::deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::bad_alloc();
  made.erase(made.size() - stream.avail_out);
  return made;
}

}  // namespace

std::string compress(std::string_view bytes) {
  uLongf size = compressBound(static_cast<uLong>(bytes.size()));
  std::string packed(size, '\0');
  // With that much room it fails only where memory does.
  if (compress2(reinterpret_cast<Bytef*>(packed.data()), &size, input_of(bytes),
                static_cast<uLong>(bytes.size()), Z_BEST_SPEED) != Z_OK) {
    throw std::bad_alloc();
  }
  packed.resize(size);
  return packed;
}

Result<std::string> decompress(std::string_view bytes, std::size_t max_bytes) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(
      &stream, [](z_stream* ended) { return inflateEnd(ended); });
  stream.next_in = input_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string whole;
  std::array<Bytef, piece_bytes> piece{};
  for (;;) {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END)
      return fail(ErrorKind::malformed, "compressed data that is damaged or cut short");
    const std::size_t got = piece.size() - stream.avail_out;
    if (got > max_bytes - whole.size())
      return fail(ErrorKind::too_large, "compressed data that unpacks to more than {} bytes",
                  max_bytes);
    whole.append(reinterpret_cast<const char*>(piece.data()), got);
    if (code == Z_STREAM_END) return whole;
  }
}

std::string deflated(std::string_view bytes) {
  return pack(bytes, raw_window_bits);
}

std::string gzip(std::string_view bytes) {
  return pack(bytes, gzip_window_bits);
}

bool is_gzip(std::string_view bytes) {
  return bytes.starts_with("\x1F\x8B");
}

struct GzipReader::Stream {
  z_stream stream{};
  Stream() {
    if (inflateInit2(&stream, gzip_window_bits) != Z_OK) throw std::bad_alloc();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  Stream(Stream&&) = delete;
  Stream& operator=(Stream&&) = delete;
  ~Stream() { inflateEnd(&stream); }
};

GzipReader::GzipReader(std::size_t max_bytes, Sink sink)
    : stream_(std::make_unique<Stream>()), left_(max_bytes), sink_(std::move(sink)) {}
GzipReader::GzipReader(GzipReader&&) noexcept = default;
GzipReader& GzipReader::operator=(GzipReader&&) noexcept = default;
GzipReader::~GzipReader() = default;

Result<void> GzipReader::feed(std::string_view bytes) {
  z_stream& stream = stream_->stream;
  stream.next_in = input_of(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<Bytef, piece_bytes> piece{};
  do {
    stream.next_out = piece.data();
    stream.avail_out = static_cast<uInt>(piece.size());
    const int code = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = piece.size() - stream.avail_out;
    if (got > left_) return fail(ErrorKind::too_large, "a gzip file that unpacks to too much");
    left_ -= got;
    if (got > 0) {
      const std::string_view unpacked(reinterpret_cast<const char*>(piece.data()), got);
      if (auto taken = sink_(unpacked); !taken) return taken;
    }
    if (code == Z_STREAM_END) {
      inflateReset(&stream);
    } else if (code == Z_BUF_ERROR) {
      return {};  // it wants more input
    } else if (code != Z_OK) {
      return fail(ErrorKind::malformed, "a gzip file that is damaged");
    }
  } while (stream.avail_in > 0 || stream.avail_out == 0);
  return {};
}

}  // namespace dandelion
