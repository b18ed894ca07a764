// SPDX-License-Identifier: MIT
#include "fetch/content_decoder.hpp"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace dandelion {
namespace {

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i)
    text += std::to_string(i * 7919 % 10'007);
  return text;
}

std::string zlib_packed(const std::string& text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string copy = text;
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(copy.data());
  stream.avail_in = static_cast<uInt>(copy.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.erase(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string brotli_packed(const std::string& text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string packed(size, '\0');
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
                        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(packed.data()));
  packed.erase(size);
  return packed;
}

std::string zstd_packed(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.erase(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

struct Decoded {
  std::string text;
  bool finished = false;
  bool broken = false;
};

// In pieces of `step` bytes, as the network would bring them.
Decoded decoded(std::string_view coding, std::string_view packed, std::size_t step) {
  Decoded outcome;
  auto decoder = ContentDecoder::create(coding);
  for (std::size_t i = 0; i < packed.size(); i += step) {
    auto taken = decoder->decode(packed.substr(i, step), [&outcome](std::string_view piece) {
      outcome.text += piece;
      return true;
    });
    outcome.broken = outcome.broken || !taken;
  }
  outcome.finished = decoder->is_finished();
  return outcome;
}

struct Coding {
  const char* name;
  std::string packed;
};
class Codings : public testing::TestWithParam<Coding> {};

TEST_P(Codings, GiveTheTextWhateverThePieces) {
  const auto& [name, packed] = GetParam();
  for (const std::size_t step : {std::size_t{1}, std::size_t{1'000}, packed.size()}) {
    const Decoded whole = decoded(name, packed, step);
    EXPECT_EQ(whole.text, sample());
    EXPECT_TRUE(whole.finished);
    EXPECT_FALSE(whole.broken);
  }
}

TEST_P(Codings, KnowAStreamThatEndsTooEarly) {
  const auto& [name, packed] = GetParam();
  for (const std::size_t cut : {std::size_t{1}, std::size_t{5}, packed.size() / 2})
    EXPECT_FALSE(
        decoded(name, std::string_view(packed).substr(0, packed.size() - cut), 997).finished)
        << name << " without its last " << cut;
}

TEST_P(Codings, PassOverWhatFollows) {
  const auto& [name, packed] = GetParam();
  if (std::string_view(name) == "zstd") return;  // another frame may follow, so nothing else can
  const Decoded whole = decoded(name, packed + "\r\n", 4'096);
  EXPECT_EQ(whole.text, sample());
  EXPECT_TRUE(whole.finished);
}

TEST_P(Codings, StopWhereNoMoreIsWanted) {
  const auto& [name, packed] = GetParam();
  auto decoder = ContentDecoder::create(name);
  std::size_t bytes = 0;
  const auto taken = decoder->decode(packed, [&bytes](std::string_view piece) {
    bytes += piece.size();
    return false;
  });
  ASSERT_TRUE(taken);
  EXPECT_FALSE(*taken);
  EXPECT_LE(bytes, 64U << 10);
}

INSTANTIATE_TEST_SUITE_P(All, Codings,
                         testing::Values(Coding{"gzip", zlib_packed(sample(), 15 + 16)},
                                         Coding{"deflate", zlib_packed(sample(), 15)},
                                         Coding{"Deflate", zlib_packed(sample(), -15)},
                                         Coding{"br", brotli_packed(sample())},
                                         Coding{"zstd", zstd_packed(sample())}));

TEST(ContentDecoder, TakesSeveralGzipMembersForOneBody) {
  const std::string member = zlib_packed("abc", 15 + 16);
  EXPECT_EQ(decoded("gzip", member + member, 7).text, "abcabc");
}

TEST(ContentDecoder, TellsWhatIsNoSuchStream) {
  for (const char* coding : {"gzip", "br", "zstd"})
    EXPECT_TRUE(decoded(coding, "this is plain text, whatever the header says", 100).broken)
        << coding;
}

TEST(ContentDecoder, HasNothingToUndoWhereNoCodingIsNamed) {
  EXPECT_EQ(ContentDecoder::create(""), nullptr);
  EXPECT_EQ(ContentDecoder::create("identity"), nullptr);
  EXPECT_EQ(ContentDecoder::create("UTF-8"), nullptr);
  EXPECT_NE(ContentDecoder::create(" X-GZIP "), nullptr);
}

}  // namespace
}  // namespace dandelion
