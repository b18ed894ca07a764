// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "archive/page_capture.hpp"
#include "render/body.hpp"
#include "render/picture.hpp"

namespace dandelion {

// A picture of an article as it is kept (render/picture.hpp).
struct ArticlePicture {
  std::string name;  // pictures/<SHA-256>.<ending>, by content
  std::string media_type;
  std::string bytes;
  int width = 0;  // in pixels as shown; 0: not known
  int height = 0;
};

// By the address that the article shows it at; two may be one picture.
using ArticlePictures = std::map<std::string, ArticlePicture>;

// The addresses of what the article shows, its lead picture first, each once.
[[nodiscard]] std::vector<std::string> picture_addresses(const html::Article& article);

// Those of the article's pictures that were captured and are sound, made ready to be kept.
[[nodiscard]] ArticlePictures article_pictures(const html::Article& article,
                                               const CapturedPage& captured,
                                               const PictureSettings& settings);

// Where a page finds them: at the address that `address_of` makes of each. Both must outlive it.
template <typename AddressOf>
[[nodiscard]] LocalPicture local_pictures(const ArticlePictures& pictures,
                                          const AddressOf& address_of) {
  return [&pictures, address_of](const std::string& url) -> std::optional<MirroredPicture> {
    const auto found = pictures.find(url);
    if (found == pictures.end()) return std::nullopt;
    const ArticlePicture& picture = found->second;
    return MirroredPicture{address_of(picture), picture.width, picture.height};
  };
}

}  // namespace dandelion
