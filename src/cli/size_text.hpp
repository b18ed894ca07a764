// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace dandelion {

// "312 KiB", "1.5 MiB".
[[nodiscard]] std::string size_text(double bytes);

}  // namespace dandelion
