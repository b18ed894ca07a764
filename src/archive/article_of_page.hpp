// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "core/error.hpp"
#include "fetch/transfer_engine.hpp"
#include "html/article.hpp"

namespace dandelion {

// What a page of HTML is about; nullopt where nothing in it looks like an article, where it is a
// site's front page, or where most of what was found is links: a list of articles, not one. No
// address in it holds the password that the page may have been asked for with.
[[nodiscard]] std::optional<html::Article> article_of(const FetchedPage& page);

}  // namespace dandelion
