// SPDX-License-Identifier: MIT
#include "core/compression.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(Compress, IsUndone) {
  std::string bytes(200'000, 'x');
  bytes += std::string("\0\xFF", 2);
  for (const std::string& text : {std::string(), bytes}) {
    const std::string packed = compress(text);
    EXPECT_EQ(decompress(packed, bytes.size()).value(), text);
  }
  EXPECT_LT(compress(bytes).size(), 2000U);
}

TEST(Decompress, RefusesWhatIsDamagedCutShortOrTooLarge) {
  const std::string packed = compress(std::string(1000, 'x'));
  EXPECT_EQ(decompress(packed, 999).error().kind, ErrorKind::too_large);
  EXPECT_TRUE(decompress(packed, 1000));
  EXPECT_EQ(decompress(packed.substr(0, packed.size() - 1), 1000).error().kind,
            ErrorKind::malformed);
  EXPECT_EQ(decompress("no", 1000).error().kind, ErrorKind::malformed);
}

}  // namespace
}  // namespace dandelion
