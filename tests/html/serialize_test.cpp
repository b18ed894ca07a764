// SPDX-License-Identifier: MIT
#include "html/serialize.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion::html {
namespace {

std::string pretty(std::string_view fragment, const PrettyOptions& options = {}) {
  const Document page = parse_fragment(fragment);
  return prettify(*page.root().first_child, options);
}

TEST(Prettify, WritesOneTagALineWithOneSpaceALevel) {
  EXPECT_EQ(pretty("<div>a <b>c</b>\n\n<!-- d --><br>e</div>"),
            "<div>\n a\n <b>\n  c\n </b>\n <!-- d -->\n <br/>\n e\n</div>");
}

TEST(Prettify, KeepsPreformattedTextAsItStands) {
  EXPECT_EQ(pretty("<div><pre> a\n  <b>b</b> &lt;\n</pre>c</div>"),
            "<div>\n <pre> a\n  <b>b</b> &lt;\n</pre>\n c\n</div>");
}

TEST(Prettify, TrimsIdeographicAndNoBreakSpaces) {
  EXPECT_EQ(pretty("<p>\u3000\u3000正文&nbsp;</p>"), "<p>\n 正文\n</p>");
  EXPECT_EQ(pretty("<p>a&nbsp;b</p>"), "<p>\n a\u00a0b\n</p>");
}

TEST(Prettify, QuotesAttributesAsBeautifulSoupDoes) {
  EXPECT_EQ(
      pretty(R"(<p title='a "b"' class="  x   y " lang="it's" data-x='"&apos;<' hidden></p>)"),
      "<p class=\"x y\" data-x=\"&quot;'&lt;\" hidden=\"\" lang=\"it's\" title='a \"b\"'>\n</p>");
}

TEST(Prettify, RenamesDropsAndSurrounds) {
  PrettyOptions options;
  options.rename = {{"a", "ok"}, {"h2", "h4"}};
  options.drop_attributes = {{"a", {"title"}}};
  options.around = {{"figcaption", {"<br/>", "<br/>"}}, {"figure", {"", "<br/>"}}};
  EXPECT_EQ(
      pretty(
          "<div><h2>t</h2><a href=u title=v>l</a><figure><figcaption>c</figcaption></figure></div>",
          options),
      "<div>\n <h4>\n  t\n </h4>\n <ok href=\"u\">\n  l\n </ok>\n <figure>\n  <br/><figcaption>\n  "
      " c\n"
      "  </figcaption><br/>\n </figure><br/>\n</div>");
}

// CommonMark ends an HTML block at a blank line: after one, a page's text would be read as
// Markdown.
TEST(Prettify, NeverWritesABlankLine) {
  for (const char* fragment :
       {"<p>a\n\n[x](http://evil.example)</p>", "<p>a\n \t\n# b</p>",
        "<div><!-- a\n\n\n# b --></div>", "<p title='a\n\nb'>c</p>", "<p>a&#13;&#13;b</p>",
        "<pre>a\n\n\n# b</pre>", "<pre>\n\n\n x</pre>",
        "<div><pre>a\n</pre>\n\n<textarea>\n\n\nx</textarea></div>", "<pre>a<b>\n</b>\n\n</pre>"}) {
    const std::string text = pretty(fragment) + "\n";
    for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      const auto next = text.find_first_not_of(" \t", at + 1);
      EXPECT_TRUE(next == std::string::npos || (text[next] != '\n' && text[next] != '\r')) << text;
    }
    EXPECT_EQ(text_content(parse_fragment(text).root()).find('<'), std::string::npos);
  }
}

TEST(ToHtml, EscapesAngleBracketsInAttributesToo) {
  const Document page =
      parse_fragment("<p title='</noscript><script>x</script>'>a &amp; &lt;b></p>");
  EXPECT_EQ(inner_html(page.root()),
            "<p title=\"&lt;/noscript&gt;&lt;script&gt;x&lt;/script&gt;\">a &amp; &lt;b&gt;</p>");
}

}  // namespace
}  // namespace dandelion::html
