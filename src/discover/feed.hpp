// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "discover/found_address.hpp"

namespace dandelion {

// Reads a feed: RSS 2.0 (and its forebears), RSS 1.0, Atom (RFC 4287) or JSON Feed 1.1, told by its
// content. Of each entry `sink` gets the address (RSS: <link>, else a permanent <guid>; Atom: the
// `alternate` link; JSON Feed: `url`, else `external_url`), its title and its times; entries
// without an address are passed over, and after the first 10,000 all are. `url` is where the feed
// was fetched, and what relative addresses count from.
//
// malformed where it is none of these, such as the page of an error. A feed without entries is one
// without news.
[[nodiscard]] Result<void> read_feed(std::string_view bytes, std::string_view content_type,
                                     std::string_view url, const AddressSink& sink);

}  // namespace dandelion
