// SPDX-License-Identifier: MIT
#include "archive/article_pictures.hpp"

#include <array>
#include <unordered_set>

#include "core/log.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// Of the types that finish_picture leaves.
std::string_view media_type_of(std::string_view name) {
  using Known = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Known, 6> known = {
      Known{".jpg", "image/jpeg"},  Known{".png", "image/png"},   Known{".gif", "image/gif"},
      Known{".webp", "image/webp"}, Known{".avif", "image/avif"}, Known{".svg", "image/svg+xml"}};
  for (const auto& [ending, type] : known) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace

std::vector<std::string> picture_addresses(const html::Article& article) {
  std::vector<std::string> addresses;
  std::unordered_set<std::string> seen;
  const auto add = [&](const html::Node& image) {
    std::string address = picture_address(image);
    if (!address.empty() && seen.insert(address).second) addresses.push_back(std::move(address));
  };
  if (article.hero_image != nullptr) add(*article.hero_image);
  for (const html::Node* at = article.body; at != nullptr;
       at = html::next_in_tree(*at, *article.body)) {
    if (at->is_element(html::Tag::img_)) add(*at);
  }
  return addresses;
}

ArticlePictures article_pictures(const html::Article& article, const CapturedPage& captured,
                                 const PictureSettings& settings) {
  ArticlePictures pictures;
  for (const std::string& address : picture_addresses(article)) {
    const auto found = captured.resources.find(without_fragment(address));
    if (found == captured.resources.end() || !found->second.error.empty()) continue;
    auto picture = finish_picture(found->second.page.body, settings);
    if (!picture) {
      log_info("{}: {}", redact_url(address), picture.error().message);
      continue;
    }
    std::string name = "pictures" + picture->path.substr(picture->path.rfind('/'));
    const std::string type(media_type_of(name));
    pictures[address] = {std::move(name), type, std::move(picture->bytes), picture->width,
                         picture->height};
  }
  return pictures;
}

}  // namespace dandelion
