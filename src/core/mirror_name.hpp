// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace dandelion {

// Stands in a page where the name of the mirror that it is on belongs (`{mirror}` in the counter's
// address): all mirrors are made from one repository, and each gets its own name there when its
// commits are made (publish/mirror_line.hpp). Letters that an address may have anywhere, its host's
// name included, so that no escaping changes it.
constexpr std::string_view mirror_name_mark = "dandelion-mirror-name";

}  // namespace dandelion
