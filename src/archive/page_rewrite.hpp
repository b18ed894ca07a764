// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

enum class EmbeddedKind {
  resource,  // a picture, a font, a film: its place is taken by a data: address
  style,     // a style sheet: by its text
  frame      // a page within the page: by its HTML
};

// What takes the place of what lies at `url` (absolute); nullopt: it is not there.
using Embed = std::function<std::optional<std::string>(const std::string& url, EmbeddedKind kind)>;

// A page as one file that asks for nothing: what it shows of others is embedded, scripts and what
// calls them are out, forms are inert, links lead where they led, as absolute addresses. `page` is
// changed, and is of no further use; `url` is where it was found, and what its addresses count
// from. A strict Content-Security-Policy says the same once more.
[[nodiscard]] std::string rewrite_page(html::Document& page, const std::string& url,
                                       const Embed& embed);

// The same for a style sheet found at `url`.
[[nodiscard]] std::string rewrite_style(std::string_view css, const std::string& url,
                                        const Embed& embed);

// The bytes as an address of their own (RFC 2397), in base64.
[[nodiscard]] std::string data_address(std::string_view content_type, std::string_view bytes);

}  // namespace dandelion
