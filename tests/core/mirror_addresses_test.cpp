// SPDX-License-Identifier: MIT
#include "core/mirror_addresses.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

MirrorSettings at(const std::string& url, const std::string& limits = "") {
  MirrorSettings mirror;
  mirror.url = url;
  mirror.limits = limits;
  return mirror;
}

TEST(PublicAddress, IsToldByTheRepositorys) {
  for (const char* url :
       {"https://github.com/Someone/news.git", "git@github.com:Someone/news.git",
        "ssh://git@GitHub.com:22/Someone/news", "https://github.com/Someone/news/"})
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
  EXPECT_EQ(pages_address_of(at("https://git.example/a/b.git", "gitlab")), "");
}

}  // namespace
}  // namespace dandelion
