// SPDX-License-Identifier: MIT
#include "render/share_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include "core/handle.hpp"

namespace dandelion {
namespace {

using QrCode = Handle<QRcode, QRcode_free>;

constexpr int quiet_zone = 4;  // modules on each side (ISO/IEC 18004, 5.3.8)

}  // namespace

std::string share_code_svg(std::string_view text) {
  const QrCode code(QRcode_encodeData(static_cast<int>(text.size()),
                                      reinterpret_cast<const unsigned char*>(text.data()), 0,
                                      QR_ECLEVEL_M));
  if (code == nullptr) return {};
  const int size = code->width + 2 * quiet_zone;
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width;) {
      int end = x;
      while (end < code->width && (code->data[y * code->width + end] & 1U) != 0)
        ++end;
      if (end > x)
        path +=
            fmt::format("M{} {}h{}v1H{}z", x + quiet_zone, y + quiet_zone, end - x, x + quiet_zone);
      x = end + 1;
    }
  }
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" width=\"{1}\" "
      "height=\"{1}\" role=\"img\" aria-label=\"QR\" shape-rendering=\"crispEdges\">"
      "<path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/><path fill=\"#000\" d=\"{2}\"/></svg>",
      size, size * 3, path);
}

}  // namespace dandelion
