// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "archive/wayback.hpp"

// Whatever an archive answers, all that is taken from it is a time, and the address made of that is
// the archive's own and reads back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto answer = dandelion::read_wayback_answer(text);
  if (answer && *answer) {
    const std::string address = dandelion::snapshot_address(**answer, "https://e.example/a");
    const auto read = dandelion::read_snapshot_address(address);
    if (!read || read->url != "https://e.example/a" || read->snapshot.time != (*answer)->time)
      std::abort();
  }
  const auto read = dandelion::read_snapshot_address(text);
  if (read && !text.starts_with("https://web.archive.org/web/")) std::abort();
  return 0;
}
