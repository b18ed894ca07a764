// SPDX-License-Identifier: MIT
#include "config/config.hpp"

#include <filesystem>
#include <fstream>

#include "config/told.hpp"

namespace dandelion {
namespace {

TEST(ParseConfig, FillsInWhatIsNotSaid) {
  const LoadedConfig loaded = load(good_site);
  ASSERT_TRUE(loaded.config);
  EXPECT_TRUE(loaded.diagnostics.empty());
  const SiteConfig& site = loaded.config->sites.at(0);
  EXPECT_EQ(site.sources.at(0).category, "news");
  EXPECT_EQ(site.sources.at(0).items, "a");
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
  EXPECT_EQ(config.sites.at(0).sources.at(0).pages, 7);
  EXPECT_EQ(config.sites.at(0).article.hero->caption, ".c");
  EXPECT_EQ(config.find_mirror("m")->url, "/home/me/mirror/mirrors/m.git");
  EXPECT_EQ(config.find_mirror("m")->token->name, "/home/me/mirror/keys/t");
}

TEST(ParseConfig, TellsMistakesOfTheWholeFile) {
  const std::string nothing =
      "sites.yaml: there is nothing in it; `dandelion init` writes a commented one to begin with";
  const std::string site(good_site.substr(good_site.find('\n') + 1));
  for (const Mistake& mistake : {
           Mistake{"", nothing},
           Mistake{"# only this\n", nothing},
           Mistake{"---\n...\n", nothing},
           Mistake{"\xEF\xBB\xBF", nothing},
           Mistake{"- a\n",
                   "sites.yaml:1:1: expected the file as `key: value` lines, found a list"},
           Mistake{"a\n", "sites.yaml:1:1: expected the file as `key: value` lines, found text"},
           Mistake{"a: \xff\xfe", "sites.yaml:1:4: this is not UTF-8 text; save the file as UTF-8"},
           Mistake{std::string("a: 1\n\0", 6),
                   "sites.yaml:2:1: this is not UTF-8 text; save the file as UTF-8"},
           Mistake{std::string(1'048'577, '#'),
                   "sites.yaml: larger than 1MiB, which no configuration is"},
           Mistake{site, "sites.yaml:1:1: the file lacks its 'version'"},
           Mistake{"version: 1\n", "sites.yaml:1:1: the file lacks its 'sites'"},
           Mistake{"version: 1\nsites:\n", "sites.yaml:2:1: 'sites' has no value; give it one"},
           Mistake{"version: 1\nsites: []\n", "sites.yaml:2:8: there is no site here"},
           Mistake{"version: 1\nsites: null\n",
                   "sites.yaml:2:1: 'sites' has no value; give it one"},
           Mistake{"version: 1\nsites:\n  - name:\n    discover: null\n",
                   "sites.yaml:3:5: 'name' has no value; give it one\n"
                   "sites.yaml:4:5: 'discover' has no value; give it one"},
           Mistake{"version: 2\n" + site,
                   "sites.yaml:1:10: version '2' is not known to this program; it reads version 1"},
           Mistake{with_site("sties: []"),
                   "sites.yaml:6:1: unknown key 'sties' (did you mean 'sites'?)"},
           Mistake{"version: 1\nversion: 1\n" + site,
                   "sites.yaml:2:1: the key 'version' stands here twice, first in line 1; keep "
                   "one"},
           Mistake{"version: 1\nsites: [&a {name: a, discover: [{index: "
                   "\"https://e.example/\"}]}, *a]\n",
                   "sites.yaml:2:66: aliases (`*name`) are not supported; write the value out (a "
                   "text that begins with * needs quotes)"},
           Mistake{with_site("? {a: b}\n: c"),
                   "sites.yaml:6:3: expected a key, found a map; a text that begins with { needs "
                   "quotes"},
       })
    expect_told(mistake);
}

TEST(ParseConfig, TellsTwoSitesOfOneName) {
  const auto two = [](std::string_view second) {
    return with_site(
        fmt::format("  - name: {}\n    discover: [{{index: \"https://e.example/\"}}]", second));
  };
  expect_told({two("a"), "sites.yaml:6:5: a second site 'a'; the first begins in line 3"});
  expect_told({two("A"),
               "sites.yaml:6:5: the site 'A' has the name of 'a' in line 3 but for capitals, which "
               "some systems do not tell apart; rename one"});
  expect_silent(two("b"));
}

TEST(ParseConfig, TakesAnOperatorThatGitTakes) {
  expect_silent(with_site("operator: {name: 蒲公英, email: mirror@example.invalid}"));
  for (const std::string_view name : {".", "a <b>", "\"' '\""})
    expect_told({with_site(fmt::format("operator: {{name: {}}}", name)),
                 "sites.yaml:6:18: a name in a commit has letters in it, and no < or >"});
  for (const std::string_view email : {"\"@\"", "a", "a@", "a@b@c", "a b@c", "<a@b>"})
    expect_told({with_site(fmt::format("operator: {{email: {}}}", email)),
                 "sites.yaml:6:19: expected an address such as mirror@example.invalid"});
  EXPECT_EQ(load(with_site("operator: {key: keys/k}")).config->op.key, "/home/me/mirror/keys/k");
}

TEST(ParseConfig, ReadsHowCommitsAreDatedAndDescribed) {
  const LoadedConfig loaded = load(with_site("operator: {time: day, message: \"+{added}\"}"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->op.time_grain, std::chrono::hours(24));
  EXPECT_EQ(loaded.config->op.message, "+{added}");
  EXPECT_EQ(load(with_site("")).config->op.time_grain, std::chrono::hours(1));
  expect_told({with_site("operator: {time: week}"),
               "sites.yaml:6:18: 'week' is not one of minute, hour, day"});
  expect_told({with_site("operator: {message: \"{add}\"}"),
               "sites.yaml:6:21: unknown placeholder '{add}'; known here: "
               "added, changed, removed"});
}

TEST(ParseConfig, CountsColumnsAsEditorsDo) {
  expect_told({with_site("    menu: [{text: 首页, herf: x}]"),
               "sites.yaml:6:23: unknown key 'herf' (did you mean 'href'?)"});
}

TEST(ParseConfig, TellsEverythingAtOnceInTheOrderOfTheFile) {
  EXPECT_EQ(
      told("version: x\nnetwork: {timeout: 1y, retries: 99}\nsites:\n  - discover: 3\nfoo: 1\n"),
      "sites.yaml:1:10: version 'x' is not known to this program; it reads version 1\n"
      "sites.yaml:2:20: '1y' is no duration; write one such as 500ms, 30s, 30m, 12h or 30d\n"
      "sites.yaml:2:33: '99' is no number from 0 to 20\n"
      "sites.yaml:4:5: a site lacks its 'name'\n"
      "sites.yaml:4:15: expected a list of places to look for articles (lines that begin with `- "
      "`), found text\n"
      "sites.yaml:5:1: unknown key 'foo' (known here: version, operator, network, notify, state, "
      "output, "
      "sites, mirrors)\n");
}

TEST(ParseConfig, NeverRepeatsASecret) {
  const std::string messages = told(with_site(R"(    pixel: https://u:hunter2@c.example/
network:
  proxies: ["http://u:hunter2@p.example:1", "http://u/hunter2@p.example", hunter2, "socks5://u:hunter2@h:1"]
  proxy_password: hunter2
  dns_over_https: https://hunter2@d.example/
  "http://u:hunter2@p.example:1": 1
mirrors:
  - {name: m, url: "https://u:hunter2@h.example/", token: hunter2, public: "u:hunter2@h"}
  - {name: n, url: "https://ghp_hunter2@h.example/", ssh_key: hunter2}
  - {name: o, url: "https://u:hun/hunter2@h.example/", pages: "https://u:h/hunter2@h"}
  - {name: p, url: "git://hunter2@h.example/", token: "env:hunter2 "}
  - {name: r, url: "hunter2@h.example/a"}
  - {name: q, url: "https:/hunter2@h.example/", token: "literal:hunter2"})"));
  EXPECT_EQ(messages.find("hunter2"), std::string::npos) << messages;
  EXPECT_NE(messages.find("a secret must not stand in this file"), std::string::npos);
}

TEST(ParseConfig, TakesAMarkAndWindowsLines) {
  std::string text = "\xEF\xBB\xBFversion: 1\r\nsites:\r\n  - name: a\r\n    discover:\r\n";
  expect_silent(text + "      - index: https://e.example/\r\n");
  expect_told({text + "      - index: nowhere\r\n",
               "sites.yaml:5:16: 'nowhere' is not an http or https address"});
}

TEST(ParseConfig, IsNotSlowedByManyMistakes) {
  std::string many = "{";
  for (int i = 0; i < 49'000; ++i)
    many += fmt::format("k{}: 1,", i);
  EXPECT_GE(load(many + "}").diagnostics.size(), 49'000U);
}

TEST(ParseConfig, IsNotBlownUp) {
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char name = 'b'; name < 'k'; ++name) {
    bomb += fmt::format("{}: &{} [", name, name);
    for (int i = 0; i < 9; ++i)
      bomb += fmt::format("{}*{}", i == 0 ? "" : ",", static_cast<char>(name - 1));
    bomb += "]\n";
  }
  EXPECT_FALSE(load(bomb).config);
  EXPECT_FALSE(load(std::string(1U << 20, '[')).config);
  EXPECT_FALSE(load(std::string(1U << 20, '{')).config);
  EXPECT_FALSE(load(std::string(1U << 20, '!')).config);
  EXPECT_FALSE(load(std::string(1U << 20, '&')).config);
  EXPECT_FALSE(load(std::string(1U << 20, '"')).config);
}

TEST(StarterConfig, IsGood) {
  const LoadedConfig loaded = load(starter_config());
  for (const Diagnostic& diagnostic : loaded.diagnostics)
    ADD_FAILURE() << diagnostic.display();
  EXPECT_TRUE(loaded.config);
}

TEST(LoadConfig, NamesAFileThatIsNotThere) {
  const LoadedConfig loaded = load_config("/nonexistent/sites.yaml", sample_checks());
  ASSERT_EQ(loaded.diagnostics.size(), 1U);
  EXPECT_EQ(loaded.diagnostics[0].display(),
            "/nonexistent/sites.yaml: No such file or directory; `dandelion init` writes one, -c "
            "names another");
}

TEST(LoadConfig, NamesAFolderInItsPlace) {
  const LoadedConfig loaded = load_config("/", sample_checks());
  ASSERT_EQ(loaded.diagnostics.size(), 1U);
  EXPECT_EQ(loaded.diagnostics[0].display(), "/: Is a directory");
}

TEST(LoadConfig, NamesAFileThatIsTooLarge) {
  const auto file = std::filesystem::path(testing::TempDir()) / "too_large_sites.yaml";
  std::ofstream(file) << std::string((1U << 20) + 1, '#');
  const LoadedConfig loaded = load_config(file, sample_checks());
  ASSERT_EQ(loaded.diagnostics.size(), 1U);
  EXPECT_EQ(loaded.diagnostics[0].display(),
            file.string() + ": larger than 1048576 bytes, which is the most we read");
  std::filesystem::remove(file);
}

TEST(LoadConfig, CountsPathsFromTheFilesFolder) {
  const std::filesystem::path folder(testing::TempDir());
  const auto file = folder / "paths_sites.yaml";
  std::ofstream(file) << good_site;
  const LoadedConfig loaded = load_config(file, sample_checks());
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->file, file.lexically_normal());
  EXPECT_EQ(loaded.config->output, (folder / "var/repos").lexically_normal());
  std::filesystem::remove(file);
}

TEST(LoadConfig, TakesThePublishedExampleWithWarningsAlone) {
  const std::filesystem::path example =
      std::filesystem::path(DANDELION_SOURCE_DIR) / ".." / "shared" / "sites.example.yaml";
  if (!std::filesystem::exists(example))
    GTEST_SKIP() << "the example configuration is not here (../shared)";
  const LoadedConfig loaded = load_config(example, sample_checks());
  EXPECT_TRUE(loaded.config);
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    EXPECT_EQ(diagnostic.severity, Diagnostic::Severity::warning) << diagnostic.display();
  }
}

}  // namespace
}  // namespace dandelion
