// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// What relative addresses on a page count from: its first <base href>, else the page's own address
// `url`.
[[nodiscard]] std::string base_url(const Node& page, std::string_view url);

}  // namespace dandelion::html
