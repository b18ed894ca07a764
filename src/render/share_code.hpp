// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dandelion {

// The text as a QR code (ISO/IEC 18004, error correction M): an <svg> element with one path, black
// on white with the quiet zone that scanners need, whatever colours the page has. Empty where the
// text is too long for a code.
[[nodiscard]] std::string share_code_svg(std::string_view text);

// The same code as a PNG file (ISO/IEC 15948) in black and white, four dots a module.
[[nodiscard]] std::string share_code_png(std::string_view text);

// Where a page's picture of its code lies: "a/share/story.png" for "a/story.md". In a folder of its
// own, so that the pages' folder stays as short as Git hosts list.
[[nodiscard]] std::string share_picture_path(std::string_view markdown_path);

// The Markdown file of the page that such a picture belongs to; nullopt for any other file.
[[nodiscard]] std::optional<std::string> page_of_share_picture(std::string_view path);

}  // namespace dandelion
