// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/url.hpp"
#include "discover/sitemap.hpp"

namespace {

void read_in_pieces(std::string_view bytes, std::size_t piece) {
  const auto take = [](const dandelion::FoundAddress& found) -> dandelion::Result<void> {
    if (!dandelion::parse_url(found.url)) std::abort();
    return {};
  };
  dandelion::SitemapReader reader("https://e.example/sitemap.xml", take, take);
  dandelion::Result<void> read;
  for (std::size_t at = 0; read && at < bytes.size(); at += piece)
    read = reader.feed(bytes.substr(at, piece));
  if (read) read = reader.finish();
}

}  // namespace

// Whatever comes as a sitemap, in pieces of any size (the first byte says which), each address that
// is given is one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 2 + data[0] % 64;
  read_in_pieces(bytes, piece);
  return 0;
}
