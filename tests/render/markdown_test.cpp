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

TEST(ToMarkdown, WritesLinksAndPictures) {
  EXPECT_EQ(markdown("<p><a href='https://e.example/a_b'>l</a> <img "
                     "src='https://e.example/i.png' alt='A'></p>"),
            "[l](https://e.example/a_b) ![A](https://e.example/i.png)\n");
  EXPECT_EQ(markdown("<a href='https://e.example/i.png'><img src='https://e.example/i.png'></a>"),
            "[![](https://e.example/i.png)](https://e.example/i.png)\n");
  EXPECT_EQ(markdown("<a href='/a b\n(c)?d&amp;amp;e'>x</a>"), "[x](/a%20b\\(c\\)?d&amp;amp;e)\n");
}

TEST(ToMarkdown, EscapesWhatIsTextInThePage) {
  const std::string text =
      markdown("<p># not a heading</p><p>1. not a list</p><p>[x](y) *z* &lt;b&gt;</p>");
  EXPECT_EQ(text, "\\# not a heading\n\n1\\. not a list\n\n\\[x\\](y) \\*z\\* \\<b\\>\n");
}

TEST(ToMarkdown, WritesPlainTablesAsTablesAndOthersAsHtml) {
  EXPECT_EQ(markdown("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>"),
            "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |\n");
  EXPECT_EQ(markdown("<table><tr><td colspan=2>a</td></tr><tr><td>b</td><td>c</td></tr></table>")
                .substr(0, 7),
            "<table>");
}

TEST(ToMarkdown, KeepsCodeAsItStands) {
  EXPECT_EQ(markdown("<pre><code class='x language-c++'>int a;\n\n  b();</code></pre>"),
            "``` c++\nint a;\n\n  b();\n```\n");
}

TEST(ToMarkdown, TakesInlineElementsAroundBlocksApart) {
  EXPECT_EQ(markdown("a<span><div>b</div></span>c<a href='https://e.example/'><p>d</p></a>"),
            "a\n\nb\n\nc\n\n[d](https://e.example/)\n");
  EXPECT_EQ(markdown("<a href='/x'><h3>t</h3><div>u</div></a>"), "### [t](/x)\n\n[u](/x)\n");
}

TEST(ToMarkdown, WritesSpansThatMarkdownWouldNotReadAsElements) {
  EXPECT_EQ(markdown("<p><b>中文。</b>字</p>"), "<strong>中文。</strong>字\n");
  EXPECT_EQ(markdown("<p>字<b>「中文」</b>字</p>"), "字<strong>「中文」</strong>字\n");
  EXPECT_EQ(markdown("<p><b>中文</b>字</p>"), "**中文**字\n");
  EXPECT_EQ(markdown("<p>a <b>b </b><i> c</i>.</p>"), "a **b** *c*.\n");
  EXPECT_EQ(markdown("<p><b>a</b><i>b</i></p>"), "<strong>a</strong>*b*\n");
}

TEST(ToMarkdown, KeepsRubyAndOtherElementsWithoutASign) {
  EXPECT_EQ(markdown("<p>H<sub>2</sub>O <ruby>漢<rt>かん</rt></ruby></p>"),
            "H<sub>2</sub>O <ruby>漢<rt>かん</rt></ruby>\n");
}

TEST(ToMarkdown, WritesCaptionsDetailsAndDefinitions) {
  EXPECT_EQ(markdown("<figure><img src='/i.png' alt='I'><figcaption>An arch</figcaption></figure>"),
            "![I](/i.png)\n\n*An arch*\n");
  EXPECT_EQ(markdown("<details><summary>s &lt;</summary><p>t</p></details>"),
            "<details>\n<summary>s &lt;</summary>\n\nt\n\n</details>\n");
  EXPECT_EQ(markdown("<dl><dt>a</dt>\n\n<dd>b</dd></dl>"),
            "<dl><dt>a</dt>\n&#10;<dd>b</dd></dl>\n");
}

TEST(ToMarkdown, KeepsParagraphsThatBreaksMake) {
  EXPECT_EQ(markdown("a<br>b<br><br>c<br>"), "a  \nb\n\nc\n");
  EXPECT_EQ(markdown("<h2>a<br>b</h2>"), "## a<br>b\n");
}

TEST(ToMarkdown, TakesLayoutTablesApart) {
  EXPECT_EQ(markdown("<table><tr><td><h2>T</h2><p>x</p></td></tr></table>"), "## T\n\nx\n");
}

TEST(ToMarkdown, SmugglesNoHtmlThroughText) {
  EXPECT_EQ(markdown("<p>&lt;script&gt;x&lt;/script&gt; &amp;lt; ~~y~~</p>"),
            "\\<script\\>x\\</script\\> \\&lt; \\~\\~y\\~\\~\n");
  EXPECT_EQ(markdown("<pre>```\n&lt;img onerror=x&gt;</pre>"), "    ```\n    <img onerror=x>\n");
}

TEST(ToMarkdown, KeepsApartWhatWouldBeReadAsOne) {
  EXPECT_EQ(markdown("<pre>abc</pre><pre>def</pre>"), "    abc\n\n<!-- -->\n\n    def\n");
  EXPECT_EQ(markdown("<p><code>a</code><code>b</code></p>"), "`a`<code>b</code>\n");
  EXPECT_EQ(markdown("<ul><li><hr>a</li></ul>"), "  - \n    <!-- -->\n    -----\n    a\n");
}

TEST(ToMarkdown, KeepsLinksInWhatIsLaidOutInLines) {
  EXPECT_EQ(markdown("<pre>RFC 1\n\n  see <a href='https://e.example/2'>2</a></pre>"),
            "<pre>RFC 1\n&#10;  see <a href=\"https://e.example/2\">2</a></pre>\n");
  const std::string running(200, 'x');
  EXPECT_EQ(markdown("<pre>" + running + " <a href='/2'>2</a></pre>"), running + " [2](/2)\n");
}

TEST(ToMarkdown, KeepsWhatASummaryHolds) {
  EXPECT_EQ(markdown("<details><summary><h2><a href='#a'>A</a></h2></summary><p>t</p></details>"),
            "<details>\n<summary><h2><a href=\"#a\">A</a></h2></summary>\n\nt\n\n</details>\n");
}

TEST(ToMarkdown, TakesTheBodyForWhatItIs) {
  const html::Document list = html::parse_fragment("<ul><li>a</li><li>b</li></ul>");
  EXPECT_EQ(to_markdown(*list.root().first_element()), "  - a\n  - b\n");
}

TEST(ToMarkdown, KeepsThePlacesThatLinksWithinItLeadTo) {
  EXPECT_EQ(markdown("<p>a<sup><a href='#fn1'>*</a></sup></p><ul><li id=fn1>note "
                     "<a href='#ref1'>up</a></li></ul>"),
            "a<sup>[\\*](#fn1)</sup>\n\n  - <a name=\"fn1\"></a>note [up](#ref1)\n");
  EXPECT_EQ(markdown("<p><a href='#s'>S</a></p><h2 id=s>T</h2><p id=other>x</p>"),
            "[S](#s)\n\n## <a name=\"s\"></a>T\n\nx\n");
  EXPECT_EQ(markdown("<p><a href='#s'>S</a></p><p><a id=s href='/t'>T</a> u</p>"),
            "[S](#s)\n\n<a name=\"s\"></a>[T](/t) u\n");
  const std::string odd = markdown("<p><a href='#\"><img'>S</a></p><p id='\"><img'>T</p>");
  EXPECT_EQ(odd.find("<a name"), std::string::npos) << odd;
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
