// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "archive/article_pictures.hpp"
#include "core/clock.hpp"
#include "core/error.hpp"
#include "html/article.hpp"
#include "render/theme.hpp"

namespace dandelion {

// The article as a book of one chapter (EPUB 3.2) that opens without a network: its text as XHTML,
// `pictures`, and where it came from. Its name follows from the article's address, its date is
// `fetched`; the same article gives the same bytes. The words around it are those of `theme`.
// too_large where a ZIP file cannot hold it.
[[nodiscard]] Result<std::string> epub_of(const html::Article& article,
                                          const ArticlePictures& pictures, const Theme& theme,
                                          Timestamp fetched);

}  // namespace dandelion
