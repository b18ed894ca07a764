// SPDX-License-Identifier: MIT
#include "cli/size_text.hpp"

#include <fmt/format.h>

namespace dandelion {

std::string size_text(double bytes) {
  if (bytes < 1024 * 1024) return fmt::format("{:.0f} KiB", bytes / 1024);
  return fmt::format("{:.1f} MiB", bytes / (1024 * 1024));
}

}  // namespace dandelion
