// SPDX-License-Identifier: MIT
#include <array>

#include "render/picture.hpp"
#include "render/picture_bytes.hpp"

namespace dandelion {
namespace {

using std::size_t;

tl::unexpected<Error> broken(std::string_view what) {
  return fail(ErrorKind::malformed, "a broken picture: {}", what);
}

// ---- JPEG (ITU T.81)

constexpr std::string_view exif_mark("Exif\0\0", 6);

// EXIF's orientation tag, 1 to 8; 1 where there is none. The block begins behind "Exif\0\0".
std::uint32_t exif_orientation(std::string_view block) {
  const PictureBytes bytes(block);
  const bool little = bytes.part(0, 2) == "II";
  const auto u16 = [&](size_t at) { return little ? bytes.little16(at) : bytes.big16(at); };
  const auto u32 = [&](size_t at) { return little ? bytes.little32(at) : bytes.big32(at); };
  const size_t directory = u32(4);
  const std::uint32_t entries = std::min(u16(directory), 200U);
  for (size_t i = 0; i < entries; ++i) {
    const size_t entry = directory + 2 + 12 * i;
    if (u16(entry) != 0x0112) continue;
    const std::uint32_t value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

// An EXIF block that holds the orientation and nothing else: without it the picture would lie on
// its side.
std::string orientation_segment(std::uint32_t orientation) {
  using std::string_view_literals::operator""sv;
  std::string segment(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "MM\0\x2A\0\0\0\x08"  // TIFF's header
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0"sv);  // one entry: a short
  segment += static_cast<char>(orientation);
  return segment.append(6, '\0');  // the value's padding, and no further directory
}

// Where the entropy-coded data that begins at `at` ends: at a marker that is no restart.
size_t end_of_scan(const PictureBytes& bytes, size_t at) {
  for (; bytes.has(at, 2); ++at) {
    if (bytes.u8(at) != 0xFF) continue;
    const std::uint32_t next = bytes.u8(at + 1);
    if (next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7)) return at;
  }
  return bytes.size();
}

bool is_kept_segment(std::uint32_t marker, std::string_view content) {
  if (marker == 0xFE) return false;                        // comment
  if (marker < 0xE0 || marker > 0xEF) return true;         // tables, frames, scans
  if (marker == 0xE0) return content.starts_with("JFIF");  // not JFXX, which may hold a thumbnail
  if (marker == 0xE2) return content.starts_with("ICC_PROFILE");
  return marker == 0xEE && content.starts_with("Adobe");
}

Result<std::string> strip_jpeg(const PictureBytes& bytes) {
  std::string kept("\xFF\xD8");
  bool oriented = false;
  for (size_t at = 2; bytes.has(at, 2);) {
    if (bytes.u8(at) != 0xFF) return broken("no JPEG marker where one should stand");
    const std::uint32_t marker = bytes.u8(at + 1);
    if (marker == 0xFF) {
      ++at;
      continue;
    }
    if (marker == 0xD9) return kept.append("\xFF\xD9");  // what stands behind is no picture
    const size_t length = bytes.big16(at + 2);
    if (length < 2 || !bytes.has(at, 2 + length)) return broken("a JPEG segment leaves the file");
    const std::string_view content = bytes.part(at + 4, length - 2);
    if (marker == 0xE1 && content.starts_with(exif_mark) && !oriented) {
      const std::uint32_t orientation = exif_orientation(content.substr(exif_mark.size()));
      if (orientation != 1) kept += orientation_segment(orientation);
      oriented = true;
    } else if (is_kept_segment(marker, content)) {
      kept += bytes.part(at, 2 + length);
      // JFIF's own thumbnail goes too: three bytes a pixel behind its sizes.
      if (marker == 0xE0 && length > 16) {
        kept.resize(kept.size() - (length - 16));
        const size_t start = kept.size() - 18;
        kept[start + 2] = 0;
        kept[start + 3] = 16;
        kept[start + 16] = kept[start + 17] = 0;
      }
    }
    at += 2 + length;
    if (marker == 0xDA) {
      const size_t end = end_of_scan(bytes, at);
      kept += bytes.part(at, end - at);
      at = end;
    }
  }
  return broken("a JPEG file without an end");
}

// ---- PNG (W3C PNG, 11; APNG)

Result<std::string> strip_png(const PictureBytes& bytes) {
  static constexpr std::array<std::string_view, 14> kept_chunks = {
      "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA",
      "sRGB", "iCCP", "sBIT", "bKGD", "acTL", "fcTL", "fdAT"};
  std::string kept(bytes.part(0, 8));
  for (size_t at = 8; bytes.has(at, 12);) {
    const size_t length = bytes.big32(at);
    if (!bytes.has(at, 12 + length)) return broken("a PNG chunk leaves the file");
    const std::string_view kind = bytes.part(at + 4, 4);
    if (std::find(kept_chunks.begin(), kept_chunks.end(), kind) != kept_chunks.end())
      kept += bytes.part(at, 12 + length);
    if (kind == "IEND") return kept;
    at += 12 + length;
  }
  return broken("a PNG file without an end");
}

// ---- GIF (GIF89a)

// Where the sub-blocks that begin at `at` end; npos where they leave the file.
size_t end_of_blocks(const PictureBytes& bytes, size_t at) {
  while (bytes.has(at, 1)) {
    const size_t length = bytes.u8(at);
    at += 1 + length;
    if (length == 0) return at;
  }
  return std::string_view::npos;
}

size_t colour_table_bytes(std::uint32_t flags) {
  return (flags & 0x80U) != 0 ? size_t{3} << ((flags & 7U) + 1) : 0;
}

Result<std::string> strip_gif(const PictureBytes& bytes) {
  const size_t head = 13 + colour_table_bytes(bytes.u8(10));
  if (!bytes.has(0, head)) return broken("a GIF file ends in its colours");
  std::string kept(bytes.part(0, head));
  for (size_t at = head; bytes.has(at, 1);) {
    const std::uint32_t kind = bytes.u8(at);
    if (kind == 0x3B) return kept += '\x3B';
    size_t end = std::string_view::npos;
    bool keep = true;
    if (kind == 0x2C) {
      end = end_of_blocks(bytes, at + 10 + colour_table_bytes(bytes.u8(at + 9)) + 1);
    } else if (kind == 0x21) {
      const std::uint32_t label = bytes.u8(at + 1);
      end = end_of_blocks(bytes, at + 2);
      // Only how a frame is shown, and how often all are.
      keep = label == 0xF9 || (label == 0xFF && bytes.part(at + 3, 11) == "NETSCAPE2.0");
    }
    if (end == std::string_view::npos || !bytes.has(at, end - at))
      return broken("a GIF block leaves the file");
    if (keep) kept += bytes.part(at, end - at);
    at = end;
  }
  return broken("a GIF file without an end");
}

// ---- WebP (RFC 9649)

Result<std::string> strip_webp(const PictureBytes& bytes) {
  static constexpr std::array<std::string_view, 7> kept_chunks = {"VP8 ", "VP8L", "VP8X", "ANIM",
                                                                  "ANMF", "ALPH", "ICCP"};
  constexpr unsigned exif_and_xmp = 0x0C;
  const size_t file_end = size_t{8} + bytes.little32(4);
  if (!bytes.has(0, file_end)) return broken("a WebP file ends too early");
  std::string kept(bytes.part(0, 12));
  for (size_t at = 12; at + 8 <= file_end;) {
    const size_t length = bytes.little32(at + 4);
    const size_t padded = length + length % 2;
    if (!bytes.has(at, 8 + length)) return broken("a WebP chunk leaves the file");
    const std::string_view kind = bytes.part(at, 4);
    if (std::find(kept_chunks.begin(), kept_chunks.end(), kind) != kept_chunks.end()) {
      const size_t start = kept.size();
      kept += bytes.part(at, 8 + length);
      if (padded != length) kept += '\0';
      if (kind == "VP8X" && length >= 1)
        kept[start + 8] =
            static_cast<char>(static_cast<unsigned char>(kept[start + 8]) & ~exif_and_xmp & 0xFFU);
    }
    at += 8 + padded;
  }
  const auto size = static_cast<std::uint32_t>(kept.size() - 8);
  for (unsigned i = 0; i < 4; ++i)
    kept[4 + i] = static_cast<char>(size >> (8 * i) & 0xFFU);
  return kept;
}

}  // namespace

int jpeg_orientation(std::string_view text) {
  const PictureBytes bytes(text);
  for (size_t at = 2; bytes.has(at, 4) && bytes.u8(at) == 0xFF && bytes.u8(at + 1) != 0xDA;
       at += 2 + std::max(2U, bytes.big16(at + 2))) {
    const std::string_view content = bytes.part(at + 4, std::max(2U, bytes.big16(at + 2)) - 2);
    if (bytes.u8(at + 1) == 0xE1 && content.starts_with(exif_mark))
      return static_cast<int>(exif_orientation(content.substr(exif_mark.size())));
  }
  return 1;
}

Result<std::string> strip_metadata(std::string_view text, PictureType type) {
  const PictureBytes bytes(text);
  switch (type) {
    case PictureType::jpeg:
      return strip_jpeg(bytes);
    case PictureType::png:
      return strip_png(bytes);
    case PictureType::gif:
      return strip_gif(bytes);
    case PictureType::webp:
      return strip_webp(bytes);
    case PictureType::avif:
    case PictureType::svg:
      break;
  }
  return fail(ErrorKind::malformed, "a type of picture that is not made of plain chunks");
}

}  // namespace dandelion
