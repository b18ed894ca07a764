// SPDX-License-Identifier: MIT
#include "config/told.hpp"

namespace dandelion {
namespace {

// The mirror `m`, used by the site, from line 9 on.
std::string with_mirror(std::string_view lines) {
  return with_site("    mirrors: [m]\nmirrors:\n  - name: m\n").append(lines).append("\n");
}

std::string url_of(std::string_view url) {
  const LoadedConfig loaded = load(with_mirror(fmt::format("    url: {}", url)));
  return loaded.config ? loaded.config->find_mirror("m")->url : "refused";
}

TEST(Mirror, TakesPathsFromTheFilesFolder) {
  EXPECT_EQ(url_of("var/mirrors/first.git"), "/home/me/mirror/var/mirrors/first.git");
  EXPECT_EQ(url_of("../first.git"), "/home/me/first.git");
  EXPECT_EQ(url_of("/srv/first.git"), "/srv/first.git");
}

TEST(Mirror, LeavesAddressesAsTheyAre) {
  for (const std::string_view url :
       {"https://h.example/a/b.git", "http://127.0.0.1:8080/b.git", "file:///srv/b.git"})
    EXPECT_EQ(url_of(url), url);
}

TEST(Mirror, KeepsWhereTheTokenIs) {
  const LoadedConfig loaded = load(with_mirror("    url: https://h.example/b\n    token: file:t"));
  ASSERT_TRUE(loaded.config);
  const MirrorSettings& mirror = *loaded.config->find_mirror("m");
  EXPECT_EQ(mirror.token->kind, SecretSource::Kind::file);
  EXPECT_EQ(mirror.token->name, "/home/me/mirror/t");
  EXPECT_EQ(mirror.branch, "main");
}

TEST(Mirror, SaysWhatToDoOnAConflictAndWhoseLimitsHold) {
  const LoadedConfig loaded =
      load(with_mirror("    url: /m\n    on_conflict: overwrite\n    limits: github"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->find_mirror("m")->on_conflict, OnConflict::overwrite);
  EXPECT_EQ(loaded.config->find_mirror("m")->limits, "github");
  EXPECT_TRUE(loaded.diagnostics.empty());
  EXPECT_EQ(load(with_mirror("    url: /m\n    on_conflict: adopt"))
                .config->find_mirror("m")
                ->on_conflict,
            OnConflict::adopt);
  expect_told({with_mirror("    url: /m\n    on_conflict: force"),
               "sites.yaml:10:18: 'force' is not one of refuse, overwrite, adopt"});
}

TEST(Mirror, KnowsWhereItsHostShowsIt) {
  const LoadedConfig loaded = load(with_mirror(
      "    pages: auto\n    public: auto\n    branch: pages\n    url: git@codeberg.org:a/b.git"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->find_mirror("m")->public_url, "https://codeberg.org/a/b");
  EXPECT_EQ(loaded.config->find_mirror("m")->pages_url, "https://a.codeberg.page/b/");
  expect_told({with_mirror("    url: https://git.example/a/b.git\n    pages: auto"),
               "sites.yaml:10:12: where the host of this mirror shows it is not known here; write "
               "the address behind pages:"});
}

TEST(Mirror, IsToldWhereItsHostWillMakeNoPagesOfItsFolder) {
  const std::string github = "    url: git@github.com:a/b.git\n    folder: /site\n    pages: ";
  expect_told({with_mirror(github + "auto"),
               "sites.yaml:11:12: GitHub makes Pages of the top of a branch or of its folder "
               "/docs, and none of /site; change that, or take `pages:` away"});
  expect_warned({with_mirror(github + "https://news.example"),
                 "sites.yaml:11:12: warning: GitHub makes Pages of the top of a branch or of its "
                 "folder /docs, and none of /site; what readers find at https://news.example has "
                 "to come from elsewhere"});
  expect_silent(with_mirror("    url: git@github.com:a/b.git\n    folder: docs\n    pages: auto"));
  expect_silent(with_mirror("    url: git@gitlab.com:a/b.git\n    folder: site\n    pages: auto"));
  expect_silent(with_mirror("    url: git@github.com:a/b.git\n    folder: /site"));
}

TEST(Mirror, KnowsItsHostAtItsOtherDoorsForSsh) {
  const LoadedConfig loaded = load(with_mirror(
      "    url: ssh://git@altssh.gitlab.com:443/a/b.git\n    public: auto\n    pages: auto"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->find_mirror("m")->public_url, "https://gitlab.com/a/b");
  EXPECT_EQ(loaded.config->find_mirror("m")->pages_url, "https://a.gitlab.io/b/");
}

// The mirrors `m` in line 8 and `n` in line 9, both used.
std::string two_mirrors(std::string_view m, std::string_view n) {
  return with_site(fmt::format(
      "    mirrors: [m, n]\nmirrors:\n  - {{name: m, url: {}}}\n  - {{name: n, url: {}}}\n", m, n));
}

TEST(Mirror, HasABranchForItself) {
  const std::string told =
      "sites.yaml:9:20: the branch main of this repository is the mirror 'm' in line 8 already; a "
      "branch holds one mirror, so give one another `branch`";
  expect_told({two_mirrors("/srv/m.git", "/srv/m.git"), told});
  expect_told({two_mirrors("/srv/m.git", "file:///srv/m.git, folder: docs"), told});
  expect_told({two_mirrors("https://github.com/a/b.git", "git@github.com:A/b"), told});
  expect_told(
      {two_mirrors("https://forge.example/o/r", "'ssh://git@forge.example:2222/o/r.git'"), told});
  expect_silent(two_mirrors("/srv/m.git", "/srv/m.git, branch: gh-pages"));
  expect_silent(two_mirrors("/srv/m.git", "/srv/n.git"));
  expect_warned({with_site("    mirrors: [m]\nmirrors:\n  - {name: m, url: /srv/m.git}\n"
                           "  - {name: n, url: /srv/m.git}\n"),
                 "sites.yaml:9:5: warning: no site uses the mirror 'n'"});
}

TEST(Mirror, HasTheOnePagesAddressOfItsRepositoryForItself) {
  expect_told({two_mirrors("git@github.com:a/b, pages: auto",
                           "git@github.com:a/b, branch: gh-pages, pages: auto"),
               "sites.yaml:9:65: https://a.github.io/b/ shows one branch of this repository, and "
               "the mirror 'm' in line 8 is to stand there already; take `pages:` away from one"});
  expect_silent(two_mirrors("git@codeberg.org:a/b, pages: auto",
                            "git@codeberg.org:a/b, branch: pages, pages: auto"));
}

TEST(Mirror, CanBeASpareBesideAnother) {
  const std::string both = with_site(
      "    mirrors: [m, s]\nmirrors:\n  - name: m\n    url: /m\n"
      "  - name: s\n    url: /s\n    spare: true\n    public: https://h.example/s\n");
  const LoadedConfig loaded = load(both);
  ASSERT_TRUE(loaded.config);
  EXPECT_TRUE(loaded.diagnostics.empty());
  EXPECT_FALSE(loaded.config->find_mirror("m")->is_spare);
  EXPECT_TRUE(loaded.config->find_mirror("s")->is_spare);
  expect_told({with_mirror("    url: /m\n    spare: perhaps"),
               "sites.yaml:10:12: 'perhaps' is not one of no, false, yes, true"});
}

TEST(Mirror, CanBeNoSpareWhereItHelpsNobody) {
  const LoadedConfig alone =
      load(with_mirror("    url: /m\n    spare: true\n    public: https://h.example/m"));
  EXPECT_FALSE(alone.config);
  ASSERT_EQ(alone.diagnostics.size(), 1U);
  EXPECT_NE(alone.diagnostics[0].message.find("has spares alone"), std::string::npos);
  const LoadedConfig nameless =
      load(with_site("    mirrors: [m, s]\nmirrors:\n  - name: m\n    url: /m\n"
                     "  - name: s\n    url: /s\n    spare: true\n"));
  ASSERT_TRUE(nameless.config);
  ASSERT_EQ(nameless.diagnostics.size(), 1U);
  EXPECT_NE(nameless.diagnostics[0].display().find("sites.yaml:10:5: warning: a spare without"),
            std::string::npos)
      << nameless.diagnostics[0].display();
}

TEST(Mirror, TakesSshInBothForms) {
  for (const std::string_view url : {"ssh://git@h.example/a.git", "git@h.example:a.git",
                                     "git@h.example:/srv/a.git", "h.example:a.git"}) {
    const LoadedConfig loaded = load(
        with_mirror(fmt::format("    url: {}\n    ssh_key: file:k\n    known_hosts: known", url)));
    ASSERT_TRUE(loaded.config) << url;
    EXPECT_TRUE(loaded.diagnostics.empty());
    const MirrorSettings& mirror = *loaded.config->find_mirror("m");
    EXPECT_EQ(mirror.url, url);
    EXPECT_EQ(mirror.ssh_key, "/home/me/mirror/k");
    EXPECT_EQ(mirror.known_hosts, "/home/me/mirror/known");
  }
  expect_told({with_mirror("    url: h.example:a.git\n    ssh_key: env:KEY"),
               "sites.yaml:10:14: ssh reads its keys from files: write file:PATH"});
}

TEST(Mirror, LiesInAFolderAndKeepsSomeOfItsHistory) {
  const LoadedConfig loaded =
      load(with_mirror("    url: /m\n    folder: /docs/\n    history: {keep: 30d}"));
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->find_mirror("m")->folder, "docs");
  EXPECT_EQ(loaded.config->find_mirror("m")->keep_history, std::chrono::hours(24 * 30));
  EXPECT_TRUE(loaded.diagnostics.empty());
  EXPECT_EQ(load(with_mirror("    url: /m\n    history: {keep: all}"))
                .config->find_mirror("m")
                ->keep_history.count(),
            0);
  EXPECT_EQ(load(with_mirror("    url: /m\n    history: {max_size: 900MiB}"))
                .config->find_mirror("m")
                ->max_history_bytes,
            900U << 20U);
  expect_told({with_mirror("    url: /m\n    folder: ../x"),
               "sites.yaml:10:13: '../x' is no folder of a branch; write one such as /docs"});
}

TEST(Mirror, RefusesSecretsInItsAddresses) {
  constexpr std::string_view password =
      "a password must not stand in an address; use username: and token: env:NAME";
  constexpr std::string_view user =
      "a user name must not stand in an address; use username: and token: env:NAME";
  for (const auto& [url, message] : {
           std::pair("https://u:hunter2@h.example/a", password),
           std::pair("https://u:hun/ter2@h.example/a", password),
           std::pair("https:/hunter2@h.example/a", password),
           std::pair("ssh://u:hunter2@h.example/a", password),
           std::pair("https://hunter2@h.example/a", user),
       })
    expect_told({with_mirror(fmt::format("    url: {}", url)),
                 fmt::format("sites.yaml:9:10: {}", message)});
  for (const std::string_view key : {"public", "pages"})
    expect_told({with_mirror(fmt::format("    url: /m\n    {}: https://hunter2@h.example/", key)),
                 fmt::format("sites.yaml:10:{}: a user name or password must not stand in this "
                             "address",
                             key.size() + 7)});
  expect_told({with_mirror("    url: /m\n    token: ghp_hunter2"),
               "sites.yaml:10:12: a secret must not stand in this file; name where it is by "
               "env:NAME or file:PATH"});
}

TEST(Mirror, TellsMistakes) {
  for (const Mistake& mistake : {
           Mistake{with_mirror("    branch: main"), "sites.yaml:8:5: a mirror lacks its 'url'"},
           Mistake{with_mirror("    url:"), "sites.yaml:9:5: 'url' has no value; give it one"},
           Mistake{with_mirror("    url: ftp://h.example/a"),
                   "sites.yaml:9:10: a mirror's address begins with https://, ssh://, http:// or "
                   "file://, or is a path"},
           Mistake{with_mirror("    url: https://h.example/a?private_token=x"),
                   "sites.yaml:9:10: the address of a repository has no ? and no # in it"},
           Mistake{with_mirror("    url: file://srv/a.git"),
                   "sites.yaml:9:10: file:// takes an absolute path, such as "
                   "file:///srv/mirror.git; a relative one stands without file://"},
           Mistake{with_mirror("    url: ~/a.git"),
                   "sites.yaml:9:10: ~ is not expanded here; write the whole path"},
           Mistake{with_mirror("    url: /m\n    branch: a..b"),
                   "sites.yaml:10:13: 'a..b' is no name for a branch; write one such as main"},
           Mistake{with_mirror("    url: /m\n    tokn: env:T"),
                   "sites.yaml:10:5: unknown key 'tokn' (did you mean 'token'?)"},
           Mistake{with_mirror("    url: /m\n    limits: gihub\n    history: {keep: some, "
                               "max_size: 1}\n    ssh_key: AAAA\n    known_hosts: []"),
                   "sites.yaml:10:13: 'gihub' is not one of github, gitlab, forgejo, codeberg, "
                   "bitbucket, none (did you mean 'github'?)\n"
                   "sites.yaml:11:21: 'some' is no duration; write one such as 500ms, 30s, 30m, "
                   "12h or 30d\n"
                   "sites.yaml:11:37: 1 is out of range; it goes from 1MiB to 1024GiB\n"
                   "sites.yaml:12:14: a secret must not stand in this file; name where it is by "
                   "env:NAME or file:PATH\n"
                   "sites.yaml:13:18: expected text, found a list; a text that begins with [ needs "
                   "quotes"},
       })
    expect_told(mistake);
}

TEST(Mirror, IsNoHostTakenForAFolder) {
  expect_told({with_mirror("    url: github.com/a/b.git"),
               "sites.yaml:9:10: 'github.com/a/b.git' is a path as it stands; write "
               "https://github.com/a/b.git for the repository on that host, or ./ before it for "
               "the folder"});
  expect_told({with_mirror("    url: hunter2@github.com/a/b.git"),
               "sites.yaml:9:10: '...@github.com/a/b.git' is a path as it stands; write "
               "git@github.com:a/b.git for the repository on that host, or ./ before it for the "
               "folder"});
  for (const std::string_view path : {"./github.com/a/b.git", "mirrors.d/b.git", "b.git/x", "b.git",
                                      "../github.com/b", "/srv/github.com/b"})
    expect_silent(with_mirror(fmt::format("    url: {}", path)));
}

TEST(Mirror, IsWhatAPushWillTake) {
  expect_told({with_mirror("    url: ssh://-o/x"), "sites.yaml:9:10: no such address"});
  expect_told({with_mirror("    url: https://h.example/a\n    username: mi:rror"),
               "sites.yaml:10:15: no colon"});
  const std::string open = with_mirror("    url: http://h.example/a\n    token: env:T");
  expect_told({open, "sites.yaml:9:10: in clear text"});
  expect_told({open + "\nnetwork: {proxies: [socks5h://127.0.0.1:9050]}",
               "sites.yaml:9:10: in clear text to a proxy"});
}

TEST(Mirror, IsToldOfFilesThatItLacks) {
  expect_warned({with_mirror("    url: h.example:a\n    ssh_key: file:lost\n    known_hosts: lost"),
                 "sites.yaml:10:14: warning: no key\nsites.yaml:11:18: warning: no key"});
  expect_told(
      {with_mirror("    url: h.example:a\n    ssh_key: file:bad"), "sites.yaml:10:14: bad key"});
  expect_told({"operator: {key: bad}\n" + with_mirror("    url: /m"), "sites.yaml:1:17: bad key"});
}

TEST(Mirror, HasABranchThatGitTakes) {
  for (const std::string_view name :
       {"a..b",     "a//b",  "a/",    "/a",    ".a",    "a/.b",   "a.lock",
        "x.lock/y", "a.",    "-a",    "HEAD",  "'@'",   "'a@{b'", "'a b'",
        "'a~b'",    "'a^b'", "'a:b'", "'a?b'", "'a*b'", "'a[b'",  "'a\\b'"}) {
    const std::string text = told(with_mirror(fmt::format("    url: /m\n    branch: {}", name)));
    EXPECT_NE(text.find("sites.yaml:10:13: "), std::string::npos) << name << ": " << text;
    EXPECT_NE(text.find("is no name for a branch; write one such as main"), std::string::npos)
        << name << ": " << text;
  }
  EXPECT_FALSE(load(with_mirror("    url: /m\n    branch: \"x\\ty\"")).config);
  expect_told({with_mirror("    url: /m\n    branch: refs/heads/x"),
               "sites.yaml:10:13: a branch stands here without refs/heads/; write x"});
  for (const std::string_view name : {"main", "gh-pages", "ü/ö", "a@b", "lock/x.y", "head"})
    expect_silent(with_mirror(fmt::format("    url: /m\n    branch: {}", name)));
}

TEST(Mirror, IsUsedByOneSite) {
  expect_warned({with_site("mirrors:\n  - {name: m, url: /m}"),
                 "sites.yaml:7:5: warning: no site uses the mirror 'm'"});
  expect_told({with_site("    mirrors: [m, gihub, ~]\nmirrors:\n  - {name: m, url: /m}\n"
                         "  - {name: github, url: /n}\n  - {name: m, url: /o}"),
               "sites.yaml:6:18: there is no mirror 'gihub' (did you mean 'github'?)\n"
               "sites.yaml:6:25: expected text, found nothing\n"
               "sites.yaml:9:5: warning: no site uses the mirror 'github'\n"
               "sites.yaml:10:5: a second mirror 'm'; the first begins in line 8"});
  expect_told(
      {with_site("    mirrors: [m]\n  - name: b\n    discover: [{index: "
                 "\"https://f.example/\"}]\n    mirrors: [m]\nmirrors:\n  - {name: m, url: "
                 "/m}"),
       "sites.yaml:9:15: the mirror 'm' is already used by the site 'a' in line 6; a branch "
       "holds one site"});
}

}  // namespace
}  // namespace dandelion
