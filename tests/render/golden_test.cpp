// SPDX-License-Identifier: MIT
// The pages of the themes that come with the program, as they were looked at and found good:
// tests/render/golden/<theme>-page.md and -page.html. Where a change is meant, run this test with
// DANDELION_WRITE_GOLDEN=1 and review what git shows.
#include <cstdlib>
#include <fstream>
#include <optional>

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

SiteContext site() {
  SiteContext made;
  made.name = "ledger";
  made.title = "The Ledger";
  made.menu = {{"All stories", "../../indexes/news.md"}};
  made.pictures = PictureMode::mirror;
  made.pixel = "https://counter.example/{site}/{path}";
  made.mirrors = {{"one", "https://one.example/", "https://one.example/", PageFormat::html}};
  made.public_key = "ssh-ed25519 AAAA";
  made.key_fingerprint = "SHA256:BBBB";
  return made;
}

class Golden : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto read = load_theme(GetParam(), DANDELION_SOURCE_DIR);
    ASSERT_TRUE(read) << read.error().message;
    theme_ = std::move(*read);
    renderer_.emplace(theme_, site());
  }

  static void expect_reviewed(const std::vector<RenderedFile>& files, const std::string& kind) {
    for (const RenderedFile& file : files) {
      const std::string golden =
          fmt::format("{}/tests/render/golden/{}-{}{}", DANDELION_SOURCE_DIR, GetParam(), kind,
                      file.path.substr(file.path.rfind('.')));
      if (std::getenv("DANDELION_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << file.content;
      const auto reviewed = read_file(golden, 1U << 20U);
      ASSERT_TRUE(reviewed) << reviewed.error().message;
      EXPECT_EQ(file.content, *reviewed) << golden;
    }
  }

  Theme theme_;
  std::optional<SiteRenderer> renderer_;
};

TEST_P(Golden, PageIsAsItWasReviewed) {
  expect_reviewed(renderer_->page({"news", "seeds", "pages/news/seeds.md"}, article(), facts()),
                  "page");
}

TEST_P(Golden, ListsAreAsTheyWereReviewed) {
  const Timestamp day(std::chrono::hours(24 * 20625));
  const std::vector<IndexEntry> entries = {
      {"Seeds & <wind>", "pages/news/seeds.md", "news", day, "What the wind carries.", "en"},
      {"مطبعة", "pages/news/printer.md", "news", std::nullopt, {}, "ar"}};
  expect_reviewed(renderer_->index({"news", "indexes/news.md", entries, {}, "indexes/news/0/2.md"}),
                  "index");
  FrontPage front;
  front.newest = entries;
  front.categories = {{"news", "indexes/news.md", 2}};
  front.hot = {entries.front()};
  expect_reviewed(renderer_->front(front), "front");
  expect_reviewed(renderer_->archive({{2026, 6, "archive/2026/06.md", 2}}), "archive");
}

TEST_P(Golden, SearchPageIsAsItWasReviewed) {
  for (const RenderedFile& file : renderer_->fixed_files()) {
    if (file.path == "search.html") expect_reviewed({file}, "search");
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
