// SPDX-License-Identifier: MIT
#include "discover/feed.hpp"

#include <gtest/gtest.h>

#include "discover/xml_mender.hpp"

namespace dandelion {
namespace {

// One line an entry: address, title, published, changed.
std::string entries(std::string_view feed, std::string_view type = "") {
  std::string lines;
  const auto time = [](const std::optional<Timestamp>& at) {
    return at ? format_rfc3339(*at) : std::string("-");
  };
  auto read = read_feed(feed, type, "https://e.example/feed/", [&](const FoundAddress& found) {
    lines += fmt::format("{} '{}' {} {}\n", found.url, found.title, time(found.published),
                         time(found.changed));
    return Result<void>();
  });
  return read ? lines : "error: " + read.error().message;
}

TEST(ReadFeed, ReadsRss2) {
  EXPECT_EQ(
      entries(
          "<?xml version='1.0'?>\n<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom' "
          "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><link>https://e.example/</link>"
          "<atom:link rel='self' href='https://e.example/feed'/><title>News</title>"
          "<item><title><![CDATA[A & B]]></title><link> https://e.example/n1#top </link>"
          "<pubDate>Tue, 24 Nov 2026 22:00:43 +0800</pubDate></item>"
          "<item><guid>https://e.example/n2</guid><dc:date>2026-11-24T01:02:03Z</dc:date></item>"
          "<item><guid isPermaLink='false'>https://e.example/n3</guid></item>"
          "<item><guid>tag:e.example,2026:4</guid></item>"
          "<item><link>n5</link><media:content xmlns:media='http://search.yahoo.com/mrss/'>"
          "<media:title>not this</media:title></media:content><title>Five</title></item>"
          "</channel></rss>"),
      "https://e.example/n1 'A & B' 2026-11-24T14:00:43Z -\n"
      "https://e.example/n2 '' 2026-11-24T01:02:03Z -\n"
      "https://e.example/feed/n5 'Five' - -\n");
}

TEST(ReadFeed, ReadsRss1) {
  EXPECT_EQ(
      entries("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
              "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
              "<channel rdf:about='https://e.example/'><items><rdf:Seq><rdf:li "
              "resource='https://e.example/n1'/></rdf:Seq></items></channel>"
              "<item rdf:about='https://e.example/n1'><title>One</title><link>https://e.example/n1"
              "</link><dc:date>2026-01-02T03:04:05+01:00</dc:date></item></rdf:RDF>"),
      "https://e.example/n1 'One' 2026-01-02T02:04:05Z -\n");
}

TEST(ReadFeed, ReadsAtom) {
  EXPECT_EQ(
      entries(
          "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://e.example/'>"
          "<link href='/'/><updated>2026-01-01T00:00:00Z</updated><entry><title>One</title>"
          "<link rel='enclosure' href='a.mp3'/><link href='n1'/><link rel='alternate' "
          "href='n1-en'/><published>2026-01-02T00:00:00Z</published>"
          "<updated>2026-01-03T00:00:00Z</updated><content type='xhtml'><div "
          "xmlns='http://www.w3.org/1999/xhtml'><title>no</title></div></content></entry></feed>"),
      "https://e.example/n1 'One' 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z\n");
}

TEST(ReadFeed, ReadsJsonFeed) {
  EXPECT_EQ(entries(R"({"version":"https://jsonfeed.org/version/1.1","items":[
              {"id":"1","url":"/n1","title":"One","date_published":"2026-01-02T00:00:00Z",
               "date_modified":"2026-01-03T00:00:00Z"},
              {"id":"2","external_url":"https://o.example/2"},{"id":"3"},7]})",
                    "application/feed+json"),
            "https://e.example/n1 'One' 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z\n"
            "https://o.example/2 '' - -\n");
  EXPECT_TRUE(entries("{\"a\":[").starts_with("error: this is JSON, but no JSON Feed"));
}

TEST(ReadFeed, ReadsOnPastWhatIsBroken) {
  EXPECT_EQ(entries("\n\n<?xml version='1.0'?><rss><channel>"
                    "<item><link>https://e.example/?a=1&b=2&amp;c=3</link><title>A & B&nbsp;&copy C"
                    "</title></item>"
                    "<item><title>x\x01y <br> z</title><link>https://e.example/n2</link></item>"
                    "<item><title>a &lt; b < c &amp; <b>d</title><media src=x y "
                    "z='1 < 2'>]]></media></i><link>https://e.example/n3</link></item>"
                    "<item><guid>https://e.example/n4</guid><title>from <x@e.example>"
                    "</title></item><item><link>https://e.example/n5</li"),
            "https://e.example/?a=1&b=2&c=3 'A & B &copy C' - -\n"
            "https://e.example/n2 'xy z' - -\n"
            "https://e.example/n3 'a < b < c & d' - -\n"
            "https://e.example/n4 'from <x@e.example>' - -\n");
}

TEST(ReadFeed, PassesOverWhatAScriptSaidInFrontOfIt) {
  EXPECT_EQ(entries("<br />\n<b>Warning</b>: no such file<br><rss><channel><item>"
                    "<link>https://e.example/n1</link></item></channel></rss><p>x"),
            "https://e.example/n1 '' - -\n");
}

TEST(XmlMender, MendsTheSameWayInPiecesOfAnySize) {
  const std::string text =
      "\xEF\xBB\xBF \n<?xml version='1.0'?><!DOCTYPE rss [ <!ENTITY a \"]>\"> ]><!-- <x> -- "
      "--><rss>"
      "<a b='&amp;&#x41;&nbsp;' c=\"'\">&eacute;<![CDATA[a ]] <b> & ]]></a >a]]></rss>";
  XmlMender whole;
  const std::string expected = whole.feed(text) + whole.finish();
  EXPECT_EQ(
      expected,
      "<rss><a b=\"&#38;&#65;&#160;\" c=\"'\">&#233;a ]] &#60;b&#62; &#38; </a>a]]&#62;</rss>");
  XmlMender pieces;
  std::string found;
  for (const char c : text)
    found += pieces.feed({&c, 1});
  EXPECT_EQ(found + pieces.finish(), expected);
}

TEST(ReadFeed, KnowsOtherEncodings) {
  EXPECT_EQ(
      entries(
          "<?xml version=\"1.0\" encoding=\"gb2312\"?><rss><channel><item><title>\xD6\xD0\x81\x40"
          "</title><link>https://e.example/n1</link></item></channel></rss>"),
      "https://e.example/n1 '中丂' - -\n");
  EXPECT_EQ(
      entries("<rss><channel><item><title>\xCF</title><link>/n1</link></item></channel></rss>",
              "text/xml; charset=koi8-r"),
      "https://e.example/n1 'о' - -\n");
}

TEST(ReadFeed, ExpandsNoEntityOfTheDocumentsOwn) {
  std::string laughs = "<!DOCTYPE rss [<!ENTITY a 'ha'>";
  for (char c = 'b'; c < 'k'; ++c) {
    laughs += fmt::format("<!ENTITY {} '", c);
    for (int i = 0; i < 10; ++i)
      laughs += fmt::format("&{};", static_cast<char>(c - 1));
    laughs += "'>";
  }
  laughs +=
      "<!ENTITY f SYSTEM 'file:///etc/passwd'>]><rss><channel><item><title>&j;&f;</title>"
      "<link>https://e.example/n1</link></item></channel></rss>";
  EXPECT_EQ(entries(laughs), "https://e.example/n1 '' - -\n");
}

TEST(ReadFeed, TellsAFeedWithoutNewsFromWhatIsNoFeed) {
  EXPECT_EQ(entries("<rss><channel/></rss>"), "");
  for (const char* text : {"", "<html><body>404", "404 not found", "<?xml version='1.0'?>"})
    EXPECT_TRUE(entries(text).starts_with("error: this is no feed")) << text;
}

TEST(ReadFeed, EndsWithTheErrorOfWhoTakesTheEntries) {
  int given = 0;
  const auto read = read_feed(
      "<rss><channel><item><link>/1</link></item><item><link>/2</link></item></channel></rss>", "",
      "https://e.example/", [&](const FoundAddress&) -> Result<void> {
        ++given;
        return fail(ErrorKind::storage, "disk full");
      });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "disk full");
  EXPECT_EQ(given, 1);
}

}  // namespace
}  // namespace dandelion
