// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "render/picture.hpp"

namespace dandelion {

struct ScaledPicture {
  std::string bytes;
  PictureType type = PictureType::webp;
  int width = 0;
  int height = 0;
};

// Whether this build has libvips, which decodes and encodes.
[[nodiscard]] bool can_scale_pictures();

// The picture at most `max_width` wide, upright, in sRGB, encoded anew by the settings, without
// metadata; of an animation the first frame. The caller has bounded its pixels. malformed where it
// cannot be decoded, or the build cannot.
[[nodiscard]] Result<ScaledPicture> scale_picture(std::string_view bytes,
                                                  const PictureSettings& settings);

}  // namespace dandelion
