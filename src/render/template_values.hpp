// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "render/theme.hpp"

namespace dandelion {

// The values that a template of that kind gets, those inside its lists among them.
[[nodiscard]] std::vector<std::string_view> template_values(TemplateKind kind);

// Compiles the template and looks at every tag in it: bad_input, naming `file` and the line, where
// it does not parse or names a value that a template of its kind does not get (docs/themes.md lists
// them).
[[nodiscard]] Result<void> check_template(std::string_view text, TemplateKind kind,
                                          std::string_view file,
                                          const std::vector<std::string>& words = {});

}  // namespace dandelion
