// SPDX-License-Identifier: MIT
#include "render/footnotes.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "html/serialize.hpp"
#include "render/footnote_links.hpp"
#include "render/html_text.hpp"
#include "render/markdown.hpp"
#include "render/preview.hpp"

namespace dandelion {
namespace {

std::string markdown(std::string_view body) {
  html::Document page = html::parse_fragment("<div>" + std::string(body) + "</div>");
  html::neutralize(page, page.root());
  return to_markdown(page.root());
}

// As a reader of the mirror's HTML gets it.
std::string linked(std::string_view body) {
  html::Document page = html::parse_fragment("<div>" + std::string(body) + "</div>");
  const Footnotes found = find_footnotes(page.root(), links_within(page.root()));
  if (!found.empty()) static_cast<void>(link_footnotes(page, found));
  return to_html_text(page.root());
}

constexpr std::string_view two_notes = "a[^1] b[^2]\n\n[^1]: x\n\n[^2]: y\n";

TEST(Footnotes, AreGfmsInWhateverFormThePageHasThem) {
  // Markdown processors.
  EXPECT_EQ(
      markdown("<p>a<sup id=fnref:1><a href='#fn:1' class=footnote-ref>1</a></sup> "
               "b<sup id=fnref:2><a href='#fn:2'>2</a></sup></p>"
               "<div class=footnotes><hr><ol><li id=fn:1><p>x&nbsp;<a href='#fnref:1'>↩︎</a>"
               "</p></li><li id=fn:2><p>y <a href='#fnref:2'>↩</a></p></li></ol></div>"),
      "a[^1] b[^2]\n\n[^1]: x\n\n[^2]: y\n");
  // WordPress, by itself and with a plug-in.
  EXPECT_EQ(
      markdown("<p>a<sup class=fn><a href='#u' id=u-link>1</a></sup> b<span id=e-2></span>"
               "<span><a href='#bottom-2' title=z><sup>2</sup></a></span></p><ol><li id=u>x "
               "<a href='#u-link'>↩︎</a></li><li><span id=bottom-2></span>y<a href='#e-2'>"
               "</a></li></ol>"),
      two_notes);
  // Substack.
  EXPECT_EQ(markdown("<p>a<a id=a-1 href='#f-1' class=footnote-anchor>1</a> b<a id=a-2 href='#f-2' "
                     "class=footnote-anchor>2</a></p><div><a id=f-1 href='#a-1'>1</a><div><p>x</p>"
                     "</div></div><div><a id=f-2 href='#a-2'>2</a><div><p>y</p></div></div>"),
            two_notes);
  // Word processors.
  EXPECT_EQ(markdown("<p>a<a href='#_ftn1' name=_ftnref1>[1]</a> b<a href='#_ftn2' "
                     "name=_ftnref2>[2]</a></p><hr><p><a href='#_ftnref1' name=_ftn1>[1]</a> x</p>"
                     "<p>[<a href='#_ftnref2' name=_ftn2>2</a>]. y</p>"),
            two_notes);
  // EPUB.
  EXPECT_EQ(markdown("<p>a<a epub:type=noteref href='#n1'>1</a> b<a role=doc-noteref href='#n2' "
                     "id=r2>2</a></p><section role=doc-endnotes><aside epub:type=footnote id=n1>"
                     "<p>1. x</p></aside><aside id=n2><p>2 y <a role=doc-backlink href='#r2'>"
                     "back</a></p></aside></section>"),
            two_notes);
}

TEST(Footnotes, OfWikipediaMayBeReferredToTwice) {
  EXPECT_EQ(
      markdown("<p>a<sup id=cite_ref-A_1-0><a href='#cite_note-A-1'><span>[</span>1<span>]</span>"
               "</a></sup><sup id=cite_ref-2><a href='#cite_note-2'>[2]</a></sup> b<sup "
               "id=cite_ref-A_1-1><a href='#cite_note-A-1'>[1]</a></sup></p><h2>References</h2>"
               "<div><ol><li id=cite_note-A-1><span>^ <a href='#cite_ref-A_1-0'><sup><i>a</i></sup>"
               "</a> <a href='#cite_ref-A_1-1'><sup><i>b</i></sup></a></span> <cite>x</cite></li>"
               "<li id=cite_note-2><span><b><a href='#cite_ref-2'>^</a></b></span> y</li></ol>"
               "</div>"),
      "a[^1][^2] b[^1]\n\n## References\n\n[^1]: *x*\n\n[^2]: y\n");
}

TEST(Footnotes, HoldBlocks) {
  EXPECT_EQ(markdown("<p>a<sup><a href='#1'>1</a>,<a href='#2'>2</a></sup></p><ol><li id=1><p>x</p>"
                     "<pre>c\n\nd</pre><li id=2><ul><li>y</ul></ol>"),
            "a[^1],[^2]\n\n[^1]: x\n\n        c\n        \n        d\n\n[^2]:\n      - y\n");
}

TEST(Footnotes, KeepALinkAroundTheirText) {
  EXPECT_EQ(
      markdown("<p>a<sup id=r1><a href='#n1'>1</a></sup> b<sup id=r2><a href='#n2'>2</a></sup>"
               "</p><ol><li id=n1><a href='#r1'>Smith, 2010</a></li><li id=n2><a href='#r2'>"
               "Jones</a> says y.</li></ol>"),
      "a[^1] b[^2]\n\n[^1]: Smith, 2010\n\n[^2]: Jones says y.\n");
}

TEST(Footnotes, AreLeftAsTheyAreWhereGfmWouldShowThemOtherwise) {
  const auto is_left = [](const std::string& body) {
    return markdown(body).find("[^") == std::string::npos &&
           linked(body).find("doc-") == std::string::npos;
  };
  const std::string one = "<p>a<sup id=r1><a href='#n1'>1</a></sup></p>";
  const std::string two = "<p>a<sup><a href='#n1'>1</a></sup> b<sup><a href='#n2'>2</a></sup></p>";
  const std::string list = "<ol><li id=n1>x</li><li id=n2>y</li></ol>";
  EXPECT_FALSE(is_left(two + list));
  EXPECT_FALSE(is_left(two + "<h2>Notes</h2>" + list + "<p> </p>"));
  EXPECT_TRUE(is_left(two + list + "<p>behind</p>"));
  EXPECT_TRUE(is_left(two + list + "<img src='/i.png'>"));
  EXPECT_TRUE(is_left(one + list)) << "a note without a reference would be dropped";
  EXPECT_TRUE(
      is_left("<p>a<sup><a href='#n2'>2</a></sup> b<sup><a href='#n1'>1</a></sup></p>" + list))
      << "the numbers would change";
  EXPECT_TRUE(
      is_left("<p>a<sup><a href='#n1'>2</a></sup> b<sup><a href='#n2'>3</a></sup></p>" + list))
      << "the numbers would change";
  EXPECT_TRUE(is_left("<p>a<sup><a href='#n1'>*</a></sup></p><ul><li id=n1>x</ul>"));
  EXPECT_TRUE(is_left(two + "<p>See <a href='#n2'>the second note</a>.</p>" + list))
      << "a link would lead nowhere";
  EXPECT_TRUE(is_left(two + "<details><summary>Notes</summary>" + list + "</details>"));
  EXPECT_TRUE(
      is_left("<p><a href='#n1'>1</a> <a href='#n2'>2</a></p><div id=n1>Part</div>"
              "<div id=n2>Part</div>"))
      << "a table of contents";
  EXPECT_TRUE(is_left("<pre>a<a href='#n1'>1</a></pre><ol><li id=n1>x</ol>"));
  EXPECT_TRUE(is_left(one + "<ol><li id=n1><h2>A section</h2>x</ol>"));
}

TEST(Footnotes, AreNoneInATableThatStaysHtml) {
  const std::string text = markdown(
      "<table><tr><td colspan=2>a<sup><a href='#n1'>1</a></sup></td></tr><tr><td>b<td>c"
      "</table><ol><li id=n1>x</ol>");
  EXPECT_EQ(text.find("[^"), std::string::npos) << text;
  EXPECT_NE(text.find("1.  <a name=\"n1\"></a>x"), std::string::npos) << text;
}

TEST(Footnotes, AreNotMadeOfText) {
  const std::string text = markdown(
      "<p>Said [^1] and [^x]: so</p><p>[^1]: no note</p><ul><li>[^1]</ul><p>a<sup>"
      "<a href='#n1'>1</a></sup></p><ol><li id=n1>x [^1]</ol>");
  const std::string shown = preview_markdown(text, "t");
  for (const char* kept :
       {"<p>Said [^1] and [^x]: so</p>", "<p>[^1]: no note</p>", "<li>[^1]</li>", "x [^1] <a"})
    EXPECT_NE(shown.find(kept), std::string::npos) << kept << "\n" << shown;
  const html::Document page = html::parse_fragment(shown);
  EXPECT_EQ(links_within(page.root()).size(), 2U) << "there and back";
}

TEST(Footnotes, AreNotReadWithWhatFollowsThem) {
  const std::string text = markdown(
      "<p>a<sup><a href='#n1'>1</a></sup>(b) c<sup><a href='#n1'>1</a></sup>: d</p>"
      "<p><sup><a href='#n1'>1</a></sup>: e</p><p>f<br><sup><a href='#n1'>1</a></sup>: g!"
      "<sup><a href='#n1'>1</a></sup></p><ol><li id=n1>x</ol>");
  EXPECT_EQ(text, "a[^1]\\(b) c[^1]: d\n\n[^1]\\: e\n\nf  \n[^1]\\: g\\![^1]\n\n[^1]: x\n");
  const html::Document page = html::parse_fragment(preview_markdown(text, "t"));
  EXPECT_EQ(links_within(page.root()).size(), 10U) << "five references, and a way back to each";
}

TEST(LinkFootnotes, LeadsThereAndBack) {
  EXPECT_EQ(
      linked("<p>a<sup id=r1 class=z><a href='#n1'>[1]</a></sup> b<sup><a href='#n1'>[1]</a>"
             "</sup> c<a href='#n2' id=r2>[2]</a></p><hr><div><h3>Notes</h3><p id=n1>[1] x</p>"
             "<div id=n2><a href='#r2'>2</a>. y<p>z</p></div></div>"),
      "<p>a<sup><a href=\"#fn-1\" role=\"doc-noteref\" id=\"fnref-1\">1</a></sup> b<sup><a "
      "href=\"#fn-1\" role=\"doc-noteref\" id=\"fnref-1-2\">1</a></sup> c<sup><a "
      "href=\"#fn-2\" role=\"doc-noteref\" id=\"fnref-2\">2</a></sup></p>\n<hr>\n"
      "<h2>Notes</h2>\n<section role=\"doc-endnotes\">\n<ol>\n<li id=\"fn-1\">x <a "
      "href=\"#fnref-1\" role=\"doc-backlink\">↩\uFE0E</a> <a href=\"#fnref-1-2\" "
      "role=\"doc-backlink\">↩\uFE0E2</a></li>\n<li id=\"fn-2\">y\n<p>z <a href=\"#fnref-2\" "
      "role=\"doc-backlink\">↩\uFE0E</a></p>\n</li>\n</ol>\n</section>");
}

// Quadratic work would take minutes.
TEST(Footnotes, TakeLinearTime) {
  std::string body = "<p>";
  std::string list = "<ol>";
  for (int i = 1; i <= 9999; ++i) {
    const std::string number = std::to_string(i);
    body += "<sup id=r" + number + "><a href='#n" + number + "'>" + number + "</a></sup>";
    list += "<li id=n" + number + ">x <a href='#r" + number + "'>^</a>";
  }
  for (int i = 0; i < 20'000; ++i)
    list += "<a href='#r9999'>to the text</a>";
  const html::Document page = html::parse_fragment(body + "</p>" + list);
  EXPECT_EQ(find_footnotes(page.root(), links_within(page.root())).notes.size(), 9999U);
  std::string deep;
  for (int i = 0; i < 50'000; ++i)
    deep += "<span>";
  EXPECT_TRUE(linked("<p><a href='#n1'>[1]</a></p>" + deep + "<p id=n1>x").find("doc-") ==
              std::string::npos);
}

}  // namespace
}  // namespace dandelion
