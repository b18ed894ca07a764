// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "core/error.hpp"
#include "html/article.hpp"

namespace dandelion {

// An article as the state keeps it, compressed: with it a page is rendered again, for another theme
// or a notice, without asking the source. The tree is kept as it is, node by node, so that a page
// comes out the same from either.
[[nodiscard]] std::string pack_article(const html::Article& article);

// malformed where it is not what pack_article wrote, or an older version did in another form: then
// the source has to be asked.
[[nodiscard]] Result<html::Article> unpack_article(std::string_view packed);

// The normalised addresses of all pictures that the article shows, the lead one too.
[[nodiscard]] std::vector<std::string> pictures_of(const html::Article& article);

// SHA-256, hex, of what a reader would notice: title, byline, the words, the pictures (by path, for
// hosts turn their query strings over). Not of markup, links or anything around the article, which
// sites change without correcting anything.
[[nodiscard]] std::string article_hash(const html::Article& article);

}  // namespace dandelion
