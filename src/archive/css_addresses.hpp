// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dandelion {

enum class CssAddress {
  resource,  // a picture, a font …
  import     // another style sheet
};

// What is to stand in an address's place; nullopt: nothing, so that nobody asks for it.
using CssRewrite = std::function<std::optional<std::string>(std::string_view, CssAddress)>;

// The style sheet with other addresses: those in `url()`, in `image-set()` and behind `@import`,
// read as CSS Syntax Level 3 reads them (comments, strings, escapes). All else stays as it is. One
// pass; whatever `css` is, it ends.
[[nodiscard]] std::string rewrite_css(std::string_view css, const CssRewrite& rewrite);

}  // namespace dandelion
