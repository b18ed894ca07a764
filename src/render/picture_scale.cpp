// SPDX-License-Identifier: MIT
#include "render/picture_scale.hpp"

#ifdef DANDELION_HAVE_VIPS
#include <vips/vips.h>

#include "core/handle.hpp"
#endif

namespace dandelion {

#ifdef DANDELION_HAVE_VIPS
namespace {

struct UnrefImage {
  void operator()(VipsImage* image) const noexcept { g_object_unref(image); }
};
using Image = std::unique_ptr<VipsImage, UnrefImage>;
using VipsBuffer = Handle<void, g_free>;

struct UnrefArea {
  void operator()(VipsArrayDouble* array) const noexcept { vips_area_unref(VIPS_AREA(array)); }
};
using Numbers = std::unique_ptr<VipsArrayDouble, UnrefArea>;

// The library stays for the process's life. Loaders that were never hardened against strangers'
// files are shut; a picture is worked on by one thread, so that many can be at once.
bool start_library() {
  static const bool started = [] {
    if (vips_init("dandelion") != 0) return false;
    vips_block_untrusted_set(1);
    // Its warnings about strangers' files would go to the operator's terminal.
    g_log_set_handler(
        "VIPS", G_LOG_LEVEL_WARNING, [](const char*, GLogLevelFlags, const char*, void*) {},
        nullptr);
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    return true;
  }();
  return started;
}

tl::unexpected<Error> vips_failure() {
  std::string reason = vips_error_buffer();
  vips_error_clear();
  const auto line = reason.find('\n');
  if (line != std::string::npos) reason.resize(line);
  return fail(ErrorKind::malformed, "a picture that cannot be decoded: {}", reason);
}

}  // namespace

bool can_scale_pictures() {
  return start_library();
}

Result<ScaledPicture> scale_picture(std::string_view bytes, const PictureSettings& settings) {
  if (!start_library()) return fail(ErrorKind::malformed, "libvips does not start");
  VipsImage* raw = nullptr;
  // The library takes the bytes without const and does not write to them.
  // NOLINTBEGIN(cppcoreguidelines-pro-type-const-cast, cppcoreguidelines-pro-type-vararg)
  const int loaded = vips_thumbnail_buffer(const_cast<char*>(bytes.data()), bytes.size(), &raw,
                                           settings.max_width, "height", VIPS_MAX_COORD, "size",
                                           VIPS_SIZE_DOWN, "export_profile", "srgb", nullptr);
  const Image image(raw);
  if (loaded != 0) return vips_failure();
  void* data = nullptr;
  std::size_t size = 0;
  // JPEG knows nothing that is see-through; pages are light.
  const Numbers white(vips_array_double_newv(1, 255.0));
  const bool webp = settings.format == PictureType::webp;
  const int saved = webp ? vips_webpsave_buffer(image.get(), &data, &size, "Q", settings.quality,
                                                "strip", TRUE, nullptr)
                         : vips_jpegsave_buffer(image.get(), &data, &size, "Q", settings.quality,
                                                "strip", TRUE, "optimize_coding", TRUE, "interlace",
                                                TRUE, "background", white.get(), nullptr);
  // NOLINTEND(cppcoreguidelines-pro-type-const-cast, cppcoreguidelines-pro-type-vararg)
  const VipsBuffer buffer(data);
  if (saved != 0) return vips_failure();
  return ScaledPicture{std::string(static_cast<const char*>(data), size),
                       webp ? PictureType::webp : PictureType::jpeg,
                       vips_image_get_width(image.get()), vips_image_get_height(image.get())};
}

#else

bool can_scale_pictures() {
  return false;
}

Result<ScaledPicture> scale_picture(std::string_view /*bytes*/,
                                    const PictureSettings& /*settings*/) {
  return fail(ErrorKind::malformed, "this build has no libvips, which scales pictures");
}

#endif

}  // namespace dandelion
