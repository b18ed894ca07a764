// SPDX-License-Identifier: MIT
// Articles that a mirror keeps, which may have been somebody else's. What is taken over can be
// read, and is the same when it is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/compression.hpp"
#include "pipeline/archived_article.hpp"
#include "pipeline/stored_article.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dandelion;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  // Packed here: a fuzzer makes no sound stream of zlib's.
  const auto read = read_archived_article(std::string(input.substr(0, end + 1)) +
                                          compress(input.substr(end + 1)));
  if (!read) return 0;
  if (!unpack_article(read->packed)) std::abort();
  const auto again = read_archived_article("{}\n" + read->packed);
  if (!again || again->packed != read->packed) std::abort();
  return 0;
}
