// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion {

// The language of a text as far as its script tells it, as a BCP 47 tag ("zh-Hant", "ja", "fa");
// empty for Latin, for scripts that several languages share, and for too few letters. Looks at
// the first 1,000 letters at most.
[[nodiscard]] std::string language_of_script(std::string_view text);

// What an article's language is: what its page declares, unless its text cannot be in it. Templates
// declare English over pages in any language, and `zh` does not say in which script.
[[nodiscard]] std::string settle_language(std::string_view declared, const html::Node& body);

}  // namespace dandelion
