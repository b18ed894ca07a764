// SPDX-License-Identifier: MIT
#include "archive/followed_links.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

CapturedPage page(const std::string& url, const std::vector<std::string>& links) {
  CapturedPage captured;
  captured.asked = captured.page.url = url;
  captured.page.content_type = "text/html; charset=utf-8";
  captured.is_html = true;
  for (const std::string& link : links)
    captured.page.body += "<a href=\"" + link + "\">link</a>";
  return captured;
}

std::vector<std::string> urls(const std::vector<WantedPage>& pages) {
  std::vector<std::string> found;
  for (const WantedPage& each : pages)
    found.push_back(each.url);
  return found;
}

using Urls = std::vector<std::string>;
constexpr const char* home = "https://news.example/";

TEST(FollowedLinks, GoAsDeepAsAskedAndToEachAddressOnce) {
  FollowedLinks links({.depth = 2}, {home, "https://news.example/named"});
  const auto first =
      links.choose({home}, page(home, {"/a", "/a#part", "/named", "/", "https://other.example/b"}));
  EXPECT_EQ(urls(first), (Urls{"https://news.example/a", "https://other.example/b"}));
  const auto second = links.choose(first[0], page(first[0].url, {"/c", "https://other.example/b"}));
  EXPECT_EQ(urls(second), (Urls{"https://news.example/c"}));
  EXPECT_TRUE(links.choose(second[0], page(second[0].url, {"/d"})).empty());
  EXPECT_TRUE(FollowedLinks({}, {home}).choose({home}, page(home, {"/a"})).empty());
}

TEST(FollowedLinks, StayWithinTheSiteOfThePageThatWasNamed) {
  FollowedLinks links({.depth = 3, .same_site = true}, {home});
  const auto first = links.choose(
      {home}, page(home, {"https://img.news.example/a", "https://other.example/", "mailto:x@y"}));
  EXPECT_EQ(urls(first), (Urls{"https://img.news.example/a"}));
  EXPECT_EQ(urls(links.choose(first[0], page(first[0].url, {"https://news.example/c"}))),
            (Urls{"https://news.example/c"}));
}

TEST(FollowedLinks, AreBoundedInAll) {
  FollowedLinks links({.depth = 9, .most = 3}, {home});
  Urls many;
  for (int day = 0; day < 10; ++day)
    many.push_back("/calendar?day=" + std::to_string(day));
  const auto first = links.choose({home}, page(home, many));
  EXPECT_EQ(first.size(), 3U);
  EXPECT_EQ(links.left_out(), 7U);
  EXPECT_TRUE(links.choose(first[0], page(first[0].url, {"/more"})).empty());
}

TEST(FollowedLinks, DoNotLeadFromThePublicIntoAPrivateNetwork) {
  FollowedLinks links({.depth = 1}, {home});
  EXPECT_TRUE(links
                  .choose({home}, page(home, {"http://192.168.1.1/", "http://localhost/",
                                              "http://[::1]/", "http://169.254.169.254/"}))
                  .empty());
  const char* inside = "http://192.168.1.2/";
  EXPECT_EQ(links.choose({inside}, page(inside, {"http://192.168.1.1/"})).size(), 1U);
}

}  // namespace
}  // namespace dandelion
