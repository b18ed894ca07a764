// SPDX-License-Identifier: MIT
#include "archive/page_rewrite.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

// The page's body, with what was asked for in its place.
std::string body_of(std::string_view html) {
  html::Document page = html::parse(html);
  const std::string whole =
      rewrite_page(page, "https://e.example/a/page.html",
                   [](const std::string& url, EmbeddedKind kind) -> std::optional<std::string> {
                     if (url.ends_with("gone")) return std::nullopt;
                     if (kind == EmbeddedKind::style) return "css of " + url;
                     if (kind == EmbeddedKind::frame) return "<p>\"" + url + "\"</p>";
                     return "data:" + url.substr(url.rfind('/') + 1);
                   });
  const auto begin = whole.find("<body>") + 6;
  return whole.substr(begin, whole.find("</body>") - begin);
}

TEST(RewritePage, EmbedsWhatThePageShows) {
  EXPECT_EQ(body_of("<img src=x.png srcset='y.png 2x, gone 3x,z.png 4x' alt=A>"),
            "<img src=\"data:x.png\" srcset=\"data:y.png 2x, data:z.png 4x\" alt=\"A\">");
  EXPECT_EQ(body_of("<img src=gone alt=A>"), "<img alt=\"A\">");
  EXPECT_EQ(body_of("<body><video poster=''></video><img src=' '><link rel=stylesheet href=''>"),
            "<video poster=\"\"></video><img src=\" \">");
  EXPECT_EQ(body_of("<img data-src=x.png src='data:image/gif;base64,R0'>"),
            "<img data-src=\"x.png\" src=\"data:x.png\">");
  EXPECT_EQ(body_of("<p style='background:url(/b.png)'>x</p>"),
            "<p style=\"background:url(&quot;data:b.png&quot;)\">x</p>");
  EXPECT_EQ(body_of("<video poster=p.jpg src=v.mp4 autoplay></video>"),
            "<video poster=\"data:p.jpg\" src=\"data:v.mp4\"></video>");
  EXPECT_EQ(body_of("<iframe src=/f></iframe>"),
            "<iframe sandbox=\"\" srcdoc=\"&lt;p&gt;&quot;https://e.example/f&quot;&lt;/p&gt;\">"
            "</iframe>");
  EXPECT_EQ(body_of("<body><link rel=stylesheet href=s.css media=print>"),
            "<style media=\"print\">css of https://e.example/a/s.css</style>");
}

TEST(RewritePage, LeavesNothingThatRunsOrAsks) {
  EXPECT_EQ(body_of("<script src=x.js></script><p onclick='x()'>a</p>"), "<p>a</p>");
  EXPECT_EQ(body_of("<a href='javascript:x()' ping=/p>a</a>"), "<a href=\"#\">a</a>");
  EXPECT_EQ(body_of("<form action=/login><button formaction=/x>b</button></form>"),
            "<form><button>b</button></form>");
  EXPECT_EQ(body_of("<link rel=preload href=x><link rel=dns-prefetch href=//y>"), "");
  EXPECT_EQ(body_of("<iframe></iframe>"), "<iframe sandbox=\"\"></iframe>");
  const std::string inner = body_of("<iframe srcdoc='<script>x</script><i>y</i>'></iframe>");
  EXPECT_EQ(inner.find("script"), std::string::npos) << inner;
  EXPECT_NE(inner.find("&lt;i&gt;y&lt;/i&gt;"), std::string::npos) << inner;
  EXPECT_EQ(body_of("<body><style>a{}</style>"), "<style>a{}</style>");
  EXPECT_EQ(body_of("<body><style>a{}</style><script>x</script><img src=x.png>"),
            "<style>a{}</style><img src=\"data:x.png\">");
  EXPECT_EQ(body_of("<svg><image href=x.png /><use href='#a'/><script>x</script></svg>"),
            "<svg><image href=\"data:x.png\"></image><use href=\"#a\"></use></svg>");
}

TEST(RewritePage, ShowsWhatStandsForScriptsOnce) {
  EXPECT_EQ(body_of("<noscript><p>no script</p></noscript>"), "<p>no script</p>");
  EXPECT_EQ(body_of("<img src=x.png><noscript><img src=x.png></noscript>"),
            "<img src=\"data:x.png\">");
}

TEST(RewritePage, MakesLinksAbsolute) {
  EXPECT_EQ(body_of("<a href=b.html#c>1</a><a href='#d'>2</a><a href=mailto:a@e.example>3</a>"),
            "<a href=\"https://e.example/a/b.html#c\">1</a><a href=\"#d\">2</a>"
            "<a href=\"mailto:a@e.example\">3</a>");
  EXPECT_EQ(body_of("<a href='TEL:123'>1</a><a>2</a><a href=''>3</a>"),
            "<a href=\"TEL:123\">1</a><a>2</a><a href=\"https://e.example/a/page.html\">3</a>");
}

TEST(RewritePage, TellsNobodyThePasswordThatItWasAskedForWith) {
  html::Document page = html::parse("<a href=b>b</a>");
  const std::string whole =
      rewrite_page(page, "https://me:secret@e.example/a",
                   [](const std::string&, EmbeddedKind) { return std::optional<std::string>(); });
  EXPECT_NE(whole.find("<a href=\"https://e.example/b\">"), std::string::npos) << whole;
}

TEST(RewritePage, PutsACharsetAndAPolicyFirst) {
  html::Document page = html::parse(
      "<head><meta http-equiv=refresh content='0;url=/x'><meta charset=gbk><title>t</title>"
      "<base href=/y/></head><a href=z>z</a>");
  const std::string whole =
      rewrite_page(page, "https://e.example/",
                   [](const std::string&, EmbeddedKind) { return std::optional<std::string>(); });
  EXPECT_TRUE(
      whole.starts_with("<html><head><meta charset=\"utf-8\"><meta "
                        "http-equiv=\"Content-Security-Policy\" content=\"default-src "
                        "'none';"))
      << whole;
  EXPECT_EQ(whole.find("refresh"), std::string::npos);
  EXPECT_EQ(whole.find("gbk"), std::string::npos);
  EXPECT_NE(whole.find("href=\"https://e.example/y/z\""), std::string::npos);
}

}  // namespace
}  // namespace dandelion
