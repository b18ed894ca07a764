// SPDX-License-Identifier: MIT
#include "render/markdown.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

std::string markdown(std::string_view fragment) {
  return to_markdown(html::parse_fragment(fragment).root());
}

TEST(ToMarkdown, WritesTheBlocksThatItKnows) {
  EXPECT_EQ(markdown("<h2>T</h2><p>a <b>b</b> <i>c</i><br>d "
                     "<code>e*f</code></p><hr><blockquote><p>q</p></blockquote>"),
            "## T\n\na **b** *c*  \nd `e*f`\n\n-----\n\n> q\n");
}

TEST(ToMarkdown, WritesListsTightAndNested) {
  EXPECT_EQ(
      markdown(
          "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol start=3><li>x</li><li>y</li></ol>"),
      "  - a\n      - b\n  - c\n\n<!-- end list -->\n\n3.  x\n4.  y\n");
}

TEST(ToMarkdown, WritesLinksAndPicturesLazyOnesToo) {
  EXPECT_EQ(markdown("<p><a href='https://e.example/a_b'>l</a> <img src='data:image/gif;base64,x' "
                     "data-src='https://e.example/i.png' alt='A'></p>"),
            "[l](https://e.example/a_b) ![A](https://e.example/i.png)\n");
}

TEST(ToMarkdown, EscapesWhatIsTextInThePage) {
  const std::string text =
      markdown("<p># not a heading</p><p>1. not a list</p><p>[x](y) *z* &lt;b&gt;</p>");
  EXPECT_EQ(text, "\\# not a heading\n\n1\\. not a list\n\n\\[x\\](y) \\*z\\* \\<b\\>\n");
}

TEST(ToMarkdown, WritesPlainTablesAsTablesAndOthersAsHtml) {
  EXPECT_EQ(markdown("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>"),
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n");
  EXPECT_EQ(markdown("<table><tr><td colspan=2>a</td></tr></table>").substr(0, 7), "<table>");
}

TEST(ToMarkdown, KeepsCodeAsItStands) {
  EXPECT_EQ(markdown("<pre><code class='x language-c++'>int a;\n\n  b();</code></pre>"),
            "``` c++\nint a;\n\n  b();\n```\n");
}

TEST(ToMarkdown, TakesInlineElementsAroundBlocksApart) {
  EXPECT_EQ(markdown("a<span><div>b</div></span>c<a href='https://e.example/'><p>d</p></a>"),
            "a\n\nb\n\nc\n\nd\n");
}

TEST(ToMarkdown, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 5'000; ++i)
    deep += "<div><blockquote>";
  EXPECT_NE(markdown(deep + "x").find('x'), std::string::npos);
}

TEST(ToPlainText, ParagraphsApart) {
  EXPECT_EQ(to_plain_text(html::parse_fragment(
                              "<h2>T</h2><p>a\n <b>b</b>c</p><ul><li>x<li>y</ul>d<div>e</div>f")
                              .root()),
            "T\n\na bc\n\n- x\n\n- y\n\nd\n\ne\n\nf");
}

}  // namespace
}  // namespace dandelion
