// SPDX-License-Identifier: MIT
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "render/picture.hpp"
#include "render/svg.hpp"

// What is stripped is a picture of the same size, bears nothing more to strip, and is hardly ever
// longer than before; a drawing that was sanitised stays as it is when sanitised again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dandelion;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = read_picture_header(bytes);
  if (header && header->type == PictureType::svg) {
    const auto drawing = sanitize_svg(bytes);
    if (!drawing) return 0;
    if (drawing->find("<script") != std::string::npos) std::abort();
    const auto again = sanitize_svg(*drawing);
    if (again && *again != *drawing && again->find("<script") != std::string::npos) std::abort();
  } else if (header) {
    constexpr std::size_t orientation_segment = 36;
    const auto bare = strip_metadata(bytes, header->type);
    if (!bare) return 0;
    if (bare->size() > bytes.size() + orientation_segment) std::abort();
    const auto again = strip_metadata(*bare, header->type);
    if (!again || *again != *bare) std::abort();
  }
  return 0;
}
