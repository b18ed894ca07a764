// SPDX-License-Identifier: MIT
#include "archive/page_space.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

std::string collapsed(std::string_view html) {
  html::Document page = html::parse_fragment(html);
  collapse_page_space(page);
  return html::inner_html(page.root());
}

TEST(CollapsePageSpace, MakesARunOneCharacter) {
  EXPECT_EQ(collapsed("<p>a  \t b</p>\n\n   <p>c \n  d</p>   "), "<p>a b</p>\n<p>c\nd</p> ");
  EXPECT_EQ(collapsed("<p title='a  b'>\u00a0\u00a0x\u3000\u3000</p>"),
            "<p title=\"a  b\">\u00a0\u00a0x\u3000\u3000</p>");
}

TEST(CollapsePageSpace, KeepsWhatIsShownAsItStands) {
  for (const char* kept :
       {"<pre>a\n\n  b</pre>", "<p><code>a  b</code></p>", "<textarea>a\n\n b</textarea>",
        "<div style=\"white-space: pre-wrap\">a  b<p>c  d</p></div>",
        "<svg><text>a  b</text></svg>", "<style>.poem { white-space: pre-line }</style><p>a  b</p>",
        "<style>p{white-space:var(--w)}</style><p>a  b</p>",
        "<style>@import \"data:text/css,x\";</style><p>a  b</p>"})
    EXPECT_EQ(collapsed(kept), kept);
}

TEST(PreservesSpace, LooksAtTheSubjectOfTheRule) {
  for (const char* none :
       {"", "pre, code{white-space:pre-wrap}", ".a{white-space:nowrap}",
        "/* x */ div > pre.b { color: red; white-space: pre }", "p{white-space:normal}",
        "@media print{pre{WHITE-SPACE:PRE}}", "a[href*=white-space]{}"})
    EXPECT_FALSE(preserves_space(none)) << none;
  for (const char* may :
       {".a{white-space:pre}", "pre, .a{white-space:pre}", "pre a{white-space:pre}",
        "p{white-space:break-spaces}", "white-space:pre-wrap", "p{white-space-collapse:preserve}",
        "*{white-space: pre-line}"})
    EXPECT_TRUE(preserves_space(may)) << may;
}

}  // namespace
}  // namespace dandelion
