// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dandelion {

// Unicode text as UTF-8 bytes. All functions take any bytes: what is not UTF-8 counts as single
// units.

// Length in bytes of the white space character that `text` begins with, 0 where it begins with
// none. White space is what Python's str.isspace knows: Unicode White_Space with U+001C..U+001F, so
// U+00A0 and U+3000 too.
[[nodiscard]] std::size_t leading_space(std::string_view text);

// `text` without white space (as above) at its ends.
[[nodiscard]] std::string_view trim(std::string_view text);

// Trimmed, and every run of white space inside made one space.
[[nodiscard]] std::string collapse_space(std::string_view text);

// Whether all of it is white space; true for the empty text.
[[nodiscard]] bool is_blank(std::string_view text);

// The value of a hexadecimal digit, -1 for any other character.
[[nodiscard]] int hex_value(char c);

[[nodiscard]] constexpr bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// ASCII letters made small; other bytes stay.
[[nodiscard]] std::string ascii_lower(std::string_view text);

[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b);

struct CodePoint {
  char32_t value;
  std::size_t length;  // in bytes
};
// The character that `text`, which is not empty, begins with. What is not well-formed is U+FFFD for
// one byte.
[[nodiscard]] CodePoint read_utf8(std::string_view text);

// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view bytes);

// Appends a code point as UTF-8; U+FFFD for what is none.
void append_utf8(std::string& text, char32_t code_point);

// Every `from` made `to`.
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view from,
                                      std::string_view to);

// The known word nearest to `word` by edit distance, empty where none is near: "did you mean
// 'feed'?".
[[nodiscard]] std::string nearest_word(std::string_view word, const std::string_view* known,
                                       std::size_t count);

}  // namespace dandelion
