// SPDX-License-Identifier: MIT
#include "publish/host_api.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using State = HostVerdict::State;

constexpr Timestamp now{std::chrono::seconds{1'800'000'000}};

// The shapes in which the hosts answer, as their documentation shows them.
std::string verdict(HostKind kind, long status, const std::string& body,
                    const std::map<std::string, std::string>& headers = {}) {
  const HostVerdict found = judge(kind, {.status = status, .headers = headers, .body = body}, now);
  constexpr std::array names = {"live", "moved",        "taken down", "refused",
                                "gone", "rate limited", "unreachable"};
  return fmt::format("{}: {}", names.at(static_cast<std::size_t>(found.state)), found.detail);
}

TEST(Judge, KnowsARepositoryThatReadersSee) {
  EXPECT_EQ(verdict(HostKind::github, 200,
                    R"({"full_name": "a/b", "private": false, "archived": false,
                        "html_url": "https://github.com/a/b"})"),
            "live: https://github.com/a/b");
  EXPECT_EQ(verdict(HostKind::gitlab, 200,
                    R"({"path_with_namespace": "a/b", "visibility": "public",
                        "web_url": "https://gitlab.com/a/b"})"),
            "live: https://gitlab.com/a/b");
  EXPECT_EQ(verdict(HostKind::gitlab, 200,
                    R"({"path_with_namespace": "a/b", "web_url": "https://gitlab.com/a/b"})"),
            "live: https://gitlab.com/a/b")
      << "without a token GitLab does not say who sees it";
  EXPECT_EQ(verdict(HostKind::forgejo, 200,
                    R"({"full_name": "a/b", "private": false, "html_url": "https://c.org/a/b"})"),
            "live: https://c.org/a/b");
}

TEST(Judge, KnowsOneThatReadersDoNotSee) {
  EXPECT_EQ(verdict(HostKind::github, 200, R"({"private": true})"),
            "gone: it is private: readers do not see it");
  EXPECT_EQ(verdict(HostKind::gitlab, 200, R"({"visibility": "internal"})"),
            "gone: it is private: readers do not see it");
  EXPECT_EQ(verdict(HostKind::github, 200, R"({"private": false, "archived": true})"),
            "refused: it is archived");
  EXPECT_EQ(verdict(HostKind::github, 200, R"({"private": false, "disabled": true})"),
            "taken down: disabled by the host");
}

TEST(Judge, TellsATakedownFromAMissingPermission) {
  constexpr const char* dmca =
      R"({"message": "Repository access blocked", "block": {"reason": "dmca",
          "created_at": "2026-01-02T03:04:05Z",
          "html_url": "https://github.com/github/dmca/blob/master/2026/01/x.md"}})";
  EXPECT_EQ(verdict(HostKind::github, 451, dmca),
            "taken down: dmca, notice https://github.com/github/dmca/blob/master/2026/01/x.md");
  EXPECT_EQ(verdict(HostKind::github, 403,
                    R"({"message": "Repository access blocked", "block": {"reason": "tos"}})"),
            "taken down: tos");
  EXPECT_EQ(verdict(HostKind::github, 403,
                    R"({"message": "Resource not accessible by personal access token"})"),
            "refused: Resource not accessible by personal access token");
  EXPECT_EQ(
      verdict(HostKind::forgejo, 451, "", {{"link", "<https://c.example>; rel=\"blocked-by\""}}),
      "taken down: for legal reasons, blocked by https://c.example");
}

TEST(Judge, FindsTheNoticeWhereverItIsNamed) {
  EXPECT_EQ(
      verdict(HostKind::forgejo, 451,
              "<p>See <a href=\"https://h.example/style.css\">s</a> "
              "<a href='https://lumen.example/notices/7?t=1'>the notice</a></p>",
              {{"link", "<https://a.example>; rel=next, <https://b.example>; rel=blocked-by"}}),
      "taken down: for legal reasons, notice https://lumen.example/notices/7?t=1, blocked by "
      "https://b.example");
  EXPECT_EQ(verdict(HostKind::forgejo, 451, "nothing of use: http notice https:"),
            "taken down: for legal reasons");
  EXPECT_EQ(verdict(HostKind::github, 404, R"({"block": {"reason": "dmca"}})"), "gone: HTTP 404");
}

TEST(Judge, TellsMovedFromGone) {
  EXPECT_EQ(verdict(HostKind::github, 301,
                    R"({"message": "Moved Permanently",
                        "url": "https://api.github.com/repositories/7"})",
                    {{"location", "https://api.github.com/repositories/7"}}),
            "moved: https://api.github.com/repositories/7");
  EXPECT_EQ(verdict(HostKind::github, 404, R"({"message": "Not Found"})"), "gone: HTTP 404");
  EXPECT_EQ(verdict(HostKind::gitlab, 404, R"({"message": "404 Project Not Found"})"),
            "gone: HTTP 404");
}

TEST(Judge, SaysWhenToAskAgain) {
  EXPECT_EQ(verdict(HostKind::github, 403, R"({"message": "API rate limit exceeded"})",
                    {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1800000060"}}),
            "rate limited: 2027-01-15T08:01:00Z");
  EXPECT_EQ(verdict(HostKind::gitlab, 429, "Retry later", {{"retry-after", "60"}}),
            "rate limited: 2027-01-15T08:01:00Z");
  EXPECT_EQ(verdict(HostKind::gitlab, 429, "", {{"retry-after", "99999999999999"}}),
            "rate limited: later");
  EXPECT_EQ(verdict(HostKind::gitlab, 429, "", {{"retry-after", "Fri, 15 Jan 2027 08:02:00 GMT"}}),
            "rate limited: 2027-01-15T08:02:00Z");
  EXPECT_EQ(verdict(HostKind::gitlab, 429, "", {{"retry-after", "soon"}}), "rate limited: later");
}

TEST(Judge, KnowsGitHubsSecondLimitByItsWordsAlone) {
  const std::string body =
      R"({"message": "You have exceeded a secondary rate limit. Please wait a few minutes."})";
  EXPECT_EQ(verdict(HostKind::github, 403, body), "rate limited: 2027-01-15T08:01:00Z");
  EXPECT_EQ(verdict(HostKind::github, 403, body,
                    {{"x-ratelimit-remaining", "4990"}, {"x-ratelimit-reset", "1800003000"}}),
            "rate limited: 2027-01-15T08:01:00Z");
  EXPECT_EQ(verdict(HostKind::github, 403, body, {{"retry-after", "90"}}),
            "rate limited: 2027-01-15T08:01:30Z");
  EXPECT_EQ(verdict(HostKind::github, 403, R"({"message": "Forbidden"})"), "refused: Forbidden");
}

TEST(Judge, TrustsNoAnswer) {
  EXPECT_EQ(verdict(HostKind::github, 200, "<html>welcome</html>"),
            "unreachable: the answer is not what the host speaks");
  EXPECT_EQ(verdict(HostKind::github, 200, R"([1, 2])"),
            "unreachable: the answer is not what the host speaks");
  EXPECT_EQ(verdict(HostKind::github, 502, ""), "unreachable: HTTP 502");
  EXPECT_EQ(verdict(HostKind::github, 451, R"({"block": {"reason": "a\u001b[31m\nb"}})"),
            "taken down: a[31m; b");
  EXPECT_EQ(verdict(HostKind::github, 451, R"({"block": "no object"})"),
            "taken down: for legal reasons");
}

TEST(Judge, IsNotTakenDownByAnAnswerNestedWithoutEnd) {
  constexpr std::size_t levels = 400'000;
  const std::string body =
      R"({"message": )" + std::string(levels, '[') + std::string(levels, ']') + "}";
  EXPECT_LT(verdict(HostKind::gitlab, 403, body).size(), 400U);
}

std::string reading(long status, const std::map<std::string, std::string>& headers = {},
                    const std::string& url = "https://h.example/a/b",
                    const std::string& body = "") {
  const HostVerdict found =
      judge_reading({.status = status, .headers = headers, .body = body, .url = url}, now);
  constexpr std::array names = {"live", "moved",        "taken down", "refused",
                                "gone", "rate limited", "unreachable"};
  return fmt::format("{}: {}", names.at(static_cast<std::size_t>(found.state)), found.detail);
}

TEST(JudgeReading, KnowsATakedownOnAnyHost) {
  EXPECT_EQ(reading(200), "live: ");
  EXPECT_EQ(reading(451, {}, "", "Notice: https://h.example/takedown/12."),
            "taken down: for legal reasons, notice https://h.example/takedown/12");
  EXPECT_EQ(reading(403, {}, "", R"({"block": {"reason": "tos"}})"), "taken down: tos");
  EXPECT_EQ(reading(403), "refused: HTTP 403");
  EXPECT_EQ(reading(401), "refused: HTTP 401");
  EXPECT_EQ(reading(404), "gone: HTTP 404");
  EXPECT_EQ(reading(503), "unreachable: HTTP 503");
  EXPECT_EQ(reading(301, {{"location", "https://u:p@new.example/a"}}),
            "moved: https://new.example/a");
  EXPECT_EQ(reading(429, {{"retry-after", "5"}}), "rate limited: 2027-01-15T08:00:05Z");
}

TEST(JudgeReading, TakesASignInPageForNoPage) {
  EXPECT_EQ(reading(200, {}, "https://gitlab.example/users/sign_in?x=1"),
            "gone: it asks to sign in");
  EXPECT_EQ(reading(200, {}, "https://h.example/a/login-stories"), "live: ");
}

TEST(PlaceOf, ReadsTheAddress) {
  MirrorSettings mirror;
  mirror.url = "https://github.com/someone/news.git";
  EXPECT_EQ(place_of(mirror)->api, "https://api.github.com");
  EXPECT_EQ(place_of(mirror)->owner + "|" + place_of(mirror)->name, "someone|news");
  mirror.url = "git@gitlab.com:group/sub/news.git";
  EXPECT_EQ(place_of(mirror)->api, "https://gitlab.com/api/v4");
  EXPECT_EQ(place_of(mirror)->owner + "|" + place_of(mirror)->name, "group/sub|news");
  mirror.url = "ssh://git@altssh.gitlab.com:443/group/news.git";
  EXPECT_EQ(place_of(mirror)->api, "https://gitlab.com/api/v4");
  mirror.url = "ssh://git@ssh.github.com:443/someone/news.git";
  EXPECT_EQ(place_of(mirror)->api, "https://api.github.com");
  mirror.url = "https://git.example/a/b";
  EXPECT_FALSE(place_of(mirror));
  mirror.limits = "forgejo";
  EXPECT_EQ(place_of(mirror)->api, "https://git.example/api/v1");
  mirror.api = "http://127.0.0.1:1/api/";
  EXPECT_EQ(place_of(mirror)->api, "http://127.0.0.1:1/api");
  mirror.url = "/srv/a/b.git";
  EXPECT_FALSE(place_of(mirror));
}

TEST(RawFrontPage, IsWhereAReaderFindsIt) {
  MirrorSettings mirror;
  mirror.url = "https://github.com/a/b.git";
  mirror.public_url = "https://github.com/a/b/";
  EXPECT_EQ(raw_front_page(mirror), "https://github.com/a/b/raw/main/README.md");
  mirror.limits = "forgejo";
  mirror.folder = "docs";
  EXPECT_EQ(raw_front_page(mirror), "https://github.com/a/b/raw/branch/main/docs/README.md");
}

}  // namespace
}  // namespace dandelion
