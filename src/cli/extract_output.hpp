// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "html/article.hpp"

namespace dandelion {

// The article as one line of JSON with the keys that programs rely on: url, canonical, title,
// byline, published (RFC 3339), language, site_name, image, excerpt, text, html, markdown, links,
// images. What is absent is null.
[[nodiscard]] std::string article_json(const html::Article& article);

// The same keys, all null but `url` and an additional `error`.
[[nodiscard]] std::string failure_json(const std::string& url, const std::string& message);

[[nodiscard]] std::string article_markdown(const html::Article& article);
[[nodiscard]] std::string article_html(const html::Article& article);
[[nodiscard]] std::string article_text(const html::Article& article);

}  // namespace dandelion
