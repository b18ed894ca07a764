// SPDX-License-Identifier: MIT
#include "config/told.hpp"
#include "core/text.hpp"

namespace dandelion {
namespace {

SiteConfig site_of(const std::string& text) {
  LoadedConfig loaded = load(text);
  if (!loaded.config) {
    ADD_FAILURE() << loaded.diagnostics.at(0).display();
    return {};
  }
  return loaded.config->sites.at(0);
}

std::string with_discover(std::string_view entries) {
  return std::string("version: 1\nsites:\n  - name: a\n    discover:\n")
      .append(entries)
      .append("\n");
}

TEST(Site, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_site("    every: soon"),
                   "sites.yaml:6:12: 'soon' is no duration; write one such as 500ms, 30s, 30m, 12h "
                   "or 30d"},
           Mistake{with_site("    theme: ugly"), "sites.yaml:6:12: no such theme"},
           Mistake{with_site("    theme: ''"),
                   "sites.yaml:6:12: this is empty; give a value or leave the key out"},
           Mistake{with_site("    language: Chinese (simplified)"),
                   "sites.yaml:6:15: 'Chinese (simplified)' is no language tag; write one such as "
                   "en, zh-Hans or ar"},
           Mistake{with_site("    id: \"{url.steam}\""),
                   "sites.yaml:6:9: unknown placeholder '{url.steam}' (did you mean "
                   "'{url.stem}'?); known here: url.stem, url.path"},
           Mistake{with_site("    id: {url.stem}"),
                   "sites.yaml:6:9: expected text, found a map; a text that begins with { needs "
                   "quotes"},
           Mistake{with_site("    id: page"),
                   "sites.yaml:6:9: the id needs {url.stem} or {url.path}, or all pages would "
                   "share one"},
           Mistake{with_site("    id: \"{url.stem\""),
                   "sites.yaml:6:9: a placeholder without its }; known here: url.stem, url.path"},
           Mistake{with_site("    layout: \"../{id}.md\""),
                   "sites.yaml:6:13: '../{id}.md' is no path inside a repository"},
           Mistake{with_site("    layout: \"/p/{id}.md\""),
                   "sites.yaml:6:13: '/p/{id}.md' is no path inside a repository"},
           Mistake{with_site("    layout: \".git/{id}.md\""),
                   "sites.yaml:6:13: '.git/{id}.md' is no path inside a repository"},
           Mistake{with_site("    layout: \"Indexes/{id}.md\""),
                   "sites.yaml:6:13: 'Indexes/{id}.md' is where other files of the mirror lie; use "
                   "another folder, such as pages/"},
           Mistake{with_site("    layout: pages/{category}.md"),
                   "sites.yaml:6:13: the layout needs {id}, or all pages would share a file"},
           Mistake{with_site("    layout: pages/{id}.html"),
                   "sites.yaml:6:13: the layout names Markdown files; end it with .md"},
           Mistake{with_site("    layout: pages/{}/{id}.md"),
                   "sites.yaml:6:13: unknown placeholder '{}'; known here: site, category, id"},
           Mistake{with_site("    menu: [{text: T, herf: x}, {text: T}]"),
                   "sites.yaml:6:22: unknown key 'herf' (did you mean 'href'?)\n"
                   "sites.yaml:6:32: a menu entry lacks its 'href'"},
           Mistake{with_site("    pixel: counter.example/{id}"),
                   "sites.yaml:6:12: 'counter.example/x' is not an http or https address"},
           Mistake{with_site("    pixel: https://u:hunter2@c.example/{id}"),
                   "sites.yaml:6:12: a user name or password must not stand in this address"},
           Mistake{with_site("    pixel: https://c.example/{url.stem}"),
                   "sites.yaml:6:12: unknown placeholder '{url.stem}'; known here: site, category, "
                   "id, path, hash, mirror"},
           Mistake{with_site("    mirrors: github"),
                   "sites.yaml:6:14: expected a list of names (lines that begin with `- `), found "
                   "text"},
           Mistake{with_site("    <<: {title: T}"),
                   "sites.yaml:6:5: merge keys (`<<`) are not supported; write the keys out"},
       })
    expect_told(mistake);
}

TEST(Site, HasANameThatAFolderCanHave) {
  expect_told(
      {"version: 1\nsites:\n  - name: ../x\n    discover: [{index: \"https://e.example/\"}]",
       "sites.yaml:3:11: a site's name becomes a file's name and cannot be '../x'; 'x' "
       "would do"});
  expect_told({"version: 1\nsites:\n  - name: con\n    discover: [{index: \"https://e.example/\"}]",
               "sites.yaml:3:11: a site's name becomes a file's name and cannot be 'con'; '_con' "
               "would do"});
}

TEST(Site, TakesLanguageTags) {
  for (const std::string_view tag : {"en", "zh-Hans", "ar", "sr-Latn-RS", "de-1996"})
    expect_silent(with_site(fmt::format("    language: {}", tag)));
  for (const std::string_view tag : {"e", "-en", "en-", "en--us", "12", "zh_Hans", "abcdefghi"})
    EXPECT_FALSE(load(with_site(fmt::format("    language: {}", tag))).config) << tag;
}

TEST(Site, NeverMakesAShortIntervalNone) {
  EXPECT_EQ(site_of(with_site("    every: 500ms")).every, std::chrono::seconds(1));
  EXPECT_EQ(site_of(with_site("    every: 0s")).every, std::chrono::seconds(0));
}

TEST(Site, WarnsOfACounterInClearText) {
  const std::string text = with_site("    pixel: http://c.example/{site}/{category}/{id}/{path}");
  expect_warned({text,
                 "sites.yaml:6:12: warning: a counter over http:// shows everyone between a reader "
                 "and it which page is read; use https://"});
  EXPECT_EQ(site_of(text).pixel, "http://c.example/{site}/{category}/{id}/{path}");
}

TEST(Site, NamesMirrorsInPagesWhereTheCounterAsks) {
  const std::string text = with_site("    pixel: https://c.example/{mirror}/{path}");
  expect_warned({text,
                 "sites.yaml:3:5: warning: {mirror} in pixel stands for the name of a mirror, and "
                 "the site has none"});
  const std::string mirrors =
      "\n    mirrors: [one]\nmirrors:\n  - {name: one, url: /srv/one.git}\n";
  EXPECT_TRUE(load(text + mirrors).config->find_mirror("one")->names_pages);
  EXPECT_FALSE(load(with_site("    pixel: https://c.example/{path}") + mirrors)
                   .config->find_mirror("one")
                   ->names_pages);
}

std::string with_counter(std::string_view pixel, std::string_view mirror) {
  return with_site(fmt::format(
      "    pixel: \"{}\"\n    mirrors: [{}]\nmirrors:\n  - {{name: {}, url: /srv/one.git}}\n",
      pixel, mirror, mirror));
}

TEST(Site, TakesForTheCountersHostOnlyNamesThatAHostMayHave) {
  for (const std::string_view mirror : {"one", "One-2", "a.b"})
    expect_silent(with_counter("https://x-{mirror}.c.example:8443/{path}", mirror));
  for (const std::string_view mirror : {"my_mirror", "größe", "two words", "-", "end-", "a..b"}) {
    expect_told(
        {with_counter("https://{mirror}.c.example/{mirror}/{path}", mirror),
         fmt::format(
             "sites.yaml:6:12: {{mirror}} stands in the counter's host here, and the mirror "
             "'{}' can be no part of one: that takes the letters a to z, digits and "
             "hyphens; rename it, or write {{mirror}} behind the host",
             mirror)});
    expect_silent(with_counter("https://c.example/{mirror}/{path}", mirror));
  }
  const std::string long_name(60, 'a');
  expect_silent(with_counter("https://{mirror}.c.example/", long_name));
  EXPECT_NE(told(with_counter("https://{mirror}-log.c.example/", long_name)), "");
  EXPECT_NE(told(replace_all(with_counter("https://{site}.c.example/", "one"), "- name: a\n",
                             "- name: a_b\n")),
            "");
}

TEST(SiteSection, KnowsWhetherItsThemeKeepsMarkup) {
  EXPECT_TRUE(site_of(with_site("    theme: classic")).article.keeps_markup);
  EXPECT_FALSE(site_of(with_site("    theme: plain")).article.keeps_markup);
  EXPECT_FALSE(site_of(with_site("")).article.keeps_markup);
}

TEST(Site, ReadsWhatBecomesOfPictures) {
  const SiteConfig site = site_of(with_site(
      "    images: {mode: drop, max_width: 900, max_bytes: 1MiB, quality: 60, format: jpeg}"));
  EXPECT_EQ(site.images.mode, ImageSettings::Mode::drop);
  EXPECT_EQ(site.images.max_width, 900);
  EXPECT_EQ(site.images.max_bytes, 1U << 20U);
  EXPECT_EQ(site.images.quality, 60);
  EXPECT_TRUE(site.images.jpeg);
  EXPECT_EQ(site_of(with_site("")).images.mode, ImageSettings::Mode::by_theme);
}

TEST(Discover, BoundsTheListsOfOneFolder) {
  std::string entries;
  for (int i = 1; i <= 300; ++i)
    entries += fmt::format("      - {{index: \"https://e.example/{0}/\", category: c{0}}}\n", i);
  expect_silent(with_discover(entries + "      - {index: \"https://e.example/\", category: c1}"));
  expect_told({with_discover(entries + "      - {index: \"https://e.example/\", category: more}"),
               "sites.yaml:5:7: 301 categories, and a site has at most 300: Git hosts do not list "
               "more lists in one folder; let some sources share a `category`"});
}

TEST(Site, DrawsCodesWhereAsked) {
  using ShareCode = LookSettings::ShareCode;
  EXPECT_EQ(site_of(with_site("")).look.share_code, ShareCode::none);
  EXPECT_EQ(site_of(with_site("    share_code: no")).look.share_code, ShareCode::none);
  EXPECT_EQ(site_of(with_site("    share_code: yes")).look.share_code, ShareCode::html);
  EXPECT_EQ(site_of(with_site("    share_code: png")).look.share_code, ShareCode::html_and_png);
  expect_told(
      {with_site("    share_code: svg"), "sites.yaml:6:17: 'svg' is not one of no, yes, png"});
}

TEST(Site, JudgesPicturesAndRemovedPages) {
  expect_told({with_site("    images: {mode: keep, max_width: 0, max_bytes: 2MB}\n"
                         "    removed_pages: burn"),
               "sites.yaml:6:20: 'keep' is not one of mirror, link, drop\n"
               "sites.yaml:6:37: '0' is no number from 16 to 100000\n"
               "sites.yaml:6:51: '2MB' is no size; write one such as 64KiB, 32MiB or 1GiB\n"
               "sites.yaml:7:20: 'burn' is not one of keep, drop"});
}

TEST(Discover, NamesACategoryAfterTheAddress) {
  const auto category = [](std::string_view url) {
    return site_of(with_discover(fmt::format("      - index: {}", url))).sources.at(0).category;
  };
  EXPECT_EQ(category("https://e.example/gb/ncid1078158.htm"), "ncid1078158");
  EXPECT_EQ(category("https://e.example/a/b/"), "b");
  EXPECT_EQ(category("https://e.example/"), "news");
}

TEST(Discover, LetsTwoIndexesShareACategory) {
  const SiteConfig site =
      site_of(with_discover("      - {index: \"https://e.example/a\", category: c}\n"
                            "      - {index: \"https://e.example/b\", category: c, pages: 1000}"));
  ASSERT_EQ(site.sources.size(), 2U);
  EXPECT_EQ(site.sources[1].category, "c");
  EXPECT_EQ(site.sources[1].pages, 1000);
}

TEST(Discover, ReadsAllKindsOfSources) {
  const SiteConfig site = site_of(with_discover(
      "      - feed: https://e.example/feed\n"
      "      - {sitemap: \"https://e.example/s.xml\", match: \"/n[0-9]+\", category: s}\n"
      "      - {links: \"https://e.example/\", match: \"/n\", depth: 2}"));
  ASSERT_EQ(site.sources.size(), 3U);
  EXPECT_EQ(site.sources[0].kind, SourceRules::Kind::feed);
  EXPECT_EQ(site.sources[0].category, "news");
  EXPECT_EQ(site.sources[1].kind, SourceRules::Kind::sitemap);
  EXPECT_EQ(site.sources[1].match, "/n[0-9]+");
  EXPECT_EQ(site.sources[1].category, "s");
  EXPECT_EQ(site.sources[2].kind, SourceRules::Kind::links);
  EXPECT_EQ(site.sources[2].depth, 2);
}

TEST(Discover, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_discover("      - feeed: https://e.example/"),
                   "sites.yaml:5:9: unknown key 'feeed' (did you mean 'feed'?)"},
           Mistake{with_discover("      - indx: https://e.example/"),
                   "sites.yaml:5:9: unknown key 'indx' (did you mean 'index'?)"},
           Mistake{with_discover("      - category: c"),
                   "sites.yaml:5:9: an entry of discover has an address, as `index:`, `feed:`, "
                   "`sitemap:` "
                   "or `links:`"},
           Mistake{with_discover("      - https://e.example/"),
                   "sites.yaml:5:9: expected an entry as `key: value` lines, found text"},
           Mistake{
               with_discover(
                   "      - index: https://e.example/\n        feed: https://e.example/f"),
               "sites.yaml:5:9: an entry has one of index, feed, sitemap and links; begin a new "
               "one with `- `"},
           Mistake{with_discover("      - {index: ftp://e.example/, pages: 1001, items: \"!\", "
                                 "next: \"!\", category: a/b}"),
                   "sites.yaml:5:17: 'ftp://e.example/' is not an http or https address\n"
                   "sites.yaml:5:42: '1001' is no number from 1 to 1000\n"
                   "sites.yaml:5:55: bad selector\n"
                   "sites.yaml:5:66: bad selector\n"
                   "sites.yaml:5:81: a category becomes a file's name and cannot be 'a/b'; 'a-b' "
                   "would do"},
           Mistake{with_discover("      []"),
                   "sites.yaml:5:7: no place to look for articles here; give at least one entry"},
           Mistake{with_discover("      - index: https://e.example/\n      - feed: nowhere\n"
                                 "      - sitemap: https://e.example/s.xml\n        match: [a]"),
                   "sites.yaml:6:15: 'nowhere' is not an http or https address\n"
                   "sites.yaml:8:16: expected text, found a list; a text that begins with [ needs "
                   "quotes"},
           Mistake{with_discover("      - {sitemap: \"https://e.example/s.xml\", match: \"a(b\"}"),
                   "sites.yaml:5:53: this is no regular expression: missing ): a(b (RE2's "
                   "syntax)"},
           Mistake{with_discover("      - links: https://e.example/"),
                   "sites.yaml:5:9: an entry with `links:` lacks its 'match'"},
           Mistake{with_discover("      - {feed: \"https://e.example/f\", pages: 3}"),
                   "sites.yaml:5:39: unknown key 'pages' (known here: feed, category, match)"},
       })
    expect_told(mistake);
}

TEST(Article, AsksWhetherSelectorsParse) {
  expect_told({with_site("    article: {title: \"1!\", body: \"2!\", hero: {image: \"3!\", "
                         "caption: \"4!\"}, remove: [a, \"5!\"]}"),
               "sites.yaml:6:22: bad selector\nsites.yaml:6:34: bad selector\n"
               "sites.yaml:6:54: bad selector\nsites.yaml:6:69: bad selector\n"
               "sites.yaml:6:88: bad selector"});
}

TEST(Article, WarnsOfASelectorThatIsAComment) {
  expect_warned({with_site("    article:\n      body: #artbody"),
                 "sites.yaml:7:7: warning: 'body' has no value and so no effect; a value that "
                 "begins with # needs quotes"});
}

TEST(Article, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_site("    article: {remove: script}"),
                   "sites.yaml:6:23: expected a list of selectors (lines that begin with `- `), "
                   "found text"},
           Mistake{with_site("    article: {hero: {caption: .c}}"),
                   "sites.yaml:6:21: hero lacks its 'image'"},
           Mistake{with_site("    article: {rename: [a]}"),
                   "sites.yaml:6:23: expected element names, such as {a: ok, h2: h4}"},
           Mistake{with_site("    article: {rename: {a: ok, a: p}}"),
                   "sites.yaml:6:31: the key 'a' stands here twice, first in line 6; keep one"},
           Mistake{
               with_site("    article: {rename: {script: p}}"),
               "sites.yaml:6:24: 'script' cannot be renamed: small letters, digits and hyphens, "
               "and no element that acts, such as script"},
       })
    expect_told(mistake);
  for (const std::string_view name :
       {"script", "SCRIPT", "iframe", "object", "embed", "style", "link", "meta", "base", "form",
        "svg", "noscript", "xmp", "textarea", "1a", "a b", "a:b", "a>", "é"}) {
    expect_told(
        {with_site(fmt::format("    article: {{rename: {{a: \"{}\"}}}}", name)),
         fmt::format("sites.yaml:6:27: 'a' cannot be renamed to '{}': small letters, digits "
                     "and hyphens, and no element that acts, such as script",
                     name)});
  }
  expect_silent(with_site("    article: {rename: {a: ok, h2: h4, font: x-text}}"));
}

}  // namespace
}  // namespace dandelion
