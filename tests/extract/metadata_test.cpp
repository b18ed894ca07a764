// SPDX-License-Identifier: MIT
#include "extract/metadata.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion {
namespace {

PageMetadata metadata_of(const std::string& head, const std::string& language = "en") {
  const html::Document document = html::parse("<!DOCTYPE html><html lang=\"" + language +
                                              "\"><head>" + head + "</head></html>");
  return read_metadata(document.root());
}

std::string published(const std::string& head) {
  const auto time = metadata_of(head).published;
  return time ? format_rfc3339(*time) : std::string();
}

TEST(ReadMetadata, TakesMailAddressesOutOfTheByline) {
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe, ana@paper.example'>").byline,
            "Ana Roe");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe ana@paper.example, Li Wei'>").byline,
            "Ana Roe, Li Wei");
  EXPECT_EQ(metadata_of("<meta name=author content='ana@paper.example, Ana Roe'>").byline,
            "Ana Roe");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana, a@paper.example, Li'>").byline, "Ana, Li");
  EXPECT_EQ(metadata_of("<meta name=author content='Ana Roe @ana'>").byline, "Ana Roe @ana");
  EXPECT_EQ(metadata_of("<meta name=author content='ana@paper.example'>").byline, "");
}

TEST(ReadMetadata, PassesOverWhatIsNoByline) {
  EXPECT_EQ(metadata_of("<meta name=author content=104363>").byline, "");
  EXPECT_EQ(
      metadata_of("<meta name=author content=104363><meta name=dc.creator content=李明>").byline,
      "李明");
  EXPECT_EQ(metadata_of("<meta name=author content='https://paper.example/a'>"
                        "<link><a rel=author>Ana Roe</a>")
                .byline,
            "Ana Roe");
}

TEST(ReadMetadata, TakesTheFirstDateThatIsOne) {
  EXPECT_EQ(published("<meta property=article:published_time content=yesterday>"
                      "<meta name=apub:time content='2019-11-25 16:04:11'>"),
            "2019-11-25T16:04:11Z");
  EXPECT_EQ(published("<meta name=firstpublishedtime content=2019-11-25>"), "2019-11-25T00:00:00Z");
  EXPECT_EQ(published("<meta name=date content=soon>"), "");
}

TEST(ReadMetadata, ReadsTimesForMachinesThatAreWrittenForPeople) {
  EXPECT_EQ(published("<meta name=apub:time content='2019-9-7 21:30:50'>"), "2019-09-07T21:30:50Z");
  EXPECT_EQ(published("<script type=application/ld+json>{\"@type\":\"Article\","
                      "\"datePublished\":\"Sept. 7, 2019\"}</script>"),
            "2019-09-07T00:00:00Z");
  EXPECT_EQ(published("<meta itemprop=dateUpdate content='2019-10-08 12:00:57'>"),
            "2019-10-08T12:00:57Z");
}

std::string published_by(const std::string& script, const std::string& head = "") {
  return published(head + "<script>" + script + std::string(400, ' ') + "</script>");
}

TEST(ReadMetadata, TakesATimeFromScriptsWhereNothingElseShowsOne) {
  EXPECT_EQ(published_by("var ct = \"1581517074\";"), "2020-02-12T14:17:54Z");
  EXPECT_EQ(published_by("{publish_time: '2019-09-08 11:42:03', id: 1}"), "2019-09-08T11:42:03Z");
  EXPECT_EQ(published_by("x={\"pubTime\":1581517074000}"), "2020-02-12T14:17:54Z");
  EXPECT_EQ(published_by("x={\"pubtime\":\"2019-09-08\"}", "<meta name=date content=2019-01-01>"),
            "2019-01-01T00:00:00Z");
}

TEST(ReadMetadata, TakesNoTimeOfOthersFromScripts) {
  EXPECT_EQ(published_by("[{\"pubTime\":1581517074},{\"pubTime\":1581517075}]"), "");
  EXPECT_EQ(published_by("{\"pubTime\":1581517074}", "<meta property=og:type content=product>"),
            "");
  for (const char* none : {"pubTime", "pubTime=", "pubTime:\"", "pubTime:\"soon\"", "pubTime=x[1]",
                           "pubTime:99999999999999", "pubTime:12"})
    EXPECT_EQ(published_by(none), "") << none;
}

TEST(ReadMetadata, TakesTheSitesNameFromTheEndOfThePagesTitle) {
  const auto site_of = [](const std::string& title, const std::string& more = "") {
    return metadata_of("<title>" + title + "</title>" + more +
                       "</head><body><h1>A bridge falls</h1>")
        .site_name;
  };
  EXPECT_EQ(site_of("A bridge falls - World - The Paper"), "The Paper");
  EXPECT_EQ(site_of("A bridge falls_新浪新闻"), "新浪新闻");
  EXPECT_EQ(site_of("A bridge falls | The Paper", "<meta property=og:site_name content=Paper>"),
            "Paper");
  EXPECT_EQ(site_of("A bridge falls"), "");
  EXPECT_EQ(site_of("A bridge falls again"), "");
  EXPECT_EQ(site_of("A bridge falls | "), "");
}

TEST(ReadMetadata, TakesOnlyALanguageForALanguage) {
  EXPECT_EQ(metadata_of("", "zh-Hans-CN").language, "zh-Hans-CN");
  EXPECT_EQ(metadata_of("", "fa_IR").language, "fa-IR");
  for (const char* none : {"utf-8", "english", "gb2312", "<%= lang %>"})
    EXPECT_EQ(metadata_of("", none).language, "") << none;
  EXPECT_EQ(metadata_of("<meta property=og:locale content=pt_BR>", "utf-8").language, "pt-BR");
}

PageMetadata metadata_of_body(const std::string& title, const std::string& body) {
  const html::Document document =
      html::parse("<!DOCTYPE html><title>" + title + "</title><body>" + body);
  return read_metadata(document.root());
}

TEST(ReadMetadata, ReadsMicrodataOfTheArticleAlone) {
  const PageMetadata metadata = metadata_of_body(
      "T",
      "<div itemscope itemtype='https://schema.org/Comment'>"
      "<span itemprop=author>A reader</span><time itemprop=datePublished datetime=2018-01-01>"
      "</time></div><article itemscope itemtype='http://schema.org/NewsArticle'>"
      "<h2 itemprop=headline>The headline</h2><span itemprop=author itemscope "
      "itemtype='https://schema.org/Person'>by <b itemprop=name>Ana Roe</b></span>"
      "<time itemprop=datePublished datetime='2019-11-25T16:04:11Z'>then</time>"
      "<img itemprop=image src=a.jpg><meta itemprop=inLanguage content=es>");
  EXPECT_EQ(metadata.title, "The headline");
  EXPECT_EQ(metadata.byline, "Ana Roe");
  ASSERT_TRUE(metadata.published);
  EXPECT_EQ(format_date(*metadata.published), "2019-11-25");
  EXPECT_EQ(metadata.image, "a.jpg");
  EXPECT_EQ(metadata.language, "es");
}

TEST(ReadMetadata, FindsTheArticleWhereverJsonLdHasIt) {
  for (const char* script :
       {"{'@graph':[{'@graph':[{'@type':'NewsArticle','headline':'H'}]}]}",
        "{'@type':'WebPage','mainEntity':{'@type':['Thing','Report'],'headline':'H'}}",
        "[[{'@type':'https://schema.org/BackgroundNewsArticle','headline':'H'}]]",
        "{'@type':'schema:SatiricalArticle','headline':'H'}"}) {
    std::string json = script;
    std::replace(json.begin(), json.end(), '\'', '"');
    EXPECT_EQ(metadata_of("<script type='application/ld+json'>" + json + "</script>").title, "H")
        << script;
  }
}

TEST(ReadMetadata, TakesTheHeadlineAsThePageShowsIt) {
  EXPECT_EQ(
      metadata_of_body("顺德区领导到众创金融街调研_中山网", "<div>顺德区领导到众创金融街调研</div>")
          .title,
      "顺德区领导到众创金融街调研");
  // A menu's word is not most of the title.
  EXPECT_EQ(
      metadata_of_body("Breaking News - A long headline about the flood", "<a>Breaking News</a>")
          .title,
      "Breaking News - A long headline about the flood");
}

TEST(ReadMetadata, MendsAHeadlineThatAQuoteCutShort) {
  const PageMetadata metadata = metadata_of_body(
      "男孩写\"救命\"纸团_网易<meta property=og:title content=\"男孩写\"救命\"纸团\">"
      "<meta name=description content=\"男孩写\"救命\"纸团\">",
      "<h1>男孩写\"救命\"纸团</h1>");
  EXPECT_EQ(metadata.title, "男孩写\"救命\"纸团");
}

TEST(ReadMetadata, PrefersTheTimeThatIsNamedAsPublished) {
  EXPECT_EQ(published("</head><body><time datetime=2019-01-02></time>"
                      "<time pubdate datetime=2019-01-01></time>"),
            "2019-01-01T00:00:00Z");
  EXPECT_EQ(published("</head><body><aside><time datetime=2019-01-02></time></aside>"
                      "<time datetime=2019-01-01></time>"),
            "2019-01-01T00:00:00Z");
}

TEST(ReadMetadata, LeavesThePlaceholdersOfTemplatesOut) {
  EXPECT_EQ(metadata_of("<meta name=author content='name, email@gmail.com'>").byline, "");
  EXPECT_EQ(metadata_of("<meta name=author content='By Jane Roe'>").byline, "Jane Roe");
}

TEST(ReadMetadata, TakesNoCommentersNameOrTime) {
  const std::string page =
      "<body class=comments-open><h1>The bridge is open</h1><article><p>Words.</article>";
  const html::Document document =
      html::parse(page +
                  "<div class=comment><span class=author>Troll</span><a rel=author>Troll</a>"
                  "<time datetime='2001-01-01'>1 Jan 2001</time></div>");
  const PageMetadata metadata = read_metadata(document.root());
  EXPECT_EQ(metadata.byline, "");
  EXPECT_FALSE(metadata.published);
  const html::Document signed_page = html::parse(
      page + "<span class=author>Ana Roe</span><time datetime='2024-01-01'>1 Jan 2024</time>");
  EXPECT_EQ(read_metadata(signed_page.root()).byline, "Ana Roe");
  EXPECT_TRUE(read_metadata(signed_page.root()).published);
}

TEST(ReadMetadata, ReadsJsonLdThatIsNotQuiteJson) {
  const std::string object =
      R"({"@type": "NewsArticle", "headline": "Tom &amp; Jerry&#39;s bridge", "author": "Ana Roe"})";
  const std::string comma = R"({"@type": "NewsArticle", "headline": "Tom & Jerry's bridge",
      "author": ["Ana Roe",],})";
  const std::string line_break =
      "{\"@type\": \"NewsArticle\", \"headline\": \"Tom & \nJerry's bridge\","
      "\"author\": \"Ana Roe\"}";
  for (const std::string& text :
       {object, comma, line_break, "<!--\n" + object + "\n-->", "[" + comma + "]",
        "/*<![CDATA[*/" + object + "/*]]>*/", "//<![CDATA[\n" + object + "\n//]]>"}) {
    const PageMetadata metadata =
        metadata_of("<script type=application/ld+json>" + text + "</script>");
    EXPECT_EQ(metadata.title, "Tom & Jerry's bridge") << text;
    EXPECT_EQ(metadata.byline, "Ana Roe") << text;
  }
}

TEST(ReadMetadata, TakesADescriptionForNoHeadline) {
  const std::string data = R"(<script type=application/ld+json>{"@type": "Article",
      "name": "Bridge", "headline": "structure that crosses a river"}</script>)";
  EXPECT_EQ(metadata_of("<title>Bridge - Wikipedia</title>" + data + "<h1>Bridge</h1>").title,
            "Bridge");
  EXPECT_EQ(metadata_of("<title>News</title>" + data + "<h1>The mill</h1>").title,
            "structure that crosses a river");
}

TEST(ReadMetadata, ReadsTimesAsMailHasThem) {
  EXPECT_EQ(published("<meta name=date content='Tue, 05 Mar 2024 10:00:00 +0100'>"),
            "2024-03-05T09:00:00Z");
}

TEST(ReadMetadata, TakesTheWordsBeforeANameAway) {
  EXPECT_EQ(metadata_of("<meta name=author content='Von Anna Lee'>").byline, "Anna Lee");
  EXPECT_EQ(metadata_of("<meta name=author content='Von Miller'>").byline, "Von Miller");
  EXPECT_EQ(metadata_of("<meta name=author content='كتبت: سارة أحمد'>").byline, "سارة أحمد");
  EXPECT_EQ(metadata_of("<meta name=author content='Written by'>").byline, "");
}

}  // namespace
}  // namespace dandelion
