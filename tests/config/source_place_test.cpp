// SPDX-License-Identifier: MIT
#include "config/source_place.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string odd(std::string_view text) {
  const auto mark = first_odd_byte(text);
  return mark ? fmt::format("{}:{}", mark->line, mark->column) : "none";
}

TEST(FirstOddByte, IsFound) {
  EXPECT_EQ(odd(""), "none");
  EXPECT_EQ(odd("大纪元\n"), "none");
  EXPECT_EQ(odd("\xFF\xFEv"), "1:1");
  EXPECT_EQ(odd("ab\ncd\xE5\xA4"), "2:3");
  EXPECT_EQ(odd("大\x80"), "1:4");
  EXPECT_EQ(odd(std::string_view("a\n\0b", 4)), "2:1");
}

TEST(CountCharacters, TurnsBytesIntoCharacters) {
  const std::string text = "大: 纪\n元 x😀y\n";
  // Bytes 1, 4 and 6 of the first line, 1, 5 and 10 of the second, and one place of the file as a
  // whole, one past the end.
  std::vector<Diagnostic> diagnostics;
  for (const auto& [line, column] :
       {std::pair(0, 0), {1, 1}, {1, 4}, {1, 6}, {2, 1}, {2, 5}, {2, 10}, {9, 4}})
    diagnostics.push_back({Diagnostic::Severity::error, "f", line, column, "m"});
  count_characters(text, diagnostics);
  std::string places;
  for (const Diagnostic& diagnostic : diagnostics)
    places += fmt::format("{}:{} ", diagnostic.line, diagnostic.column);
  EXPECT_EQ(places, "0:0 1:1 1:2 1:4 2:1 2:3 2:5 9:4 ");
}

}  // namespace
}  // namespace dandelion
