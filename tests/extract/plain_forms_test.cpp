// SPDX-License-Identifier: MIT
#include "extract/plain_forms.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "extract/embeds.hpp"
#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

std::string plain(std::string_view source) {
  html::Document document = html::parse_fragment(source);
  write_plainly(document, document.root());
  return html::inner_html(document.root());
}

std::string linked(std::string_view source) {
  html::Document document = html::parse_fragment(source);
  write_plainly(document, document.root());
  link_embeds(document, document.root());
  return html::inner_html(document.root());
}

TEST(Formulas, AreTheirTexOnce) {
  const std::string tex = "<p>So <span>$<code>a^2</code>$</span> is.</p>";
  const std::string annotated =
      "<math><semantics><msup><mi>a</mi><mn>2</mn></msup><annotation "
      "encoding=\"application/x-tex\">{\\displaystyle a^2}</annotation></semantics></math>";
  EXPECT_EQ(plain("<p>So <math alttext=\"a^2\"><mi>a</mi></math> is.</p>"), tex);
  EXPECT_EQ(plain("<p>So <span class=katex><span class=katex-mathml>" + annotated +
                  "</span><span class=katex-html>a2</span></span> is.</p>"),
            tex);
  EXPECT_EQ(plain("<p>So <span class=\"mwe-math-element\"><span class=mwe-math-mathml-inline>" +
                  annotated + "</span><img class=mwe-math-fallback-image-inline></span> is.</p>"),
            tex);
  EXPECT_EQ(plain("<p>So <span class=MathJax_Preview></span><span class=MathJax>a2<span "
                  "class=MJX_Assistive_MathML><math><mi>a</mi></math></span></span><script "
                  "type=math/tex>a^2</script> is.</p>"),
            tex);
  EXPECT_EQ(plain("<p>So <script type=math/tex>a^2</script> is.</p>"), tex);
  EXPECT_EQ(plain("<p>So <img eeimg=1 alt=\"a^2\" src=/e> is.</p>"), tex);
  EXPECT_EQ(plain("<p>So <span class=ztext-math data-tex=\"a^2\">a2</span> is.</p>"), tex);
}

TEST(Formulas, AreCodeOfTheirOwnWhereTheyStandAlone) {
  const std::string_view source = "<script type=\"math/tex; mode=display\">x_i</script>";
  EXPECT_EQ(plain("<p>" + std::string(source) + "</p>"),
            "<p><figure><pre><code class=\"language-math\">x_i</code></pre></figure></p>");
  EXPECT_EQ(plain("<p>So " + std::string(source) + "</p>"),
            "<p>So <span>$<code>x_i</code>$</span></p>");
}

TEST(Formulas, AreTextWhereMathmlHasNoTex) {
  EXPECT_EQ(plain("<p><math><mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"
                  "<msup><mi>a</mi><mn>2</mn></msup></math></p>"),
            "<p><span>(x+1)/2a<sup>2</sup></span></p>");
  EXPECT_EQ(plain("<p><math><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover></math></p>"),
            "<p><span>∑<sub>i</sub><sup>n</sup></span></p>");
}

TEST(Formulas, TakeNoBoxOfTextForTheirs) {
  EXPECT_EQ(plain("<div class=\"katex-page\"><p>a <math alttext=b></math></p></div>"),
            "<div class=\"katex-page\"><p>a <span>$<code>b</code>$</span></p></div>");
}

TEST(Embeds, PostsWithTextAreQuotesOfOneParagraph) {
  EXPECT_EQ(plain("<blockquote class=twitter-tweet><p>The plan has won the vote.<br><br>Thanks!"
                  "</p>— Maria <a href=\"https://twitter.com/m/status/1\">May 1</a></blockquote>"),
            "<figure><blockquote><p>The plan has won the vote.<br>Thanks!<br>— Maria <a "
            "href=\"https://twitter.com/m/status/1\">May 1</a></p></blockquote></figure>");
  EXPECT_EQ(plain("<blockquote class=tiktok-embed cite=\"https://www.tiktok.com/@u/video/1\">"
                  "<section>The bridge of the town by night</section></blockquote>"),
            "<figure><blockquote><p>The bridge of the town by night<br><a "
            "href=\"https://www.tiktok.com/@u/video/1\">www.tiktok.com</a></p></blockquote>"
            "</figure>");
  const std::string other = "<blockquote class=\"pull\"><p>The plan has won.</p></blockquote>";
  EXPECT_EQ(plain(other), other);
}

TEST(Embeds, PostsWithoutTextAreLinks) {
  const auto link = [](std::string_view address, std::string_view text) {
    return "<p><a href=\"" + std::string(address) + "\">" + std::string(text) + "</a></p>";
  };
  EXPECT_EQ(linked("<blockquote class=instagram-media data-instgrm-permalink="
                   "\"https://www.instagram.com/p/X/\"><a href=/x>View this post</a>"
                   "<p><a href=/x>A post shared by Town</a></p></blockquote>"),
            link("https://www.instagram.com/p/X/", "A post shared by Town"));
  EXPECT_EQ(linked("<blockquote class=mastodon-embed data-embed-url="
                   "\"https://social.example/@g/114/embed\"><a href=\"https://social.example/@g/"
                   "114\"><div>Post by @g</div></a></blockquote>"),
            link("https://social.example/@g/114", "Post by @g"));
  EXPECT_EQ(linked("<div class=fb-post data-href=\"https://www.facebook.com/z/posts/1\"></div>"),
            link("https://www.facebook.com/z/posts/1", "www.facebook.com"));
  EXPECT_EQ(linked("<script data-telegram-post=\"durov/68\"></script>"),
            link("https://t.me/durov/68", "t.me"));
  EXPECT_EQ(linked("<lite-youtube videoid=v1 playlabel=Keynote></lite-youtube>"),
            link("https://www.youtube.com/watch?v=v1", "Keynote"));
}

TEST(Embeds, FramesLeadToThePageOfWhatTheyShow) {
  const auto leads_to = [](std::string_view source) {
    const std::string html = linked("<iframe title=t src=\"" + std::string(source) + "\">");
    const std::size_t begin = html.find('"') + 1;
    return html.empty() ? html : html.substr(begin, html.find('"', begin) - begin);
  };
  EXPECT_EQ(leads_to("https://www.youtube.com/embed/videoseries?list=PL1"),
            "https://www.youtube.com/playlist?list=PL1");
  EXPECT_EQ(leads_to("https://www.youtube-nocookie.com/embed/v1?rel=0&amp;start=90"),
            "https://www.youtube.com/watch?v=v1&amp;t=90s");
  EXPECT_EQ(leads_to("https://social.example/@g/114/embed"), "https://social.example/@g/114");
  EXPECT_EQ(leads_to("https://www.google.com/maps/embed?pb=1"),
            "https://www.google.com/maps/embed?pb=1");
  EXPECT_EQ(leads_to("//datawrapper.dwcdn.net/AbCdE/3/"), "https://datawrapper.dwcdn.net/AbCdE/3/");
  EXPECT_EQ(leads_to("https://ads.example/frame"), "");
}

TEST(Embeds, AmpPicturesArePictures) {
  EXPECT_EQ(plain("<amp-img src=\"/a.jpg\"><noscript><img src=\"/a.jpg\"></noscript></amp-img>"),
            "<img src=\"/a.jpg\">");
}

TEST(CodeListings, TablesOfNumberedLinesAreOneBlock) {
  const std::string code = "<pre><code class=\"language-ruby\">a\n  b\n</code></pre>";
  EXPECT_EQ(plain("<div class=\"language-ruby\"><pre><code><table class=rouge-table><tr><td "
                  "class=gutter><pre class=lineno>1\n2\n</pre></td><td><pre>a\n  b\n</pre></td>"
                  "</tr></table></code></pre></div>"),
            "<div class=\"language-ruby\">" + code + "</div>");
  EXPECT_EQ(plain("<figure class=\"highlight ruby\"><table><tr><td class=gutter><pre>1<br>2<br>"
                  "</pre></td><td class=code><pre>a<br>  b<br></pre></td></tr></table></figure>"),
            code);
  EXPECT_EQ(plain("<table class=\"highlight\"><tr><td class=blob-num data-line-number=1></td><td>"
                  "a</td></tr><tr><td class=blob-num data-line-number=2></td><td>  b</td></tr>"
                  "</table>"),
            "<pre><code>a\n  b\n</code></pre>");
}

TEST(CodeListings, OtherTablesStay) {
  const std::string table =
      "<table class=\"highlight\"><tbody><tr><td class=\"gutter\">1</td><td>Steel</td></tr>"
      "<tr><td>Timber</td><td>3</td></tr></tbody></table>";
  EXPECT_EQ(plain(table), table);
}

TEST(CodeListings, LinesThatAreElementsAreLinesOfText) {
  EXPECT_EQ(plain("<pre><code class=\"language-js\"><div class=line>a</div><div class=line>b</div>"
                  "</code></pre>"),
            "<pre><code class=\"language-js\">a\nb\n</code></pre>");
  EXPECT_EQ(plain("<pre class=\"language-js\"><code><span class=\"token-line\"><span class=lineno>"
                  "1</span>a<br></span><span class=\"token-line\">b<br></span></code></pre>"),
            "<pre class=\"language-js\"><code class=\"language-js\">a\nb\n</code></pre>");
}

}  // namespace
}  // namespace dandelion
