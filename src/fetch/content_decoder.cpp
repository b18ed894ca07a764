// SPDX-License-Identifier: MIT
#include "fetch/content_decoder.hpp"

#include <array>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "core/handle.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t buffer_bytes = 64U << 10;
// What a zstd stream may ask us to remember (RFC 8878, 3.1.1.1.2, names 8 MiB for all decoders).
constexpr int zstd_window_log = 23;

using Buffer = std::array<char, buffer_bytes>;

tl::unexpected<Error> broken(std::string_view coding) {
  return fail(ErrorKind::malformed, "its {} is broken", coding);
}

class ZlibDecoder final : public ContentDecoder {
 public:
  enum class Format { gzip, deflate };
  explicit ZlibDecoder(Format format) : format_(format) {
    ready_ = inflateInit2(&stream_, MAX_WBITS + (format == Format::gzip ? 16 : 0)) == Z_OK;
  }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;
  ZlibDecoder(ZlibDecoder&&) = delete;
  ZlibDecoder& operator=(ZlibDecoder&&) = delete;
  ~ZlibDecoder() override { inflateEnd(&stream_); }

  Result<bool> decode(std::string_view piece, const Output& output) override {
    if (!ready_) return fail(ErrorKind::storage, "zlib gives no decoder: out of memory");
    if (!begun_ && !piece.empty()) begin(piece.front());
    // zlib's input is not const, though it only reads.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));  // NOLINT
    stream_.avail_in = static_cast<uInt>(piece.size());
    while (stream_.avail_in > 0) {
      if (finished_ && !begin_next_member()) return true;
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return broken(format_ == Format::gzip ? "gzip" : "deflate");
      finished_ = status == Z_STREAM_END;
      const std::size_t count = buffer_.size() - stream_.avail_out;
      if (count > 0 && !output({buffer_.data(), count})) return false;
      if (status == Z_BUF_ERROR && count == 0) break;
    }
    return true;
  }

  [[nodiscard]] bool is_finished() const override { return finished_; }

 private:
  // "deflate" means zlib's format (RFC 9110, 8.4.1.2), but some servers send it bare.
  void begin(char first) {
    begun_ = true;
    const bool has_zlib_header = (static_cast<unsigned char>(first) & 0x0F) == Z_DEFLATED;
    if (format_ == Format::deflate && !has_zlib_header) inflateReset2(&stream_, -MAX_WBITS);
  }

  // A gzip file may be several, one behind the other (RFC 1952, 2.2).
  bool begin_next_member() {
    const bool more = format_ == Format::gzip && *stream_.next_in == 0x1F;
    if (more) {
      inflateReset(&stream_);
      finished_ = false;
    }
    return more;
  }

  const Format format_;
  z_stream stream_{};
  bool ready_ = false;
  bool begun_ = false;
  bool finished_ = false;
  Buffer buffer_{};
};

class BrotliStream final : public ContentDecoder {
 public:
  BrotliStream() : state_(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}

  Result<bool> decode(std::string_view piece, const Output& output) override {
    if (!state_) return fail(ErrorKind::storage, "brotli gives no decoder: out of memory");
    std::size_t input_left = piece.size();
    const auto* input = reinterpret_cast<const std::uint8_t*>(piece.data());
    while (!is_finished()) {
      std::size_t room = buffer_.size();
      auto* next = reinterpret_cast<std::uint8_t*>(buffer_.data());
      const auto result =
          BrotliDecoderDecompressStream(state_.get(), &input_left, &input, &room, &next, nullptr);
      if (result == BROTLI_DECODER_RESULT_ERROR) return broken("brotli");
      const std::size_t count = buffer_.size() - room;
      if (count > 0 && !output({buffer_.data(), count})) return false;
      if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT) break;
    }
    return true;
  }

  [[nodiscard]] bool is_finished() const override {
    return BrotliDecoderIsFinished(state_.get()) == BROTLI_TRUE;
  }

 private:
  Handle<BrotliDecoderState, BrotliDecoderDestroyInstance> state_;
  Buffer buffer_{};
};

class ZstdStream final : public ContentDecoder {
 public:
  ZstdStream() : stream_(ZSTD_createDStream()) {
    if (stream_) ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, zstd_window_log);
  }

  Result<bool> decode(std::string_view piece, const Output& output) override {
    if (!stream_) return fail(ErrorKind::storage, "zstd gives no decoder: out of memory");
    ZSTD_inBuffer input{piece.data(), piece.size(), 0};
    bool has_more = false;
    while (input.pos < input.size || has_more) {
      ZSTD_outBuffer room{buffer_.data(), buffer_.size(), 0};
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &room, &input);
      if (ZSTD_isError(left) != 0) return broken("zstd");
      finished_ = left == 0;
      has_more = !finished_ && room.pos == room.size;
      if (room.pos > 0 && !output({buffer_.data(), room.pos})) return false;
    }
    return true;
  }

  [[nodiscard]] bool is_finished() const override { return finished_; }

 private:
  Handle<ZSTD_DStream, ZSTD_freeDStream> stream_;
  bool finished_ = false;
  Buffer buffer_{};
};

}  // namespace

std::unique_ptr<ContentDecoder> ContentDecoder::create(std::string_view coding) {
  const std::string name = ascii_lower(trim(coding));
  if (name == "gzip" || name == "x-gzip")
    return std::make_unique<ZlibDecoder>(ZlibDecoder::Format::gzip);
  if (name == "deflate") return std::make_unique<ZlibDecoder>(ZlibDecoder::Format::deflate);
  if (name == "br") return std::make_unique<BrotliStream>();
  if (name == "zstd") return std::make_unique<ZstdStream>();
  return nullptr;
}

}  // namespace dandelion
