// SPDX-License-Identifier: MIT
// The pages of the themes that come with the program, as they were looked at and found good:
// tests/render/golden/<theme>-page.md and -page.html. Where a change is meant, run this test with
// DANDELION_WRITE_GOLDEN=1 and review what git shows.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "core/files.hpp"
#include "html/parse.hpp"
#include "render/page.hpp"

namespace dandelion {
namespace {

html::Article article() {
  html::Article made;
  made.url = "https://news.example/2026/seeds.html";
  made.title = "Seeds & <wind>";
  made.byline = "Ada Quill";
  made.language = "en";
  made.excerpt = "What the wind does not have to know.";
  made.published = Timestamp(std::chrono::hours(24 * 20625));
  made.document = std::make_shared<html::Document>(html::parse_fragment(
      "<div id=hero><img src='https://news.example/p.png' alt='A dandelion'></div>"
      "<div id=caption>Midsummer.</div>"
      "<div id=body><p>First, with <a href='https://other.example/x?a=1'>a link</a> and "
      "<a href='https://news.example/2026/other.html'>a mirrored one</a>.</p><h2>Heading</h2>"
      "<ul><li>one</li><li>two</li></ul><blockquote><p>Quoted.</p></blockquote>"
      "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
      "<figure><img src='https://news.example/q.png' alt='A bridge'><figcaption>Old.</figcaption>"
      "</figure></div>"));
  html::Node* hero = made.document->root().first_child;
  made.hero_image = hero->first_child;
  made.hero_caption = hero->next;
  made.body = hero->next->next;
  return made;
}

PageFacts facts() {
  PageFacts made;
  made.previous = IndexEntry{"Older", "pages/news/older.md", "news", std::nullopt, {}, {}};
  made.fetched = Timestamp(std::chrono::hours(24 * 20626));
  made.local_page = [](const std::string& url) {
    return url.ends_with("other.html") ? std::optional<std::string>("pages/news/other.md")
                                       : std::nullopt;
  };
  made.local_picture = [](const std::string& url) {
    return url.ends_with("p.png") ? std::optional(MirroredPicture{"assets/ab/abcd.webp", 1200, 675})
                                  : std::nullopt;
  };
  return made;
}

class Golden : public testing::TestWithParam<const char*> {};

TEST_P(Golden, PageIsAsItWasReviewed) {
  const auto theme = load_theme(GetParam(), DANDELION_SOURCE_DIR);
  ASSERT_TRUE(theme) << theme.error().message;
  SiteContext site;
  site.name = "ledger";
  site.title = "The Ledger";
  site.menu = {{"All stories", "../../indexes/news.md"}};
  site.pictures = PictureMode::mirror;
  site.pixel = "https://counter.example/{site}/{path}";
  site.mirrors = {{"one", "https://one.example/", "https://one.example/", PageFormat::html}};
  const auto files =
      SiteRenderer(*theme, site).page({"news", "seeds", "pages/news/seeds.md"}, article(), facts());
  for (const RenderedFile& file : files) {
    const std::string golden = std::string(DANDELION_SOURCE_DIR "/tests/render/golden/") +
                               GetParam() + "-page" + file.path.substr(file.path.rfind('.'));
    if (std::getenv("DANDELION_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << file.content;
    const auto reviewed = read_file(golden, 1U << 20U);
    ASSERT_TRUE(reviewed) << reviewed.error().message;
    EXPECT_EQ(file.content, *reviewed) << golden;
  }
}

INSTANTIATE_TEST_SUITE_P(Themes, Golden, testing::Values("classic", "reader", "plain"),
                         [](const auto& named) { return std::string(named.param); });

TEST(Reader, SplitsAPageThatGitHostsWouldNotShow) {
  const auto theme = load_theme("reader", DANDELION_SOURCE_DIR);
  ASSERT_TRUE(theme);
  std::string body = "<div>";
  for (int i = 0; i < 2000; ++i)
    body += "<p>" + std::string(400, 'x') + " " + std::to_string(i) + "</p>";
  html::Article large = article();
  large.document = std::make_shared<html::Document>(html::parse_fragment(body));
  large.body = large.document->root().first_child;
  large.hero_image = large.hero_caption = nullptr;
  const auto files =
      SiteRenderer(*theme, {}).page({"news", "seeds", "pages/news/seeds.md"}, large, {});
  ASSERT_EQ(files.size(), 6U);
  EXPECT_EQ(files[1].path, "pages/news/seeds.part2.md");
  EXPECT_NE(files[0].content.find("[2](seeds.part2.md)"), std::string::npos);
  std::size_t paragraphs = 0;
  for (const RenderedFile& file : files) {
    EXPECT_LT(file.content.size(), 400'000U) << file.path;
    if (!file.path.ends_with(".html")) continue;
    for (auto at = file.content.find("<p>xxx"); at != std::string::npos;
         at = file.content.find("<p>xxx", at + 1))
      ++paragraphs;
  }
  EXPECT_EQ(paragraphs, 2000U);
}

}  // namespace
}  // namespace dandelion
