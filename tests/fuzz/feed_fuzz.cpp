// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/url.hpp"
#include "discover/feed.hpp"

// Whatever comes as a feed, each address that is given is one, and there is an end to them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t given = 0;
  const auto read = dandelion::read_feed(
      text, "", "https://e.example/feed",
      [&given](const dandelion::FoundAddress& found) -> dandelion::Result<void> {
        if (!dandelion::parse_url(found.url) || found.url.find('#') != std::string::npos)
          std::abort();
        if (++given > 10'000) std::abort();
        return {};
      });
  static_cast<void>(read);
  return 0;
}
