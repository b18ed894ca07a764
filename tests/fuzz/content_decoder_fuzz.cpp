// SPDX-License-Identifier: MIT
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fetch/content_decoder.hpp"

// The first byte names the coding, the second the size of the pieces: no more than 64 KiB comes at
// a time, nothing after a refusal, and the decoder survives what is no stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array<const char*, 4> codings = {"gzip", "deflate", "br", "zstd"};
  if (size < 2) return 0;
  const auto decoder = dandelion::ContentDecoder::create(codings[data[0] % codings.size()]);
  const std::size_t step = data[1] + std::size_t{1};
  std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  std::size_t total = 0;
  while (!body.empty()) {
    auto taken = decoder->decode(body.substr(0, step), [&total](std::string_view piece) {
      if (piece.size() > (64U << 10)) std::abort();
      total += piece.size();
      return total < (8U << 20);
    });
    if (!taken || !*taken) return 0;
    body.remove_prefix(std::min(step, body.size()));
  }
  static_cast<void>(decoder->is_finished());
  return 0;
}
