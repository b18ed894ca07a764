// SPDX-License-Identifier: MIT
#include "render/share_code.hpp"

#include <fmt/format.h>
#include <qrencode.h>
#include <zlib.h>

#include "core/compression.hpp"
#include "core/handle.hpp"

namespace dandelion {
namespace {

using QrCode = Handle<QRcode, QRcode_free>;

constexpr int quiet_zone = 4;  // modules on each side (ISO/IEC 18004, 5.3.8)
constexpr int dots_per_module = 4;
constexpr std::string_view folder_name = "share";

// Null where the text is too long.
QrCode encode(std::string_view text) {
  return QrCode(QRcode_encodeData(static_cast<int>(text.size()),
                                  reinterpret_cast<const unsigned char*>(text.data()), 0,
                                  QR_ECLEVEL_M));
}

bool is_dark(const QRcode& code, int x, int y) {
  const bool inside = x >= 0 && y >= 0 && x < code.width && y < code.width;
  return inside && (code.data[y * code.width + x] & 1U) != 0;
}

std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
  return bytes;
}

// ISO/IEC 15948, 5.3: length, type, content, checksum of the two before.
std::string png_chunk(std::string_view type, std::string_view content) {
  const std::string checked = std::string(type).append(content);
  const auto sum = ::crc32_z(0, reinterpret_cast<const Bytef*>(checked.data()), checked.size());
  return big_endian(static_cast<std::uint32_t>(content.size())) + checked +
         big_endian(static_cast<std::uint32_t>(sum));
}

// A row of dots, one bit each, 1 for white, behind its filter's number.
std::string png_row(const QRcode& code, int y) {
  const int dots = (code.width + 2 * quiet_zone) * dots_per_module;
  std::string row(1 + static_cast<std::size_t>(dots + 7) / 8, '\0');
  for (int dot = 0; dot < dots; ++dot) {
    if (is_dark(code, dot / dots_per_module - quiet_zone, y)) continue;
    char& byte = row[1 + static_cast<std::size_t>(dot) / 8];
    byte = static_cast<char>(static_cast<unsigned char>(byte) | 0x80U >> (dot % 8));
  }
  return row;
}

}  // namespace

std::string share_code_svg(std::string_view text) {
  const QrCode code = encode(text);
  if (code == nullptr) return {};
  const int size = code->width + 2 * quiet_zone;
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width;) {
      int end = x;
      while (is_dark(*code, end, y))
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

std::string share_code_png(std::string_view text) {
  const QrCode code = encode(text);
  if (code == nullptr) return {};
  const int size = code->width + 2 * quiet_zone;
  std::string rows;
  for (int y = 0; y < size; ++y) {
    const std::string row = png_row(*code, y - quiet_zone);
    for (int i = 0; i < dots_per_module; ++i)
      rows += row;
  }
  const std::string side = big_endian(static_cast<std::uint32_t>(size * dots_per_module));
  // One bit a dot, grey, neither filtered nor interlaced in any but the standard's only way.
  const std::string header = side + side + std::string("\x01\0\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + png_chunk("IDAT", compress(rows)) +
         png_chunk("IEND", {});
}

std::string share_picture_path(std::string_view markdown_path) {
  const auto name = markdown_path.rfind('/') + 1;  // 0 where there is no folder
  return fmt::format("{}{}/{}.png", markdown_path.substr(0, name), folder_name,
                     markdown_path.substr(name, markdown_path.rfind('.') - name));
}

std::optional<std::string> page_of_share_picture(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(".png")) return std::nullopt;
  const std::string_view folder = path.substr(0, slash);
  if (folder != folder_name && !folder.ends_with("/share")) return std::nullopt;
  const std::string_view name = path.substr(slash + 1, path.rfind('.') - slash - 1);
  return fmt::format("{}{}.md", folder.substr(0, folder.size() - folder_name.size()), name);
}

}  // namespace dandelion
