// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "discover/found_address.hpp"

namespace dandelion {

// Gives every link of a page, in the page's order and each address once: absolute, without
// fragment, with the link's text as title; at most 10,000. `page` is UTF-8, `url` is where it was
// fetched.
[[nodiscard]] Result<void> read_links(std::string_view page, std::string_view url,
                                      const AddressSink& sink);

}  // namespace dandelion
