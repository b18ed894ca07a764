// SPDX-License-Identifier: MIT
#include "pipeline/stored_article.hpp"

#include <gtest/gtest.h>

#include "core/compression.hpp"
#include "extract/extract.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

html::Article article(std::string_view body, std::string_view title = "T") {
  ArticleRules rules;
  rules.title = "h1";
  rules.body = "#b";
  rules.hero = ArticleRules::Hero{"#h img", "#h figcaption"};
  rules.rename = {{"a", "ok"}};
  auto made = extract_article(
      fmt::format("<html lang=de><meta property='article:published_time' content='2026-01-02'>"
                  "<meta name=author content=Me><h1>{}</h1><figure id=h><img src=/p.jpg?x=1 alt=P>"
                  "<figcaption>C <b>c</b></figcaption></figure><div id=b>{}</div>",
                  title, body),
      "https://e.example/n1", rules);
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

TEST(PackArticle, KeepsTheArticleAsItIs) {
  const html::Article before = article(
      "<p class='a b'>x <a href='/y'>y</a><br><!-- c --> z</p><table><tr><td>1<td>2</table>"
      "<pre>\n\n a</pre><p><p>");
  const auto after = unpack_article(pack_article(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(html::prettify(*after->body), html::prettify(*before.body));
  EXPECT_EQ(html::to_html(*after->hero_image), html::to_html(*before.hero_image));
  EXPECT_EQ(html::to_html(*after->hero_caption), html::to_html(*before.hero_caption));
  EXPECT_EQ(after->title + after->url + after->byline + after->language,
            before.title + before.url + before.byline + before.language);
  EXPECT_EQ(after->published, before.published);
  EXPECT_EQ(after->links.size(), before.links.size());
  EXPECT_EQ(after->images.size(), before.images.size());
  EXPECT_EQ(after->rename, before.rename);
  EXPECT_EQ(article_hash(*after), article_hash(before));
}

TEST(PackArticle, GoesAsDeepAsAPageDoes) {
  std::string deep;
  for (int i = 0; i < 400; ++i)
    deep += "<div>";
  const html::Article before = article(deep + "x");
  EXPECT_EQ(html::to_html(*unpack_article(pack_article(before))->body),
            html::to_html(*before.body));
}

TEST(UnpackArticle, RefusesWhatIsDamaged) {
  const std::string text = decompress(pack_article(article("<p>x</p>")), 1'000'000).value();
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(unpack_article(compress(text.substr(0, size)))) << size;
  EXPECT_FALSE(unpack_article("no"));
  EXPECT_FALSE(unpack_article(compress("article 2\n" + text.substr(10))));
}

TEST(ArticleHash, ChangesWithWhatAReaderNotices) {
  const std::string hash = article_hash(article("<p>Some words</p><img src=/a.jpg>"));
  for (const char* same : {"<div class=x>Some\n  words</div><img src='/a.jpg?v=2'>",
                           "<p>Some <i>words</i><!-- c --></p><img src=/a.jpg alt=x>"})
    EXPECT_EQ(article_hash(article(same)), hash) << same;
  for (const char* other : {"<p>Some word</p><img src=/a.jpg>", "<p>Some words</p>",
                            "<p>Some words</p><img src=/b.jpg>"})
    EXPECT_NE(article_hash(article(other)), hash) << other;
  EXPECT_NE(article_hash(article("<p>Some words</p><img src=/a.jpg>", "U")), hash);
}

}  // namespace
}  // namespace dandelion
