// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace dandelion {

// The text as a QR code (ISO/IEC 18004, error correction M): an <svg> element with one path, black
// on white with the quiet zone that scanners need, whatever colours the page has. Empty where the
// text is too long for a code.
[[nodiscard]] std::string share_code_svg(std::string_view text);

}  // namespace dandelion
