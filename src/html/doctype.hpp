// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace dandelion::html {

// Whether a DOCTYPE asks for quirks mode (HTML Standard, 13.2.6.4.1), in which a table may stand in
// a paragraph. `declaration` is what stands between `<!DOCTYPE` and `>`.
[[nodiscard]] bool asks_for_quirks(std::string_view declaration);

}  // namespace dandelion::html
