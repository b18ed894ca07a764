// SPDX-License-Identifier: MIT
#include "render/page.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "render/template_values.hpp"

namespace dandelion {
namespace {

html::Article article(std::string_view body) {
  html::Article made;
  made.title = "T <i>*x*</i>";
  made.url = "https://e.example/a?b=\"><script>";
  made.document = std::make_shared<html::Document>(html::parse_fragment(body));
  made.body = made.document->root().first_child;
  return made;
}

SiteContext make_site() {
  SiteContext made;
  made.name = "site";
  made.title = "The Site";
  made.language = "en";
  made.menu = {{"Home", "../.."}, {"Other", "../../../other"}};
  return made;
}

const SiteContext site = make_site();
const PagePlace place{"news", "n1", "pages/news/n1.md"};

Theme theme(const std::string& page) {
  Theme made;
  made.languages = *Languages::load({DANDELION_SOURCE_DIR "/themes/languages"});
  made.templates["page.md"] = page;
  return made;
}

std::string render_page(const Theme& theme, const SiteContext& context, const PagePlace& where,
                        const html::Article& what) {
  return SiteRenderer(theme, context).page(where, what, {}).front().content;
}

TEST(RenderPage, EscapesTitleAndAddress) {
  const std::string page =
      render_page(theme("# {{title}}\n{{{url}}}"), site, place, article("<p>x</p>"));
  EXPECT_EQ(page, "# T &lt;i>\\*x\\*&lt;/i>\nhttps://e.example/a?b=%22%3E%3Cscript%3E");
}

TEST(RenderPage, MakesLinksInertUnlessTheThemeKeepsThem) {
  Theme inert = theme("{{{body}}}");
  EXPECT_EQ(render_page(inert, site, place, article("<p><a href=x>y</a></p>")),
            "<p>\n <ok href=\"x\">\n  y\n </ok>\n</p>");
  inert.links = LinkPolicy::keep;
  EXPECT_EQ(render_page(inert, site, place, article("<p><a href=x>y</a></p>")),
            "<p>\n <a href=\"x\">\n  y\n </a>\n</p>");
}

TEST(RenderPage, TagsTheMenuWithTheId) {
  EXPECT_EQ(
      render_page(theme("{{#menu}}[{{text}}]({{{href}}}?{{id}}){{^last}} | {{/last}}{{/menu}}"),
                  site, place, article("<p>x</p>")),
      "[Home](../..?n1) | [Other](../../../other?n1)");
}

TEST(RenderPage, WritesTheCounterOnlyWhereTheSiteAsks) {
  const Theme counted = theme("{{#pixel}}<img src='{{{pixel}}}'/>{{/pixel}}.");
  EXPECT_EQ(render_page(counted, site, place, article("<p>x</p>")), ".");
  SiteContext with_pixel = site;
  with_pixel.pixel = "http://c.example/{site}/{path}?{id}&{unknown}";
  const PagePlace odd{"a b", "n'1", "pages/a b/n'1.md"};
  EXPECT_EQ(render_page(counted, with_pixel, odd, article("<p>x</p>")),
            "<img src='http://c.example/site/pages/a%20b/n%271.md?n%271&amp;%7Bunknown%7D'/>.");
  with_pixel.pixel = "https://{mirror}.example/{mirror}";
  EXPECT_EQ(render_page(counted, with_pixel, odd, article("<p>x</p>")),
            "<img src='https://dandelion-mirror-name.example/dandelion-mirror-name'/>.");
}

TEST(RelativePath, WorksFromAnyDepth) {
  EXPECT_EQ(relative_path("", "pages/a/1.md"), "pages/a/1.md");
  EXPECT_EQ(relative_path("indexes/a.md", "pages/a/1.md"), "../pages/a/1.md");
  EXPECT_EQ(relative_path("indexes/a.md", "indexes/a-2.md"), "a-2.md");
  EXPECT_EQ(relative_path("pages/a/1.md", "README.md"), "../../README.md");
}

TEST(RenderIndex, LinksWorkFromWhereItStands) {
  Theme made = theme("");
  made.templates["index.md"] =
      "{{#entries}}{{date}} "
      "[{{title}}]({{{path}}})\n{{/entries}}{{#newer}}<{{{newer}}}{{/"
      "newer}}{{#older}}>{{{older}}}{{/older}}";
  const std::vector<IndexEntry> entries = {
      {"One [x", "pages/news/n (1).md", "news", Timestamp(std::chrono::days(1)), {}, {}}};
  const auto files =
      SiteRenderer(made, site).index({"news", "indexes/news.md", entries, "", "indexes/news-2.md"});
  EXPECT_EQ(files.front().content,
            "1970-01-02 [One \\[x](../pages/news/n%20%281%29.md)\n>news-2.md");
}

TEST(CheckTemplate, NamesTheLineAndTheNearestValue) {
  const auto wrong = check_template("a\n{{#menu}}{{txt}}{{/menu}}", TemplateKind::page, "page.md");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "page.md:2: unknown value 'txt' (did you mean 'text'?)");
  EXPECT_FALSE(check_template("{{#menu}}", TemplateKind::page, "page.md"));
  EXPECT_FALSE(check_template("{{=<% %>=}}", TemplateKind::page, "page.md"));
  EXPECT_TRUE(check_template("{{! a comment }}{{{body}}}", TemplateKind::page, "page.md"));
}

TEST(RenderPage, SpeaksTheSitesLanguageThenTheArticles) {
  Theme spoken = theme("{{{word_hello}}}");
  spoken.words = {
      {"zh", {{"hello", "你好"}}}, {"ar", {{"hello", "مرحبا"}}}, {"zh-Hant", {{"hello", "您好"}}}};
  SiteContext silent = site;
  silent.language.clear();
  html::Article made = article("<p>x</p>");
  EXPECT_EQ(render_page(spoken, silent, place, made), "你好");
  made.language = "ar-EG";
  EXPECT_EQ(render_page(spoken, silent, place, made), "مرحبا");
  silent.language = "zh-hant-TW";
  EXPECT_EQ(render_page(spoken, silent, place, made), "您好");
  silent.language = "zh-Hans";
  EXPECT_EQ(render_page(spoken, silent, place, made), "你好");
}

// In the look that comes with the program.
std::string lone_page(const html::Article& what, PageFormat format) {
  static const Theme reader = *load_theme("reader", DANDELION_SOURCE_DIR);
  SiteContext nowhere;
  nowhere.pictures = PictureMode::mirror;
  nowhere.links = LinkPolicy::keep;
  PageFacts facts;
  facts.fetched = Timestamp(std::chrono::seconds(1'795'000'000));
  const std::string address = format == PageFormat::html ? "data:image/png,x" : "pictures/p.png";
  facts.local_picture = [address](const std::string& url) {
    return url.ends_with("gone.png") ? std::nullopt : std::optional(MirroredPicture{address, 3, 2});
  };
  return SiteRenderer(reader, nowhere).lone_page(what, facts, format);
}

TEST(LonePage, LeadsToNothingThatAMirrorHas) {
  const html::Article made = article(
      "<div><p><a href='https://o.example/'>out</a></p><img src='https://e.example/p.png' alt=A>"
      "<img src='https://e.example/gone.png' alt=B></div>");
  const std::string html = lone_page(made, PageFormat::html);
  std::vector<std::string> links;
  for (auto at = html.find("href=\""); at != std::string::npos; at = html.find("href=\"", at + 6))
    links.push_back(html.substr(at + 6, html.find('"', at + 6) - at - 6));
  EXPECT_EQ(links, (std::vector<std::string>{"https://o.example/",
                                             "https://e.example/a?b=%22%3E%3Cscript%3E"}));
  EXPECT_NE(html.find("<img src=\"data:image/png,x\" alt=\"A\" width=\"3\" height=\"2\">"),
            std::string::npos)
      << html;
  EXPECT_NE(html.find("<em>[B]</em>"), std::string::npos) << html;
  EXPECT_NE(html.find("content=\"default-src 'none'; img-src data:;"), std::string::npos) << html;
  EXPECT_NE(html.find("<title>T &lt;i&gt;*x*&lt;/i&gt;</title>"), std::string::npos) << html;
  EXPECT_NE(html.find("18 November 2026 (<bdi>11:06:40 UTC</bdi>)"), std::string::npos) << html;
  for (const char* gone : {"<footer", "<nav", "<header class=\"top\"", "<svg"})
    EXPECT_EQ(html.find(gone), std::string::npos) << gone;

  const std::string markdown = lone_page(made, PageFormat::markdown);
  EXPECT_NE(markdown.find("\n\ne.example\n"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("[out](https://o.example/)\n\n![A](pictures/p.png)"), std::string::npos)
      << markdown;
  EXPECT_EQ(markdown.find("indexes/"), std::string::npos) << markdown;
}

// Of the reader's two files, Markdown first.
std::vector<std::string> reader_pages(const html::Article& what, SiteContext context) {
  static const Theme reader = *load_theme("reader", DANDELION_SOURCE_DIR);
  std::vector<std::string> pages;
  for (const RenderedFile& file : SiteRenderer(reader, std::move(context)).page(place, what, {}))
    pages.push_back(file.content);
  return pages;
}

constexpr std::string_view with_note =
    "<p>a<sup id=r1><a href='#n1'>[1]</a></sup></p><ol><li id=n1 class=z>x <a "
    "href='#r1'>^</a></ol>";

TEST(RenderPage, LinksFootnotesBothWays) {
  const auto pages =
      reader_pages(article("<div id=fn-1>" + std::string(with_note) + "</div>"), site);
  ASSERT_EQ(pages.size(), 2U);
  EXPECT_NE(pages[0].find("a[^1]\n\n[^1]: x\n"), std::string::npos) << pages[0];
  EXPECT_NE(pages[1].find("<p>a<sup><a href=\"#fn-1\" role=\"doc-noteref\" id=\"fnref-1\">1</a>"
                          "</sup></p>\n<section role=\"doc-endnotes\">\n<ol>\n<li id=\"fn-1\">x "
                          "<a href=\"#fnref-1\" role=\"doc-backlink\">↩\uFE0E</a></li>\n</ol>\n"
                          "</section>"),
            std::string::npos)
      << pages[1];
}

TEST(RenderPage, LinksNoFootnotesFromOneFileToAnother) {
  const auto pages =
      reader_pages(article("<div><p>" + std::string(500'000, 'x') + "</p>" +
                           std::string(with_note.substr(0, with_note.find("<ol>"))) + "<p>" +
                           std::string(500'000, 'y') + "</p>" +
                           std::string(with_note.substr(with_note.find("<ol>"))) + "</div>"),
                   site);
  EXPECT_GT(pages.size(), 2U);
  for (const std::string& page : pages) {
    EXPECT_EQ(page.find("[^1]"), std::string::npos);
    EXPECT_EQ(page.find("href=\"#n1\""), std::string::npos);
    EXPECT_EQ(page.find("#fn-1"), std::string::npos);
  }
}

TEST(RenderPage, KeepsFootnotesFromSitesThatWantNoLinks) {
  SiteContext inert = site;
  inert.links = LinkPolicy::inert;
  const auto pages = reader_pages(article("<div>" + std::string(with_note) + "</div>"), inert);
  EXPECT_NE(pages[0].find("a<sup>\\[1\\]</sup>\n\n1.  x ^\n"), std::string::npos) << pages[0];
  EXPECT_EQ(pages[1].find("fn-1"), std::string::npos) << pages[1];
}

TEST(LonePage, IsNeverSplit) {
  const html::Article long_one = article("<div><p>" + std::string(300'000, 'x') + "<p>" +
                                         std::string(300'000, 'y') + "<p>the end</div>");
  for (const PageFormat format : {PageFormat::html, PageFormat::markdown}) {
    const std::string page = lone_page(long_one, format);
    EXPECT_NE(page.find("the end"), std::string::npos);
    EXPECT_EQ(page.find("Part"), std::string::npos);
  }
}

TEST(LoadTheme, SaysWhereItLooked) {
  const auto missing = load_theme("nonesuch", "/tmp/nowhere");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_NE(missing.error().message.find("/tmp/nowhere/themes"), std::string::npos);
  EXPECT_EQ(load_theme("../etc", "/tmp").error().kind, ErrorKind::bad_input);
}

TEST(LoadTheme, ReadsTheClassicOne) {
  const auto classic = load_theme("classic", DANDELION_SOURCE_DIR);
  ASSERT_TRUE(classic) << classic.error().message;
  EXPECT_EQ(classic->body, Theme::BodyFormat::pretty_html);
  EXPECT_FALSE(classic->templates.at("page.md").ends_with('\n'));
}

}  // namespace
}  // namespace dandelion
