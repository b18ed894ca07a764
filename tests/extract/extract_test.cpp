// SPDX-License-Identifier: MIT
#include "extract/extract.hpp"

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

constexpr const char* page =
    R"page(<!DOCTYPE html><html lang="en"><head><title>A bridge | The Paper</title>
<link rel=canonical href="https://paper.example/2026/bridge.html"><meta property="og:site_name" content="The Paper">
<meta property="article:published_time" content="2026-03-01T08:00:00+02:00">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"A bridge","author":[{"name":"A. Writer"},{"name":"B. Writer"}]}]}</script>
</head><body><nav><a href="/">Home</a></nav><h1 class="headline">A  bridge</h1>
<div class="lead"><noscript><img src="/img/bridge.png" alt="Bridge"></noscript><p class="cap">The bridge</p></div>
<div id="story"><p>It <a href="../more.html" onclick="x()">stands</a>.</p><script>x()</script><aside>Related</aside>
<figure><img src="i.png" alt="I"><figcaption>An <b>arch</b></figcaption></figure></div></body></html>)page";

constexpr const char* url = "https://paper.example/2026/bridge.html";

ArticleRules rules() {
  ArticleRules made;
  made.title = "h1.headline";
  made.body = "#story";
  made.hero = ArticleRules::Hero{".lead img", ".lead .cap"};
  made.remove = {"aside"};
  made.rename = {{"a", "ok"}};
  return made;
}

TEST(ExtractArticle, FollowsTheSitesRules) {
  const auto article = extract_article(page, url, rules());
  ASSERT_TRUE(article) << article.error().message;
  EXPECT_EQ(article->title, "A bridge");
  EXPECT_EQ(html::to_html(*article->body),
            "<div id=\"story\"><p>It <a "
            "href=\"https://paper.example/more.html\">stands</a>.</p>\n<figure><img "
            "src=\"https://paper.example/2026/i.png\" alt=\"I\"><figcaption>An "
            "<b>arch</b></figcaption></figure></div>");
  ASSERT_NE(article->hero_image, nullptr);
  EXPECT_EQ(article->hero_image->attribute("src"), "https://paper.example/img/bridge.png");
  ASSERT_NE(article->hero_caption, nullptr);
  EXPECT_EQ(article->rename.at("a"), "ok");
}

TEST(ExtractArticle, LeavesANamedBodyAsItIsForAThemeThatKeepsMarkup) {
  const std::string film = R"(<div id="story"><video src="https://v.example/v.mp4"></video></div>)";
  ArticleRules named;
  named.body = "#story";
  const auto settled = extract_article(film, url, named);
  ASSERT_TRUE(settled);
  EXPECT_EQ(html::to_html(*settled->body).find("<video"), std::string::npos);
  named.keeps_markup = true;
  const auto kept = extract_article(film, url, named);
  ASSERT_TRUE(kept);
  EXPECT_NE(html::to_html(*kept->body).find("<video"), std::string::npos);
}

TEST(ExtractArticle, ReadsWhatThePageSaysOfItself) {
  const auto article = extract_article(page, url, rules());
  ASSERT_TRUE(article);
  EXPECT_EQ(article->byline, "A. Writer, B. Writer");
  EXPECT_EQ(format_rfc3339(*article->published), "2026-03-01T06:00:00Z");
  EXPECT_EQ(article->language, "en");
  EXPECT_EQ(article->site_name, "The Paper");
  EXPECT_EQ(article->canonical, url);
}

TEST(ExtractArticle, ListsLinksAndPictures) {
  const auto article = extract_article(page, url, rules());
  ASSERT_TRUE(article);
  ASSERT_EQ(article->links.size(), 1U);
  EXPECT_EQ(article->links[0].href, "https://paper.example/more.html");
  EXPECT_EQ(article->links[0].text, "stands");
  ASSERT_EQ(article->images.size(), 2U);
  EXPECT_EQ(article->images[0].caption, "The bridge");
  EXPECT_EQ(article->images[1].caption, "An arch");
}

TEST(ExtractArticle, TakesTheCanonicalAddressWhereNoneIsGiven) {
  const auto article = extract_article(page, "", rules());
  ASSERT_TRUE(article);
  EXPECT_EQ(article->url, url);
  EXPECT_EQ(article->links[0].href, "https://paper.example/more.html");
}

TEST(ExtractArticle, FindsWhatTheRulesDoNotName) {
  const std::string text(400, 'x');
  const auto article = extract_article(
      "<html><head><title>T - S</title><meta property=og:site_name content=S></head><body>"
      "<div class=menu><a href=/a>a</a><a href=/b>b</a></div><div class=content><p>" +
          text + "</p><p>" + text + "</p><div class=share>Share</div></div></body>",
      "https://e.example/", {});
  ASSERT_TRUE(article) << article.error().message;
  EXPECT_EQ(article->title, "T");
  EXPECT_EQ(html::inner_html(*article->body), "<p>" + text + "</p><p>" + text + "</p>");
}

TEST(ExtractArticle, FindsChineseTextWithoutSpaces) {
  std::string text;
  for (int i = 0; i < 60; ++i)
    text += "这是一篇没有空格的文章。";
  const auto article =
      extract_article("<body><ul><li><a href=/1>" + text.substr(0, 90) + "</a></ul><div><p>" +
                          text + "</p><p>" + text + "</p></div></body>",
                      "", {});
  ASSERT_TRUE(article);
  EXPECT_EQ(html::inner_html(*article->body), "<p>" + text + "</p><p>" + text + "</p>");
}

TEST(ExtractArticle, ShowsMediaOfABodyThatTheRulesName) {
  ArticleRules made;
  made.body = "#b";
  made.hero = ArticleRules::Hero{"#h img", ""};
  made.remove = {".ad"};
  const auto article = extract_article(
      "<title>T</title><div id=h><img src=\"data:image/gif;base64,x\" data-src=/h.jpg></div>"
      "<div id=b><p>a</p><img data-src=/i.jpg><iframe src=\"https://www.youtube.com/embed/v1\">"
      "</iframe><video class=ad src=/ad.mp4></video><video src=/v.mp4></video></div>",
      "https://e.example/", made);
  ASSERT_TRUE(article) << article.error().message;
  ASSERT_EQ(article->images.size(), 2U);
  EXPECT_EQ(article->images[0].src, "https://e.example/h.jpg");
  EXPECT_EQ(article->images[1].src, "https://e.example/i.jpg");
  ASSERT_EQ(article->links.size(), 2U);
  EXPECT_EQ(article->links[0].href, "https://www.youtube.com/watch?v=v1");
  EXPECT_EQ(article->links[1].href, "https://e.example/v.mp4");
}

TEST(ExtractArticle, LeavesOutTheHeadingThatIsTheRulesTitle) {
  ArticleRules made;
  made.title = "h1";
  const std::string text = "<p>" + std::string(400, 'x') + ".</p>";
  const auto article = extract_article(
      "<title>The Paper, Thursday</title><div><h1>A bridge</h1>" + text + text + "</div>",
      "https://e.example/", made);
  ASSERT_TRUE(article) << article.error().message;
  EXPECT_EQ(html::to_html(*article->body).find("A bridge"), std::string::npos);
}

TEST(ExtractArticle, NamesOnlyAddressesOfTheWeb) {
  const std::string text = "<p>" + std::string(400, 'x') + ".</p>";
  const std::string pictures =
      "<img src=/icon.png width=16><img src=\"data:image/gif;base64,x\"><img src=/a.jpg>";
  for (const std::string_view image : {"javascript:alert(1)", "data:image/gif;base64,x",
                                       "https://e.example/img/placeholder.png"}) {
    const auto article =
        extract_article("<title>T</title><meta property=og:image content=\"" + std::string(image) +
                            "\"><link rel=canonical href=\"javascript:alert(1)\">"
                            "<div>" +
                            text + pictures + text + "</div>",
                        "https://e.example/p", {});
    ASSERT_TRUE(article) << article.error().message;
    EXPECT_EQ(article->image, "https://e.example/a.jpg") << image;
    EXPECT_EQ(article->canonical, "");
  }
}

TEST(ExtractArticle, GivesNoPageWhereTheRulesFindNothing) {
  ArticleRules wrong = rules();
  wrong.body = "#gone";
  const auto no_body = extract_article(page, url, wrong);
  ASSERT_FALSE(no_body);
  EXPECT_EQ(no_body.error().kind, ErrorKind::malformed);
  EXPECT_EQ(no_body.error().message, "no article body: nothing on the page matches '#gone'");

  wrong = rules();
  wrong.title = "h1.other";
  EXPECT_EQ(extract_article(page, url, wrong).error().kind, ErrorKind::malformed);

  wrong = rules();
  wrong.remove = {"#story > *"};
  EXPECT_EQ(extract_article(page, url, wrong).error().message, "the article's body is empty");
  EXPECT_FALSE(extract_article("", url, {}));
}

TEST(ExtractArticle, GoesOnWithoutAHero) {
  ArticleRules without = rules();
  without.hero = ArticleRules::Hero{".nothing img", ".lead .cap"};
  const auto article = extract_article(page, url, without);
  ASSERT_TRUE(article);
  EXPECT_EQ(article->hero_image, nullptr);
  EXPECT_EQ(article->hero_caption, nullptr);
}

TEST(ExtractArticle, PutsTheLinkToAFilmBehindALinkThatHeldIt) {
  std::string text;
  for (int i = 0; i < 20; ++i)
    text += "<p>The bridge was opened in spring, and many came to see it, as the paper said.</p>";
  const auto article = extract_article(
      "<article>" + text + "<p><a href='/tour'>A tour <video src='/v/tour.mp4'></video></a></p>" +
          text + "</article>",
      url, {});
  ASSERT_TRUE(article) << article.error().message;
  const std::string body = html::to_html(*article->body);
  EXPECT_NE(
      body.find("A tour </a><p><a href=\"https://paper.example/v/tour.mp4\">tour.mp4</a></p>"),
      std::string::npos)
      << body;
}

TEST(ExtractArticle, KeepsACaptionOfWhichAPartWasTaken) {
  const std::string text(200, 'w');
  std::string body;
  for (int i = 0; i < 6; ++i)
    body += "<p>A sentence of the article, which is long enough, and then, " + text + ".</p>";
  const auto article =
      extract_article("<!DOCTYPE html><title>T</title><article>" + body +
                          "<div><figure><div><span>Image</span><img "
                          "src=i.png></div><figcaption><span>What the picture "
                          "shows.</span><span>Credit Somebody</span></figcaption></figure></div>" +
                          body + "</article>",
                      "https://news.example/a.html", {});
  ASSERT_TRUE(article) << article.error().message;
  EXPECT_NE(html::text_content(*article->body).find("What the picture shows."), std::string::npos);
}

TEST(ExtractArticle, LeavesOutPicturesThatLeadElsewhere) {
  std::string body;
  for (int i = 0; i < 6; ++i)
    body +=
        "<p>A sentence of the article, which is long enough to be read, and then another one.</p>";
  const auto article = extract_article("<!DOCTYPE html><title>T</title><article>" + body +
                                           "<div class=related-promo><figure><a href=b.html><img "
                                           "src=i.png></a><figcaption><a href=b.html>Read also: "
                                           "Library saved</a></figcaption></figure></div>" +
                                           body + "</article>",
                                       "https://news.example/a.html", {});
  ASSERT_TRUE(article) << article.error().message;
  EXPECT_EQ(html::text_content(*article->body).find("Library saved"), std::string::npos);
}

// As Chinese portals have it: a short text, and around it share bars, comments and other headlines.
TEST(ExtractArticle, TakesAShortTextFromAmongManyHeadlines) {
  std::string list;
  for (int i = 0; i < 40; ++i) {
    list += "<li><h3><a href=/" + std::to_string(i) +
            ".html>另一条新闻的标题说了很多别的事情</a></h3><div>新华社</div><div>" +
            std::to_string(i) + "小时前</div></li>";
  }
  const auto article = extract_article(
      "<!DOCTYPE html><html><head><title>小城举办灯会_某某新闻</title></head><body><ul><li><a "
      "href=/>首页</a>"
      "</li><li><a href=/n>新闻</a></li></ul><div class=wrap><div "
      "class=left><h1>小城举办灯会</h1><div>2026-03-01 "
      "08:00:00 "
      "来源：某某日报</div><div><p>三月一日晚，小城在河边举办了灯会，数千名居民冒着小雨前来观看。</"
      "p><p>"
      "据主办方介绍，今年的灯会将持续十天，所有花灯都由当地的手艺人亲手制作，门票全部免费。</p></"
      "div><div>分享到："
      "<a href=#>微信</a><a href=#>微博</a></div><div>热门推荐</div><ul>" +
          list + "</ul></div></div></body></html>",
      "https://news.example/a.html", {});
  ASSERT_TRUE(article) << article.error().message;
  const std::string text = html::text_content(*article->body);
  EXPECT_NE(text.find("举办了灯会"), std::string::npos);
  EXPECT_NE(text.find("门票全部免费"), std::string::npos);
  EXPECT_EQ(text.find("另一条新闻"), std::string::npos) << text;
  EXPECT_EQ(text.find("微博"), std::string::npos) << text;
}

TEST(ExtractArticle, RefusesWhatIsNoText) {
  std::string noise = "<p>";
  for (unsigned i = 0, state = 1; i < 20'000; ++i, state = state * 1'664'525U + 1'013'904'223U)
    append_utf8(noise, (state >> 24U) == '<' ? U'x' : static_cast<char32_t>(state >> 24U));
  const auto refused = extract_article(noise, "https://e.example/a", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no article"), std::string::npos);
  ArticleRules rules;
  rules.body = "p";
  ASSERT_FALSE(extract_article(noise, "https://e.example/a", rules));
  EXPECT_TRUE(extract_article("<p>Some words with one \ufffd in them, and no more.",
                              "https://e.example/a", rules));
}

}  // namespace
}  // namespace dandelion
