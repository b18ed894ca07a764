// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// A UUID made of what it names (RFC 9562, 5.8), such as "4b3f…-…": the same content, the same name.
[[nodiscard]] std::string content_uuid(std::string_view content);

}  // namespace dandelion
