// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/text.hpp"
#include "html/charset.hpp"

// The first line stands for the Content-Type header. Whatever comes in, well-formed UTF-8 comes
// out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = std::min(input.find('\n'), input.size());
  const auto page =
      dandelion::html::decode(input.substr(std::min(end + 1, input.size())), input.substr(0, end));
  if (!dandelion::is_utf8(page.text)) std::abort();
  return 0;
}
