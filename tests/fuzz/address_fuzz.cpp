// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/address.hpp"
#include "core/url.hpp"

// A normal form is an address of its own kind, without fragment or credentials, in plain ASCII but
// for its host, and normalising it again changes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto once = dandelion::normalize_address(text);
  if (!once) return 0;
  const auto parsed = dandelion::parse_url(*once);
  if (!parsed || !parsed->user.empty() || !parsed->fragment.empty()) std::abort();
  if (dandelion::normalize_address(*once) != once) std::abort();
  return 0;
}
