// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fetch/robots.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const dandelion::RobotsRules rules(text, "Dandelion");
  static_cast<void>(rules.allows("/gb/23/9/27/n14082272.htm?a=b"));
  if (!rules.allows("/robots.txt")) std::abort();
  if (rules.crawl_delay().count() < 0 || rules.crawl_delay().count() > 30'000) std::abort();
  return 0;
}
