// SPDX-License-Identifier: MIT
#include <array>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/mirror_name.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "render/page.hpp"

namespace dandelion {
namespace {

// HMAC-SHA-256 of the page's path under the operator's key, cut to 64 bits: the counter's host and
// whoever listens learn a number, and only the operator which page it stands for.
std::string opaque_id(const std::string& key, const std::string& path) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(path.data()), path.size(), digest.data(), &size);
  std::string hex;
  for (unsigned int i = 0; i < size && i < 8; ++i)
    hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

}  // namespace

std::string fill_pattern(const std::string& pattern, const std::string& site,
                         const PagePlace& place, bool encoded, const std::string& key) {
  const auto value = [encoded](const std::string& text) {
    return encoded ? percent_encode(text) : text;
  };
  std::string filled;
  std::string_view rest = pattern;
  // One pass, so that a value that looks like a placeholder is not filled in again.
  while (!rest.empty()) {
    const auto open = rest.find('{');
    filled += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    rest.remove_prefix(open);
    const auto close = rest.find('}');
    const std::string_view name = rest.substr(1, close == std::string_view::npos ? 0 : close - 1);
    if (name == "site") {
      filled += value(site);
    } else if (name == "mirror") {
      filled += mirror_name_mark;
    } else if (name == "category") {
      filled += value(place.category);
    } else if (name == "id") {
      filled += value(place.id);
    } else if (name == "hash" && !key.empty()) {
      filled += opaque_id(key, place.path);
    } else if (name == "path") {
      filled += encoded ? replace_all(percent_encode(place.path), "%2F", "/") : place.path;
    } else {
      filled += rest.substr(0, close == std::string_view::npos ? rest.size() : close + 1);
    }
    rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
  }
  return filled;
}

}  // namespace dandelion
