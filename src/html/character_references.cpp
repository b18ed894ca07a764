// SPDX-License-Identifier: MIT
#include "html/character_references.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/text.hpp"
#include "html/character_references_data.hpp"

namespace dandelion::html {
namespace {

bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}

// What windows-1252 has where Unicode has control characters (13.2.5.80).
constexpr std::array<char32_t, 32> windows_1252 = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t meant_by(std::uint32_t number) {
  if (number == 0) return 0xFFFD;
  if (number >= 0x80 && number < 0xA0) return windows_1252[number - 0x80];
  return number;
}

// `text` begins with "&#".
std::size_t append_numeric(std::string& out, std::string_view text) {
  constexpr std::uint32_t beyond_unicode = 0x110000;
  const bool hexadecimal = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
  const std::size_t first = hexadecimal ? 3 : 2;
  std::size_t at = first;
  std::uint32_t number = 0;
  for (; at < text.size(); ++at) {
    if (hexadecimal ? hex_value(text[at]) < 0 : !is_ascii_digit(text[at])) break;
    const auto digit = static_cast<std::uint32_t>(hex_value(text[at]));
    number = std::min(number * (hexadecimal ? 16 : 10) + digit, beyond_unicode);
  }
  if (at == first) return 0;
  append_utf8(out, meant_by(number));
  return at < text.size() && text[at] == ';' ? at + 1 : at;
}

std::string_view piece(std::string_view all, const std::uint16_t* ends, std::size_t index) {
  const std::size_t begin = index == 0 ? 0 : ends[index - 1];
  return all.substr(begin, ends[index] - begin);
}

std::string_view name_at(std::size_t index) {
  return piece(reference_data::names, reference_data::name_ends, index);
}

// The longest name that `text` begins with; reference_data::count where there is none. The names
// are sorted: those that go on like `text` are a range, which every character narrows.
std::size_t longest_name(std::string_view text) {
  std::size_t best = reference_data::count;
  std::size_t low = 0;
  std::size_t high = reference_data::count;
  for (std::size_t depth = 0; depth < text.size(); ++depth) {
    const auto wanted = static_cast<unsigned char>(text[depth]);
    const auto bound = [&](std::size_t from, std::size_t to, int above) {
      while (from < to) {
        const std::size_t middle = (from + to) / 2;
        const std::string_view name = name_at(middle);
        const int here = depth < name.size() ? static_cast<unsigned char>(name[depth]) : -1;
        here < above ? from = middle + 1 : to = middle;
      }
      return from;
    };
    low = bound(low, high, wanted);
    high = bound(low, high, wanted + 1);
    if (low == high) break;
    if (name_at(low).size() == depth + 1) best = low;
  }
  return best;
}

std::size_t append_named(std::string& out, std::string_view text, ReferencePlace place) {
  const std::size_t found = longest_name(text.substr(1));
  if (found == reference_data::count) return 0;
  const std::string_view name = name_at(found);
  const std::size_t length = 1 + name.size();
  if (place == ReferencePlace::attribute && name.back() != ';' && length < text.size()) {
    const char after = text[length];
    if (after == '=' || is_ascii_letter(after) || is_ascii_digit(after)) return 0;
  }
  out += piece(reference_data::values, reference_data::value_ends, found);
  return length;
}

}  // namespace

std::size_t append_reference(std::string& out, std::string_view text, ReferencePlace place) {
  if (text.size() < 2) return 0;
  if (text[1] == '#') return append_numeric(out, text);
  return is_ascii_letter(text[1]) ? append_named(out, text, place) : 0;
}

void append_decoded(std::string& out, std::string_view text, ReferencePlace place) {
  while (!text.empty()) {
    const std::size_t ampersand = std::min(text.find('&'), text.size());
    out += text.substr(0, ampersand);
    text.remove_prefix(ampersand);
    if (text.empty()) return;
    const std::size_t length = append_reference(out, text, place);
    if (length == 0) out += '&';
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace dandelion::html
