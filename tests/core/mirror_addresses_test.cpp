// SPDX-License-Identifier: MIT
#include "core/mirror_addresses.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

MirrorSettings at(const std::string& url, const std::string& limits = "") {
  MirrorSettings mirror;
  mirror.url = url;
  mirror.limits = limits;
  return mirror;
}

TEST(HostOf, IsAsReadersKnowIt) {
  EXPECT_EQ(host_of(at("https://Example.org:8443/a/b.git")), "example.org");
  EXPECT_EQ(host_of(at("http://[::1]:80/a")), "[::1]");
  EXPECT_EQ(host_of(at("ssh://git@example.org/a")), "example.org");
  EXPECT_EQ(host_of(at("git@example.org:a/b")), "example.org");
  EXPECT_EQ(host_of(at("ssh://git@altssh.gitlab.com:443/a/b.git")), "gitlab.com");
  EXPECT_EQ(host_of(at("ssh://git@ssh.github.com:443/a/b.git")), "github.com");
  EXPECT_EQ(host_of(at("file:///srv/a.git")), "");
  EXPECT_EQ(host_of(at("/srv/a.git")), "");
}

bool are_one(const std::string& one, const std::string& other, const std::string& limits = "") {
  const bool found = is_one_repository(at(one, limits), at(other, limits));
  EXPECT_EQ(is_one_repository(at(other, limits), at(one, limits)), found) << one << ' ' << other;
  return found;
}

TEST(OneRepository, IsOneByAllWaysIntoAKnownHost) {
  for (const char* url :
       {"https://github.com/Someone/news", "git@github.com:someone/News.git",
        "ssh://git@ssh.github.com:443/someone/news.git", "https://GitHub.com:443/someone/news/"})
    EXPECT_TRUE(are_one(url, "https://github.com/someone/news.git")) << url;
  EXPECT_TRUE(are_one("https://git.example/a/b", "git@git.example:A/b.git", "forgejo"));
  EXPECT_FALSE(are_one("https://git.example:1/a/b", "https://git.example:2/a/b", "forgejo"));
  EXPECT_FALSE(are_one("https://github.com/a/b", "https://gitlab.com/a/b"));
  EXPECT_FALSE(are_one("https://github.com/a/b", "https://github.com/a/bc"));
  EXPECT_FALSE(are_one("https://github.com/a", "https://github.com/b"));
}

TEST(OneRepository, IsOneByAllWaysIntoAForgeOfOnesOwn) {
  const std::vector<std::string> ways = {"ssh://git@forge.example:2222/o/r.git",
                                         "git@forge.example:o/r.git", "https://forge.example/o/r",
                                         "https://forge.example:8443/o/r.git/"};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k)
      EXPECT_EQ(are_one(ways[i], ways[k]), i != 3 || k != 2) << ways[i] << ' ' << ways[k];
    EXPECT_FALSE(are_one(ways[i], "git@forge.example:o/other.git")) << ways[i];
    EXPECT_FALSE(are_one(ways[i], "git@other.example:o/r.git")) << ways[i];
  }
}

TEST(OneRepository, IsNotGuessed) {
  EXPECT_TRUE(are_one("https://git.example/a/b.git", "http://git.example:80/a/b.git/"));
  EXPECT_FALSE(are_one("https://git.example/a/b.git", "https://git.example/a/B.git"));
  EXPECT_FALSE(are_one("git@git.example:a.git", "me@git.example:a.git"));
  EXPECT_FALSE(are_one("you@git.example:a/b.git", "me@git.example:a/b.git"));
  EXPECT_FALSE(are_one("git@git.example:a.git", "git@git.example:/a.git"));
  EXPECT_FALSE(are_one("https://git.example/a.git", "git@git.example:a.git"));
  EXPECT_TRUE(are_one("file:///srv/a.git", "/srv/b/../a.git/"));
  EXPECT_FALSE(are_one("/srv/a.git", "/srv/a"));
  EXPECT_FALSE(are_one("/o/r.git", "https://git.example/o/r.git"));
}

TEST(PublicAddress, IsToldByTheRepositorys) {
  for (const char* url :
       {"https://github.com/Someone/news.git", "git@github.com:Someone/news.git",
        "ssh://git@GitHub.com:22/Someone/news", "https://github.com/Someone/news/",
        "ssh://git@ssh.github.com:443/Someone/news.git"})
    EXPECT_EQ(public_address_of(at(url)), "https://github.com/Someone/news");
  EXPECT_EQ(public_address_of(at("https://gitlab.com/a/b/c.git")), "https://gitlab.com/a/b/c");
  EXPECT_EQ(public_address_of(at("git@git.example:a/b.git", "forgejo")), "https://git.example/a/b");
}

TEST(PublicAddress, IsNotGuessed) {
  for (const char* url : {"https://git.example/a/b.git", "/srv/a/b.git", "file:///srv/a/b.git",
                          "https://github.com/a", "https://github.com//", "", "github.com"})
    EXPECT_EQ(public_address_of(at(url)), "") << url;
  EXPECT_EQ(public_address_of(at("https://git.example/a/b.git", "none")), "");
}

TEST(PagesAddress, IsToldByTheRepositorys) {
  EXPECT_EQ(pages_address_of(at("https://github.com/Someone/News.git")),
            "https://someone.github.io/News/");
  EXPECT_EQ(pages_address_of(at("git@github.com:Someone/someone.github.io.git")),
            "https://someone.github.io/");
  EXPECT_EQ(pages_address_of(at("https://gitlab.com/group/sub/news")),
            "https://group.gitlab.io/sub/news/");
  EXPECT_EQ(pages_address_of(at("https://gitlab.com/group/group.gitlab.io")),
            "https://group.gitlab.io/");
  MirrorSettings berg = at("https://codeberg.org/someone/news.git");
  EXPECT_EQ(pages_address_of(berg), "https://someone.codeberg.page/news/@main/");
  berg.branch = "pages";
  EXPECT_EQ(pages_address_of(berg), "https://someone.codeberg.page/news/");
  berg.folder = "my docs/news";
  EXPECT_EQ(pages_address_of(berg), "https://someone.codeberg.page/news/my%20docs/news/");
  EXPECT_EQ(pages_address_of(at("https://git.example/a/b.git", "gitlab")), "");
}

std::string obstacle(const std::string& url, const std::string& folder,
                     const std::string& branch = "main") {
  MirrorSettings mirror = at(url);
  mirror.folder = folder;
  mirror.branch = branch;
  return pages_obstacle_of(mirror);
}

TEST(PagesObstacle, IsAFolderThatTheHostDoesNotServe) {
  EXPECT_EQ(obstacle("git@github.com:a/b.git", "site"),
            "GitHub makes Pages of the top of a branch or of its folder /docs, and none of /site");
  for (const char* folder : {"", "docs"})
    EXPECT_EQ(obstacle("git@github.com:a/b.git", folder), "") << folder;
  for (const char* url : {"git@gitlab.com:a/b.git", "git@codeberg.org:a/b.git", "/srv/b.git"})
    EXPECT_EQ(obstacle(url, "site"), "") << url;
  EXPECT_NE(obstacle("git@gitlab.com:a/b.git", "", "a\"b"), "");
}

}  // namespace
}  // namespace dandelion
