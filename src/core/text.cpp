// SPDX-License-Identifier: MIT
#include "core/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <vector>

namespace dandelion {
namespace {

// Surely no white space: what most texts begin and end with.
bool is_plain(char c) {
  return c > ' ' && c < '\x7F';
}

// Length of the white space character that ends at the end of `text`, 0 where none does.
std::size_t trailing_space(std::string_view text) {
  if (!text.empty() && is_plain(text.back())) return 0;
  for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length) {
    if (leading_space(text.substr(text.size() - length)) == length) return length;
  }
  return 0;
}

// Whether a white space character may begin with that byte. By a table: every byte of every text is
// asked about.
bool may_begin_space(char c) {
  static constexpr auto table = [] {
    std::array<bool, 256> made{};
    for (std::size_t byte = 0; byte < made.size(); ++byte)
      made[byte] = byte <= 0x20 || byte == 0xC2 || (byte >= 0xE1 && byte <= 0xE3);
    return made;
  }();
  return table[static_cast<unsigned char>(c)];
}

// Whether the next eight bytes are there, and all of them ASCII.
bool begins_with_ascii(std::string_view text) {
  std::uint64_t bytes = 0;
  if (text.size() < sizeof(bytes)) return false;
  std::memcpy(&bytes, text.data(), sizeof(bytes));
  return (bytes & 0x8080808080808080U) == 0;
}

// Behind blanks, tabs and line ends.
std::string_view without_blanks(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')))
    ++at;
  return text.substr(at);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Optimal string alignment: Levenshtein's distance in which two letters swapped count once, as
// typing goes wrong. Words of a configuration are short.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({row[j] + 1, last[j + 1] + 1, last[j] + (same(i, j) ? 0 : 1)});
      if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j))
        row[j + 1] = std::min(row[j + 1], before_last[j - 1] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last.back();
}

}  // namespace

std::size_t leading_space(std::string_view text) {
  if (text.empty()) return 0;
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80)
    return (first >= 0x09 && first <= 0x0D) || (first >= 0x1C && first <= 0x20) ? 1 : 0;
  if (first == 0xC2) return text.size() > 1 && (at(1) == 0x85 || at(1) == 0xA0) ? 2 : 0;
  if (text.size() < 3) return 0;
  if (first == 0xE1) return at(1) == 0x9A && at(2) == 0x80 ? 3 : 0;
  if (first == 0xE3) return at(1) == 0x80 && at(2) == 0x80 ? 3 : 0;
  if (first != 0xE2) return 0;
  if (at(1) == 0x80) {
    return (at(2) >= 0x80 && at(2) <= 0x8A) || at(2) == 0xA8 || at(2) == 0xA9 || at(2) == 0xAF ? 3
                                                                                               : 0;
  }
  return at(1) == 0x81 && at(2) == 0x9F ? 3 : 0;
}

std::string_view trim(std::string_view text) {
  text = without_blanks(text);
  while (const std::size_t space = leading_space(text))
    text.remove_prefix(space);
  while (const std::size_t space = trailing_space(text))
    text.remove_suffix(space);
  return text;
}

std::string collapse_space(std::string_view text) {
  text = trim(text);
  std::string collapsed;
  collapsed.reserve(text.size());
  while (!text.empty()) {
    // A single blank between words is there as it should be.
    std::size_t plain = 0;
    while (plain < text.size() &&
           (!may_begin_space(text[plain]) ||
            (text[plain] == ' ' && plain + 1 < text.size() && !may_begin_space(text[plain + 1]))))
      ++plain;
    collapsed.append(text, 0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (std::size_t space = leading_space(text)) {
      collapsed += ' ';
      do {
        text.remove_prefix(space);
      } while ((space = leading_space(text)) != 0);
    } else {
      collapsed += text.front();
      text.remove_prefix(1);
    }
  }
  return collapsed;
}

bool is_blank(std::string_view text) {
  text = without_blanks(text);
  if (!text.empty() && is_plain(text.front())) return false;
  while (const std::size_t space = leading_space(text))
    text.remove_prefix(space);
  return text.empty();
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

CodePoint read_utf8(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : (lead & 0xF0) == 0xE0        ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  constexpr CodePoint ill_formed{0xFFFD, 1};
  if (length == 0 || length > text.size()) return ill_formed;
  const unsigned char second = at(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  if (overlong || outside) return ill_formed;
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if ((at(k) & 0xC0) != 0x80) return ill_formed;
    value = (value << 6) | (at(k) & 0x3FU);
  }
  return {value, length};
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    if (begins_with_ascii(bytes)) {
      bytes.remove_prefix(sizeof(std::uint64_t));
      continue;
    }
    const CodePoint next = read_utf8(bytes);
    if (next.length == 1 && next.value == 0xFFFD) return false;
    bytes.remove_prefix(next.length);
  }
  return true;
}

void append_utf8(std::string& text, char32_t code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) code_point = 0xFFFD;
  const auto byte = [&text](char32_t value) {
    text += static_cast<char>(static_cast<unsigned char>(value));
  };
  if (code_point < 0x80) {
    byte(code_point);
  } else if (code_point < 0x800) {
    byte(0xC0 | (code_point >> 6));
    byte(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    byte(0xE0 | (code_point >> 12));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  } else {
    byte(0xF0 | (code_point >> 18));
    byte(0x80 | ((code_point >> 12) & 0x3F));
    byte(0x80 | ((code_point >> 6) & 0x3F));
    byte(0x80 | (code_point & 0x3F));
  }
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = from.empty() ? std::string_view::npos : text.find(from);
       at != std::string_view::npos; at = text.find(from)) {
    result.append(text.substr(0, at)).append(to);
    text.remove_prefix(at + from.size());
  }
  return result.append(text);
}

std::string nearest_word(std::string_view word, const std::string_view* known, std::size_t count) {
  // A third of the letters may be wrong; beyond that a suggestion confuses more than it helps.
  constexpr std::size_t longest = 64;
  if (word.size() > longest) return {};
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string_view best;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t distance = edit_distance(word, known[i]);
    if (distance < best_distance) {
      best_distance = distance;
      best = known[i];
    }
  }
  return std::string(best);
}

}  // namespace dandelion
