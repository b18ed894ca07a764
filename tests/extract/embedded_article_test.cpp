// SPDX-License-Identifier: MIT
#include "extract/embedded_article.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/article_rules.hpp"
#include "core/text.hpp"
#include "extract/extract.hpp"
#include "html/dom.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

constexpr const char* title = "The bridge that never was";

std::string paragraph(std::string_view about) {
  return fmt::format(
      "{} stood for eighty years, and on Tuesday it was gone. The ministry said that it had no "
      "knowledge of it, and that maps that show it are mistaken. Neighbours were thanked.",
      about);
}

std::string three_paragraphs() {
  return fmt::format("<p>{}</p><p>{}</p><p>{}</p>", paragraph("The bridge"), paragraph("The mill"),
                     paragraph("The ferry"));
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out + "\"";
}

std::string page_with(std::string_view data, std::string_view shown = "<div id=app></div>") {
  return fmt::format("<!DOCTYPE html><title>{} | The Paper</title><body>{}{}", title, shown, data);
}

// What is extracted of the page, as HTML; the error where there is none.
std::string article_of(const std::string& page) {
  const auto article = extract_article(page, "https://paper.example/bridge", ArticleRules());
  return article ? html::to_html(*article->body) : article.error().message;
}

TEST(EmbeddedArticle, IsReadFromWhatScriptsAreHanded) {
  const std::string post = json_string(three_paragraphs());
  const std::string in_string =
      json_string(fmt::format(R"({{"title":"{}","cooked":{}}})", title, post));
  for (
      const std::string& data : {
          fmt::format(R"(<script type="application/json">{{"a":[{{"content":{}}}]}}</script>)",
                      post),
          fmt::format(
              R"(<script>window.x = 1; window.__STATE__ = {{"post":{{"body":{}}}}};</script>)",
              post),
          fmt::format(
              R"(<script type="application/ld+json">{{"@type":"Article","articleBody":{}}}</script>)",
              json_string(paragraph("The bridge") + "\n\n" + paragraph("The mill") + "\n" +
                          paragraph("The ferry"))),
          fmt::format("<div data-page='{{\"topic_1\":{}}}'></div>",
                      html::escape_attribute(in_string)),
      }) {
    const std::string got = article_of(page_with(data));
    EXPECT_NE(got.find("<p>The bridge stood"), std::string::npos) << data << "\n" << got;
    EXPECT_NE(got.find("<p>The ferry stood"), std::string::npos) << got;
  }
}

TEST(EmbeddedArticle, IsPutTogetherFromItsBlocksWithoutComments) {
  const std::string data = fmt::format(
      R"(<script type="application/json">{{"title":"{}","blocks":[{{"text":"{}"}},{{"text":"{} <i>"}}],
         "comments":[{{"text":"{}"}},{{"text":"{}"}},{{"text":"{}"}}]}}</script>)",
      title, paragraph("The bridge"), paragraph("The mill"), paragraph("A"), paragraph("B"),
      paragraph("C"));
  const std::string got = article_of(page_with(data));
  EXPECT_NE(got.find("thanked.</p>\n<p>The mill"), std::string::npos) << got;
  EXPECT_NE(got.find("&lt;i&gt;"), std::string::npos) << "a text is no HTML: " << got;
  EXPECT_EQ(got.find("<p>A stood"), std::string::npos) << got;
}

TEST(EmbeddedArticle, IsTheOneWithThePagesTitle) {
  std::string other;
  for (int i = 0; i < 20; ++i)
    other += "<p>" + paragraph("Another") + "</p>";
  const std::string data =
      fmt::format(R"(<script type="application/json">{{"list":[{{"title":"Others","content":{}}}],
        "main":{{"title":"{}","content":{}}}}}</script>)",
                  json_string(other), title, json_string(three_paragraphs()));
  const std::string got = article_of(page_with(data));
  EXPECT_NE(got.find("The mill"), std::string::npos) << got;
  EXPECT_EQ(got.find("Another"), std::string::npos) << got;
}

TEST(EmbeddedArticle, IsTheFirstOfAListOfArticles) {
  std::string articles;
  for (const char* name : {"First", "Second", "Third"}) {
    std::string text;
    for (int i = 0; i < 12; ++i)
      text += "<p>" + paragraph(name) + "</p>";
    articles += fmt::format(R"({}{{"body":{}}})", articles.empty() ? "" : ",", json_string(text));
  }
  const std::string got = article_of(
      page_with(fmt::format(R"(<script type="application/json">[{}]</script>)", articles)));
  EXPECT_NE(got.find("First"), std::string::npos) << got;
  EXPECT_EQ(got.find("Second"), std::string::npos) << got;
}

TEST(EmbeddedArticle, StaysBehindWhatThePageShows) {
  std::string shown = "<article>";
  for (int i = 0; i < 6; ++i)
    shown += "<p>" + paragraph("What is shown") + "</p>";
  std::string longer;
  for (int i = 0; i < 40; ++i)
    longer += paragraph("What is not");
  const std::string data = fmt::format(
      R"(<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{}","articleBody":"{}"}}</script>)",
      title, longer);
  const std::string got = article_of(page_with(data, shown + "</article>"));
  EXPECT_NE(got.find("What is shown"), std::string::npos) << got;
  EXPECT_EQ(got.find("What is not"), std::string::npos) << got;
}

TEST(EmbeddedArticle, GivesTheWholeWhereThePageSaysThatItShowsATeaser) {
  std::string shown = "<article>";
  for (int i = 0; i < 6; ++i)
    shown += "<p>" + paragraph("The bridge") + "</p>";
  std::string whole;
  for (int i = 0; i < 40; ++i)
    whole += paragraph("The bridge") + "\\n";
  const std::string data = fmt::format(
      R"(<script type="application/ld+json">{{"@type":"NewsArticle","isAccessibleForFree":"False","articleBody":"{} The end."}}</script>)",
      whole);
  const std::string got = article_of(page_with(data, shown + "</article>"));
  EXPECT_NE(got.find("The end."), std::string::npos) << got;
}

TEST(EmbeddedArticle, IsCleanedAsAllPagesAre) {
  const std::string text =
      three_paragraphs() +
      "<script>alert(1)</script><img src=x.png onerror=alert(1)><a href=more.html>More</a>";
  const std::string content = replace_all(json_string(text), "</script", "<\\/script");
  const std::string got = article_of(
      page_with(fmt::format(R"(<script>var page = {{"content": {}}}</script>)", content)));
  EXPECT_EQ(got.find("alert"), std::string::npos) << got;
  EXPECT_NE(got.find("https://paper.example/more.html"), std::string::npos) << got;
}

TEST(EmbeddedArticle, NeedsText) {
  for (const char* data : {
           R"(<script type="application/json">{"content":"Short."}</script>)",
           R"(<script>var a = {"content": </script>)",
           R"(<script>a = [[[[[[[[[[[[[[[[[[[[</script>)",
       })
    EXPECT_EQ(article_of(page_with(data)), "no article: nothing on the page reads like one");
}

TEST(EmbeddedArticle, TakesNoTimeOnDeepOrWideData) {
  const std::string deep =
      "{\"content\":" + std::string(1'000'000, '[') + std::string(1'000'000, ']') + "}";
  std::string wide = "{";
  for (int i = 0; i < 30'000; ++i)
    wide += fmt::format("\"{}{}\":{{\"text\":\"a\"}},", i, std::string(200, 'k'));
  wide += "\"z\":0}";
  std::string assigned;
  for (int i = 0; i < 200'000; ++i)
    assigned += "={";
  for (const std::string& data : {deep, wide, assigned})
    EXPECT_EQ(find_embedded_article({data}, title).bytes, 0U);
}

}  // namespace
}  // namespace dandelion
