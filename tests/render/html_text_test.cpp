// SPDX-License-Identifier: MIT
#include "render/html_text.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

std::string written(std::string_view body, const HtmlTextOptions& options = {}) {
  const html::Document document = html::parse_fragment(body);
  return to_html_text(document.root(), options);
}

TEST(HtmlText, MakesParagraphsOfWhateverHoldsText) {
  EXPECT_EQ(written("<div class=x style='color:red'>a <span>b</span><div>c</div>d</div>"),
            "<p>a b</p>\n<p>c</p>\n<p>d</p>");
  EXPECT_EQ(written("one<br><br>two<br>three"), "<p>one</p>\n<p>two<br>\nthree</p>");
  EXPECT_EQ(written("<p>\u3000\u3000段落。</p><p>&nbsp;</p><p></p>"), "<p>段落。</p>");
}

TEST(HtmlText, KeepsMeaningAndNothingElse) {
  EXPECT_EQ(written("<p onclick=x id=y>a <b>b</b><i> c</i> <ok>d</ok> H<sub>2</sub>O</p>"),
            "<p>a <b>b</b> <i>c</i> d H<sub>2</sub>O</p>");
  EXPECT_EQ(written("<ul>x<li>a</li><p>b</p></ul>"),
            "<ul>\n<li>x</li>\n<li>a</li>\n<li><p>b</p>\n</li>\n</ul>");
  EXPECT_EQ(written("<pre>\n a\n  &lt;b</pre>"), "<pre> a\n  &lt;b</pre>");
  EXPECT_EQ(written("<ruby>漢<rp>(</rp><rt>かん</rt></ruby>"),
            "<p><ruby>漢<rp>(</rp><rt>かん</rt></ruby></p>");
}

TEST(HtmlText, LeavesNoHeadingLevelOut) {
  EXPECT_EQ(written("<h3>a</h3><h5>b</h5><h3>c</h3><h1>d</h1>"),
            "<h2>a</h2>\n<h3>b</h3>\n<h2>c</h2>\n<h2>d</h2>");
  EXPECT_EQ(written("<p>a</p>", {{{"p", "h4"}}, false}), "<h2>a</h2>");
}

TEST(HtmlText, LoadsLaterPicturesLate) {
  EXPECT_EQ(written("<figure><a href=x><img src=1.png alt='\"a\"' width=3 height=4 onerror=x></a>"
                    "<figcaption>c</figcaption></figure><img src=2.png>"),
            "<figure>\n<img src=\"1.png\" alt=\"&quot;a&quot;\" width=\"3\" height=\"4\">\n"
            "<figcaption>c</figcaption>\n</figure>\n"
            "<p><img src=\"2.png\" alt=\"\" loading=\"lazy\" decoding=\"async\"></p>");
}

TEST(HtmlText, WritesTablesThatScroll) {
  EXPECT_EQ(written("<table><tr><th>a<th>b<tr><td colspan=2 width=9>c</table>"),
            "<div class=\"table\" tabindex=\"0\" role=\"group\">\n<table>\n<thead>\n"
            "<tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody>\n<tr><td colspan=\"2\">c</td></tr>\n"
            "</tbody>\n</table>\n</div>");
  EXPECT_EQ(written("<table><tr><td><p>box</p></table>"), "<p>box</p>");
}

TEST(HtmlText, IsXmlWhereThatIsAskedFor) {
  HtmlTextOptions options;
  options.as_xml = true;
  EXPECT_EQ(
      written("<p>a<br>b<wbr>c</p><hr><pre>\n\nd</pre><p lang=fr>e<br></p><img src='1.png?a&amp;b'>"
              "<img src=2.png><ol reversed><li>f</ol>",
              options),
      "<p>a<br/>\nb<wbr/>c</p>\n<hr/>\n<pre>\nd</pre>\n"
      "<p lang=\"fr\" xml:lang=\"fr\">e</p>\n"
      "<p><img src=\"1.png?a&amp;b\" alt=\"\"/><img src=\"2.png\" alt=\"\"/></p>\n"
      "<ol reversed=\"\">\n<li>f</li>\n</ol>");
}

TEST(HtmlText, SurvivesDepth) {
  std::string deep;
  for (int i = 0; i < 5000; ++i)
    deep += "<b><div>";
  EXPECT_NE(written(deep + "end").find("end"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
