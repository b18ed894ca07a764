// SPDX-License-Identifier: MIT
#include "html/base_url.hpp"

#include "core/url.hpp"

namespace dandelion::html {

std::string base_url(const Node& page, std::string_view url) {
  for (const Node* at = &page; at != nullptr; at = next_in_tree(*at, page)) {
    if (!at->is_element(Tag::base_)) continue;
    if (const auto href = at->attribute("href"))
      return resolve_url(url, *href).value_or(std::string(url));
  }
  return std::string(url);
}

}  // namespace dandelion::html
