// SPDX-License-Identifier: MIT
#include "pipeline/page_build.hpp"

#include <gtest/gtest.h>

#include "pipeline/page_rendering.hpp"

namespace dandelion {
namespace {

SiteConfig site() {
  SiteConfig made;
  made.name = "s";
  made.article.title = "h1";
  made.article.body = "#b";
  return made;
}

TEST(PlacePage, NamesTheFileByTheAddress) {
  const auto place = place_page(site(), "news", "https://e.example/gb/n14082272.htm?utm=x");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->path, "pages/news/n14082272.md");
}

TEST(PlacePage, CannotBeLedOutOfTheMirror) {
  for (const char* url : {"https://e.example/..%2f..%2fetc%2fpasswd", "https://e.example/",
                          "https://e.example/.git/config", "https://e.example/a/%00.htm",
                          "https://e.example/con.htm", "https://e.example/%2e%2e/%2e%2e/x"}) {
    const auto place = place_page(site(), "../..", url);
    ASSERT_TRUE(place) << url;
    EXPECT_TRUE(place->path.starts_with("pages/_/")) << place->path;
    EXPECT_EQ(place->path.find(".."), std::string::npos) << place->path;
  }
}

TEST(PlacePage, RefusesTheMirrorsOwnFiles) {
  SiteConfig flat = site();
  flat.layout = "{id}.md";
  EXPECT_EQ(place_page(flat, "c", "https://e.example/README.html").error().kind,
            ErrorKind::refused);
  flat.layout = "indexes/{id}.md";
  EXPECT_EQ(place_page(flat, "c", "https://e.example/x.html").error().kind, ErrorKind::refused);
}

TEST(PlacePage, TakesTheWholePathWhereAsked) {
  SiteConfig deep = site();
  deep.id = "{url.path}";
  EXPECT_EQ(place_page(deep, "c", "https://e.example/a/b/c.htm")->id, "a-b-c.htm");
}

TEST(SiteContext, KnowsWhereHostsShowAFile) {
  const auto pages_at = [](const std::string& url, const std::string& folder = {}) {
    MirrorSettings mirror;
    mirror.name = "one";
    mirror.public_url = url;
    mirror.folder = folder;
    return site_context(site(), {mirror}).mirrors.at(0).pages;
  };
  EXPECT_EQ(pages_at("https://github.com/a/b"), "https://github.com/a/b/blob/main/");
  EXPECT_EQ(pages_at("https://GitHub.com/a/b.git/", "docs"),
            "https://GitHub.com/a/b/blob/main/docs/");
  EXPECT_EQ(pages_at("https://gitlab.com/a/b"), "https://gitlab.com/a/b/-/blob/main/");
  EXPECT_EQ(pages_at("https://codeberg.org/a/b"), "https://codeberg.org/a/b/src/branch/main/");
  EXPECT_EQ(pages_at("https://git.example/a/b"), "");
}

TEST(SiteContext, KnowsTheWaysOfAHostOfOnesOwnByItsLimits) {
  MirrorSettings mirror;
  mirror.url = "ssh://git@git.example:2222/a/b.git";
  mirror.limits = "forgejo";
  mirror.public_url = "https://git.example/a/b";
  EXPECT_EQ(site_context(site(), {mirror}).mirrors.at(0).pages,
            "https://git.example/a/b/src/branch/main/");
  mirror.public_url = "https://front.example/b";
  EXPECT_EQ(site_context(site(), {mirror}).mirrors.at(0).pages, "") << "another host";
  mirror.public_url = "https://gitlab.com/a/b";
  EXPECT_EQ(site_context(site(), {mirror}).mirrors.at(0).pages,
            "https://gitlab.com/a/b/-/blob/main/");
}

TEST(BuildPage, IsTheSameForTheSameInput) {
  Theme theme;
  theme.languages = *Languages::load({DANDELION_SOURCE_DIR "/themes/languages"});
  theme.templates["page.md"] = "{{title}}|{{{url}}}|{{{body}}}";
  const std::string bytes = "<meta charset=gbk><h1>\xD6\xD0</h1><p id=b>\xCE\xC4</p>";
  const SiteConfig made = site();
  const std::vector<MirrorSettings> mirrors;
  const auto article = read_article(made, "https://e.example/moved", bytes, "text/html").value();
  const auto build = [&] {
    return build_page({made, theme, mirrors}, nullptr, {}, "c", "https://e.example/1", article);
  };
  const auto first = build();
  const auto second = build();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(*first->files.at(0).content, "中|https://e.example/moved|<p id=\"b\">\n 文\n</p>");
  EXPECT_EQ(*first->files.at(0).content, *second->files.at(0).content);
  EXPECT_EQ(first->place.id, "1");
}

}  // namespace
}  // namespace dandelion
