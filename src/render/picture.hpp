// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace dandelion {

enum class PictureType { jpeg, png, gif, webp, avif, svg };

// What a picture's first bytes say of it.
struct PictureHeader {
  PictureType type = PictureType::jpeg;
  int width = 0;  // in pixels as stored, before any rotation; 0: it does not say (SVG, AVIF)
  int height = 0;
};

struct PictureSettings {
  int max_width = 1200;                    // in pixels; wider ones are scaled
  std::uint64_t max_bytes = 2U << 20U;     // of the file that is kept
  int quality = 80;                        // 1 to 100, of what is encoded anew
  PictureType format = PictureType::webp;  // webp or jpeg: what is encoded anew becomes this
  // WebP becomes `format` even where it needs no scaling, for readers that do not know it; as long
  // as the build has libvips.
  bool replaces_webp = false;
};

// A picture as the mirror keeps it.
struct FinishedPicture {
  std::string bytes;
  std::string path;  // assets/ab/<SHA-256>.<ending>, by content
  int width = 0;     // in pixels as shown; 0: not known
  int height = 0;
};

// Larger ones are not decoded, and not kept: whatever shows them would need a gigabyte.
constexpr std::int64_t max_picture_pixels = 64'000'000;

// By its magic bytes, whatever a server calls it; nullopt where it is no picture that browsers
// show, or ends before its size.
[[nodiscard]] std::optional<PictureHeader> read_picture_header(std::string_view bytes);

// The picture without anything but the picture: no EXIF (save the orientation), no GPS, XMP, IPTC,
// comments, thumbnails, times, nothing behind its end. Wide or heavy ones are scaled and encoded
// anew where the build has libvips. SVG is sanitised (render/svg.hpp).
// malformed where it is broken or no picture, too_large where it has too many pixels or stays above
// `max_bytes`.
[[nodiscard]] Result<FinishedPicture> finish_picture(std::string_view bytes,
                                                     const PictureSettings& settings);

// How a JPEG is to be turned before it is shown (EXIF 2.3, Orientation): 1 to 8; from 5 on its
// width is its height.
[[nodiscard]] int jpeg_orientation(std::string_view bytes);

// Only the taking away, for types that hold one picture after another of chunks: JPEG, PNG, GIF,
// WebP. Time and memory are in proportion to the bytes.
[[nodiscard]] Result<std::string> strip_metadata(std::string_view bytes, PictureType type);

}  // namespace dandelion
