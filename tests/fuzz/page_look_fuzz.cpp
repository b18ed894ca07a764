// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "config/block_fingerprints.hpp"
#include "fetch/page_look.hpp"

// Any bytes for texts, titles and a file of block pages: sketches are sorted and bounded, every
// text contains itself, comparing does not depend on the order.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view first = text.substr(0, size / 2);
  const std::string_view second = text.substr(size / 2);
  const auto a = dandelion::sketch_text(first);
  const auto b = dandelion::sketch_text(second);
  if (a.size() > 256 || !std::is_sorted(a.begin(), a.end())) std::abort();
  if (!a.empty() && dandelion::containment(a, a) != 1) std::abort();
  if (dandelion::containment(a, b) != dandelion::containment(b, a)) std::abort();
  static_cast<void>(dandelion::titles_match(first, second));
  static_cast<void>(dandelion::parse_block_fingerprints(text, "fuzz.yaml"));
  return 0;
}
