// SPDX-License-Identifier: MIT
#include "render/style_sheet.hpp"

#include "core/sha256.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::string_view spaces = " \t\r\n\f";

// Around these, white space means nothing wherever they stand. `+`, `-`, `(` and `:` are not among
// them: calc() and selectors tell the difference.
bool needs_no_space(char c) {
  return c == '{' || c == '}' || c == ';' || c == ',';
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j <= bytes.size() ? digits[group >> (18 - 6 * j) & 63U] : '=';
  }
  return text;
}

}  // namespace

std::string compact_style(std::string_view css) {
  std::string compact;
  char quote = '\0';
  bool space = false;
  for (std::size_t i = 0; i < css.size(); ++i) {
    const char c = css[i];
    if (quote != '\0') {
      compact += c;
      if (c == '\\' && i + 1 < css.size()) compact += css[++i];
      if (c == quote) quote = '\0';
      continue;
    }
    if (css.substr(i, 2) == "/*") {
      const auto end = css.find("*/", i + 2);
      i = end == std::string_view::npos ? css.size() : end + 1;
      space = true;
    } else if (spaces.find(c) != std::string_view::npos) {
      space = true;
    } else {
      if (space && !compact.empty() && !needs_no_space(compact.back()) && !needs_no_space(c))
        compact += ' ';
      space = false;
      if (c == '}' && compact.ends_with(';')) compact.pop_back();
      if (c == '"' || c == '\'') quote = c;
      compact += c;
    }
  }
  return compact;
}

std::string policy_hash(std::string_view text) {
  const std::string hex = sha256_hex(text);
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes += static_cast<char>(hex_value(hex[i]) << 4 | hex_value(hex[i + 1]));
  return "'sha256-" + base64(bytes) + "'";
}

}  // namespace dandelion
