// SPDX-License-Identifier: MIT
#pragma once

#include "archive/browser_rendering.hpp"
#include "core/error.hpp"

namespace dandelion {

// The browser that `archive --browser` uses. bad_input, saying what to do, where there is none, or
// where it has no `sandbox` and nobody said that it needs none: as root.
[[nodiscard]] Result<BrowserSettings> usable_browser(bool sandbox);

}  // namespace dandelion
