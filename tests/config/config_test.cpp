// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

// Selectors with a `!` are bad, the theme `ugly` does not exist: enough to see that the checks are
// asked.
ConfigChecks checks() {
  ConfigChecks made;
  made.selector = [](const std::string& text) -> std::optional<std::string> {
    return text.find('!') == std::string::npos ? std::nullopt
                                               : std::optional<std::string>("bad selector");
  };
  made.theme = [](const std::string& name,
                  const std::filesystem::path&) -> std::optional<std::string> {
    return name == "ugly" ? std::optional<std::string>("no such theme") : std::nullopt;
  };
  return made;
}

LoadedConfig load(std::string_view text) {
  return parse_config(text, "sites.yaml", "/home/me/mirror", checks());
}

std::string diagnostics(std::string_view text) {
  std::string all;
  for (const Diagnostic& diagnostic : load(text).diagnostics)
    all += diagnostic.display() + "\n";
  return all;
}

constexpr const char* minimal =
    "version: 1\nsites:\n  - name: a\n    discover:\n      - index: https://e.example/news.htm\n";

TEST(ParseConfig, FillsInWhatIsNotSaid) {
  const LoadedConfig loaded = load(minimal);
  ASSERT_TRUE(loaded.config);
  EXPECT_TRUE(loaded.diagnostics.empty());
  const SiteConfig& site = loaded.config->sites.at(0);
  EXPECT_EQ(site.indexes.at(0).category, "news");
  EXPECT_EQ(site.indexes.at(0).items, "a");
  EXPECT_EQ(site.layout, "pages/{category}/{id}.md");
  EXPECT_EQ(loaded.config->state, "/home/me/mirror/var/state.db");
  EXPECT_EQ(loaded.config->network.timeout, std::chrono::seconds(30));
  EXPECT_FALSE(loaded.config->network.allow_private_addresses);
}

TEST(ParseConfig, ReadsEverySection) {
  const LoadedConfig loaded = load(R"(version: 1
operator: {name: N, email: n@e.example}
network:
  proxies: [socks5h://127.0.0.1:9050, "http://user@proxy.example:3128"]
  proxy_password: env:PW
  isolate: host
  timeout: 1500ms
  retries: 0
  max_body: 2MiB
  per_host: {connections: 2, delay: 1s}
  robots: ignore
  private_addresses: allow
state: /var/lib/d/state.db
sites:
  - name: s
    every: 2h
    discover:
      - {index: "https://e.example/", category: c, items: .x, next: .n, pages: 7}
    article: {title: h1, body: "#b", hero: {image: .i, caption: .c}, remove: [script], rename: {a: ok}}
    id: "{url.path}"
    layout: "p/{id}.md"
    menu: [{text: T, href: ..}]
    pixel: https://c.example/{path}
    mirrors: [m]
mirrors:
  - {name: m, url: mirrors/m.git, branch: gh-pages, username: u, token: "file:keys/t", public: "https://h.example/m"}
)");
  ASSERT_TRUE(loaded.config) << loaded.diagnostics.at(0).display();
  EXPECT_TRUE(loaded.diagnostics.empty());
  const Config& config = *loaded.config;
  EXPECT_EQ(config.network.proxies.at(1).user, "user");
  EXPECT_EQ(config.network.proxies.at(1).port, 3128);
  EXPECT_EQ(config.network.isolate, Isolation::host);
  EXPECT_EQ(config.network.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(config.network.max_body, 2U << 20);
  EXPECT_EQ(config.network.robots, RobotsPolicy::ignore);
  EXPECT_TRUE(config.network.allow_private_addresses);
  EXPECT_EQ(config.sites.at(0).every, std::chrono::hours(2));
  EXPECT_EQ(config.sites.at(0).indexes.at(0).pages, 7);
  EXPECT_EQ(config.sites.at(0).article.hero->caption, ".c");
  EXPECT_EQ(config.find_mirror("m")->url, "/home/me/mirror/mirrors/m.git");
  EXPECT_EQ(config.find_mirror("m")->token->name, "/home/me/mirror/keys/t");
}

struct Mistake {
  const char* text;
  const char* told;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreToldWithTheirPlace) {
  EXPECT_EQ(diagnostics(GetParam().text), std::string(GetParam().told) + "\n");
  EXPECT_FALSE(load(GetParam().text).config);
}

#define SITE "sites:\n  - name: a\n    discover:\n      - index: https://e.example/\n"

INSTANTIATE_TEST_SUITE_P(
    Table, Mistakes,
    testing::Values(
        Mistake{"",
                "sites.yaml: there is nothing in it; `dandelion init` writes a commented one to "
                "begin with"},
        Mistake{"# only this\n",
                "sites.yaml: there is nothing in it; `dandelion init` writes a commented one to "
                "begin with"},
        Mistake{"- a\n", "sites.yaml:1:1: expected the file as `key: value` lines, found a list"},
        Mistake{"\xff\xfe", "sites.yaml: not UTF-8 text; save it as UTF-8"},
        Mistake{SITE, "sites.yaml:1:1: the file lacks its 'version'"},
        Mistake{"version: 2\n" SITE,
                "sites.yaml:1:10: version 2 is not known to this program; it reads version 1"},
        Mistake{"version: 1\n" SITE "sties: []\n",
                "sites.yaml:6:1: unknown key 'sties' (did you mean 'sites'?)"},
        Mistake{"version: 1\n" SITE "    titel: x\n",
                "sites.yaml:6:5: unknown key 'titel' (did you mean 'title'?)"},
        Mistake{"version: 1\nversion: 1\n" SITE,
                "sites.yaml:2:1: the key 'version' stands here twice, first in line 1; keep one"},
        Mistake{"version: 1\n" SITE
                "  - name: A\n    discover:\n      - index: https://e.example/\n",
                "sites.yaml:6:5: a second site 'A'; the first begins in line 3"},
        Mistake{"version: 1\n" SITE "    every: soon\n",
                "sites.yaml:6:12: 'soon' is no duration; write one such as 500ms, 30s, 30m, 12h or "
                "30d"},
        Mistake{"version: 1\n" SITE "    theme: ugly\n", "sites.yaml:6:12: no such theme"},
        Mistake{"version: 1\n" SITE "    article: {body: \"a!\"}\n",
                "sites.yaml:6:21: bad selector"},
        Mistake{"version: 1\n" SITE "    article: {remove: script}\n",
                "sites.yaml:6:23: expected a list of selectors (lines that begin with `- `), found "
                "text"},
        Mistake{"version: 1\n" SITE "    article: {rename: {a: script}}\n",
                "sites.yaml:6:27: 'a: script': both are element names in small letters, and none "
                "that acts, such as script"},
        Mistake{"version: 1\n" SITE "    layout: \"../{id}.md\"\n",
                "sites.yaml:6:13: '../{id}.md' is no path inside a repository"},
        Mistake{"version: 1\n" SITE "    layout: pages/{category}.md\n",
                "sites.yaml:6:13: the layout needs {id}, or all pages would share a file"},
        Mistake{"version: 1\n" SITE "    id: \"{url.steam}\"\n",
                "sites.yaml:6:9: unknown placeholder '{url.steam}' (did you mean '{url.stem}'?); "
                "known here: url.stem, url.path"},
        Mistake{"version: 1\n" SITE "    mirrors: [gihub]\nmirrors:\n  - {name: github, url: /x}\n",
                "sites.yaml:6:15: there is no mirror 'gihub' (did you mean 'github'?)\n"
                "sites.yaml:8:5: warning: no site uses the mirror 'github'"},
        Mistake{"version: 1\nnetwork: {proxies: [\"socks5://h:1\"]}\n" SITE,
                "sites.yaml:2:21: socks5:// resolves names on this machine, so its DNS queries "
                "would leave beside the proxy; "
                "use socks5h://"},
        Mistake{"version: 1\nnetwork: {robots: obay}\n" SITE,
                "sites.yaml:2:19: 'obay' is not one of obey, ignore (did you mean 'obey'?)"},
        Mistake{"version: 1\nsites:\n  - name: ../x\n    discover: []\n",
                "sites.yaml:3:11: a site's name becomes a file's name and cannot be '../x'; 'x' "
                "would do\n"
                "sites.yaml:4:15: no index page here; give at least one entry with `index:`"},
        Mistake{
            "version: 1\nsites: [&a {name: a, discover: [{index: \"https://e.example/\"}]}, *a]\n",
            "sites.yaml:2:66: aliases (`*name`) are not supported; write the value out"},
        Mistake{"a: [b\n", "sites.yaml:2:1: end of sequence flow not found"}));

TEST(ParseConfig, TellsEverythingAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(
      diagnostics(
          "version: x\nnetwork: {timeout: 1y, retries: 99}\nsites:\n  - discover: 3\nfoo: 1\n"),
      "sites.yaml:1:10: 'x' is no number from 0 to 1000000\n"
      "sites.yaml:2:20: '1y' is no duration; write one such as 500ms, 30s, 30m, 12h or 30d\n"
      "sites.yaml:2:33: '99' is no number from 0 to 20\n"
      "sites.yaml:4:5: a site lacks its 'name'\n"
      "sites.yaml:4:15: expected a list of places to look for articles (lines that begin with `- "
      "`), found text\n"
      "sites.yaml:5:1: unknown key 'foo' (known here: version, operator, network, state, output, "
      "sites, mirrors)\n");
}

TEST(ParseConfig, NeverRepeatsASecret) {
  const std::string told = diagnostics(
      "version: 1\nnetwork: {proxies: [\"http://u:hunter2@p.example:1\"], proxy_password: "
      "hunter2}\n" SITE
      "mirrors:\n  - {name: m, url: \"https://u:hunter2@h.example/\", token: hunter2}\n  - {name: "
      "n, url: \"https://ghp_hunter2@h.example/\"}\n");
  EXPECT_EQ(told.find("hunter2"), std::string::npos) << told;
  EXPECT_NE(told.find("a secret must not stand in this file"), std::string::npos);
}

TEST(ParseConfig, WarnsOfWhatHasNoEffect) {
  const LoadedConfig loaded =
      load(std::string(minimal) +
           "    images: {mode: mirror}\n    pixel: http://c.example/{id}\noperator: {key: k}\n");
  EXPECT_TRUE(loaded.config);
  ASSERT_EQ(loaded.diagnostics.size(), 3U);
  EXPECT_EQ(loaded.diagnostics[0].display(),
            "sites.yaml:6:13: warning: 'images' has no effect in this version: pictures stay where "
            "the source has them");
}

TEST(ParseConfig, IsNotBlownUp) {
  EXPECT_FALSE(load(std::string(100'000, '[')).config);
  EXPECT_FALSE(load(std::string(100'000, '{')).config);
  std::string deep;
  for (int i = 0; i < 5'000; ++i)
    deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  EXPECT_FALSE(load(deep.substr(0, 900'000)).config);
  EXPECT_FALSE(load(std::string(2U << 20, '#')).config);
  std::string many = "version: 1\nsites: [";
  for (int i = 0; i < 150'000; ++i)
    many += "1,";
  EXPECT_FALSE(load(many + "]\n").config);
}

TEST(StarterConfig, IsGood) {
  const LoadedConfig loaded = load(starter_config());
  for (const Diagnostic& diagnostic : loaded.diagnostics)
    ADD_FAILURE() << diagnostic.display();
  EXPECT_TRUE(loaded.config);
}

TEST(LoadConfig, NamesAFileThatIsNotThere) {
  const LoadedConfig loaded = load_config("/nonexistent/sites.yaml", checks());
  ASSERT_EQ(loaded.diagnostics.size(), 1U);
  EXPECT_EQ(loaded.diagnostics[0].display(),
            "/nonexistent/sites.yaml: No such file or directory; `dandelion init` writes one, -c "
            "names another");
}

TEST(LoadConfig, TakesThePublishedExampleWithWarningsAlone) {
  const std::filesystem::path example =
      std::filesystem::path(DANDELION_SOURCE_DIR) / ".." / "shared" / "sites.example.yaml";
  if (!std::filesystem::exists(example))
    GTEST_SKIP() << "the example configuration is not here (../shared)";
  const LoadedConfig loaded = load_config(example, checks());
  EXPECT_TRUE(loaded.config);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::warning) << diagnostic.display();
  }
}

}  // namespace
}  // namespace dandelion
