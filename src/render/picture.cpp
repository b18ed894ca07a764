// SPDX-License-Identifier: MIT
#include "render/picture.hpp"

#include "core/sha256.hpp"
#include "render/picture_scale.hpp"
#include "render/svg.hpp"

namespace dandelion {
namespace {

std::string_view ending_of(PictureType type) {
  switch (type) {
    case PictureType::jpeg:
      return "jpg";
    case PictureType::png:
      return "png";
    case PictureType::gif:
      return "gif";
    case PictureType::webp:
      return "webp";
    case PictureType::avif:
      return "avif";
    case PictureType::svg:
      return "svg";
  }
  return "bin";
}

FinishedPicture named(std::string bytes, PictureType type, int width, int height) {
  const std::string hash = sha256_hex(bytes);
  std::string path = fmt::format("assets/{}/{}.{}", hash.substr(0, 2), hash, ending_of(type));
  return {std::move(bytes), std::move(path), width, height};
}

}  // namespace

Result<FinishedPicture> finish_picture(std::string_view bytes, const PictureSettings& settings) {
  const auto header = read_picture_header(bytes);
  if (!header) return fail(ErrorKind::malformed, "not a picture that browsers show");
  if (std::int64_t{header->width} * header->height > max_picture_pixels) {
    return fail(ErrorKind::too_large, "a picture of {} × {} pixels", header->width, header->height);
  }
  if (header->type == PictureType::svg) {
    auto drawing = sanitize_svg(bytes);
    if (!drawing) return tl::unexpected(drawing.error());
    if (drawing->size() > settings.max_bytes)
      return fail(ErrorKind::too_large, "a drawing of {} bytes", drawing->size());
    return named(std::move(*drawing), PictureType::svg, 0, 0);
  }
  Result<std::string> stripped = fail(ErrorKind::malformed, "not stripped");
  if (header->type != PictureType::avif) {
    stripped = strip_metadata(bytes, header->type);
    if (!stripped) return tl::unexpected(stripped.error());
    const bool fits = stripped->size() <= settings.max_bytes;
    const bool animated = header->type == PictureType::gif;
    const bool unwanted = settings.replaces_webp && header->type == PictureType::webp;
    if (fits && !(unwanted && can_scale_pictures()) &&
        (header->width <= settings.max_width || animated || !can_scale_pictures())) {
      const bool turned = header->type == PictureType::jpeg && jpeg_orientation(*stripped) >= 5;
      return named(std::move(*stripped), header->type, turned ? header->height : header->width,
                   turned ? header->width : header->height);
    }
  }
  auto scaled = scale_picture(bytes, settings);
  if (!scaled) return tl::unexpected(scaled.error());
  if (scaled->bytes.size() > settings.max_bytes)
    return fail(ErrorKind::too_large, "a picture of {} bytes, even scaled", scaled->bytes.size());
  return named(std::move(scaled->bytes), scaled->type, scaled->width, scaled->height);
}

}  // namespace dandelion
