// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "render/picture.hpp"
#include "render/picture_bytes.hpp"

namespace dandelion {
namespace {

using std::size_t;

std::optional<PictureHeader> header_of(PictureType type, std::uint32_t width,
                                       std::uint32_t height) {
  if (width == 0 || height == 0 || width > 0x7FFFFFFFU || height > 0x7FFFFFFFU) return std::nullopt;
  return PictureHeader{type, static_cast<int>(width), static_cast<int>(height)};
}

// The first frame header (ITU T.81, B.2.2): SOF0 to SOF15 without DHT, JPG, DAC.
std::optional<PictureHeader> jpeg_header(const PictureBytes& bytes) {
  for (size_t at = 2; bytes.has(at, 4);) {
    if (bytes.u8(at) != 0xFF) return std::nullopt;
    const std::uint32_t marker = bytes.u8(at + 1);
    if (marker == 0xFF) {  // fill byte
      ++at;
      continue;
    }
    const bool frame =
        marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    if (frame) return header_of(PictureType::jpeg, bytes.big16(at + 7), bytes.big16(at + 5));
    if (marker == 0xD9 || marker == 0xDA) return std::nullopt;
    at += 2 + std::max(2U, bytes.big16(at + 2));
  }
  return std::nullopt;
}

std::optional<PictureHeader> webp_header(const PictureBytes& bytes) {
  const std::string_view kind = bytes.part(12, 4);
  if (kind == "VP8X")
    return header_of(PictureType::webp, bytes.little24(24) + 1, bytes.little24(27) + 1);
  if (kind == "VP8L") {
    const std::uint32_t bits = bytes.little32(21);
    return header_of(PictureType::webp, (bits & 0x3FFFU) + 1, (bits >> 14U & 0x3FFFU) + 1);
  }
  if (kind == "VP8 ")
    return header_of(PictureType::webp, bytes.little16(26) & 0x3FFFU, bytes.little16(28) & 0x3FFFU);
  return std::nullopt;
}

bool is_svg(std::string_view bytes) {
  const std::string start = ascii_lower(bytes.substr(0, 1024));
  const std::string_view text = trim(start);
  if (text.starts_with("<svg")) return true;
  return (text.starts_with("<?xml") || text.starts_with("<!--") ||
          text.starts_with("<!doctype svg") || text.starts_with("\xEF\xBB\xBF<")) &&
         text.find("<svg") != std::string_view::npos;
}

}  // namespace

std::optional<PictureHeader> read_picture_header(std::string_view text) {
  const PictureBytes bytes(text);
  if (text.starts_with("\xFF\xD8\xFF")) return jpeg_header(bytes);
  if (text.starts_with("\x89PNG\r\n\x1A\n") && bytes.part(12, 4) == "IHDR")
    return header_of(PictureType::png, bytes.big32(16), bytes.big32(20));
  if (text.starts_with("GIF87a") || text.starts_with("GIF89a"))
    return header_of(PictureType::gif, bytes.little16(6), bytes.little16(8));
  if (text.starts_with("RIFF") && bytes.part(8, 4) == "WEBP") return webp_header(bytes);
  if (bytes.part(4, 4) == "ftyp" && (bytes.part(8, 4) == "avif" || bytes.part(8, 4) == "avis"))
    return PictureHeader{PictureType::avif, 0, 0};
  if (is_svg(text)) return PictureHeader{PictureType::svg, 0, 0};
  return std::nullopt;
}

}  // namespace dandelion
