// SPDX-License-Identifier: MIT
#include "render/markdown_text.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

struct Case {
  const char* text;
  const char* escaped;
};

class EscapeMarkdown : public testing::TestWithParam<Case> {};

TEST_P(EscapeMarkdown, EscapesOnlyWhatWouldBeMarkup) {
  EXPECT_EQ(escape_markdown(GetParam().text), GetParam().escaped);
}

INSTANTIATE_TEST_SUITE_P(
    Titles, EscapeMarkdown,
    testing::Values(
        Case{"亚马逊将向旧金山AI新创公司 注资数十亿美元",
             "亚马逊将向旧金山AI新创公司 注资数十亿美元"},
        Case{"A & B: \"C\" (D) - 50% + 1!", "A & B: \"C\" (D) - 50% + 1!"},
        Case{"[图集] 标题", "[图集] 标题"}, Case{"[x](javascript:y)", "\\[x\\](javascript:y)"},
        Case{"![x]", "!\\[x\\]"}, Case{"a ] b [ c", "a \\] b \\[ c"},
        Case{"<script>x</script>", "&lt;script>x&lt;/script>"},
        Case{"1 < 2 &amp; 3", "1 < 2 &amp;amp; 3"}, Case{"*bold* 2 * 3", "\\*bold\\* 2 * 3"},
        Case{"snake_case _em_", "snake_case \\_em\\_"}, Case{"`a` it`s", "\\`a\\` it\\`s"},
        Case{"it`s", "it`s"}, Case{"C #", "C \\#"}, Case{"C# and F#", "C# and F\\#"},
        Case{"~~x~~", "\\~\\~x\\~\\~"}, Case{"a\n\nb", "a b"}, Case{"a\\*b", "a\\\\\\*b"}));

}  // namespace
}  // namespace dandelion
