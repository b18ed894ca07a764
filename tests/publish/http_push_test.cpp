// SPDX-License-Identifier: MIT
#include <algorithm>

#include "publish/git_server.hpp"
#include "publish/patient_push.hpp"
#include "publish/push_fixture.hpp"

namespace dandelion {
namespace {

namespace fs = std::filesystem;
using test::run;

constexpr const char* token = "DANDELION_TEST_TOKEN";
constexpr const char* wrong_token = "DANDELION_TEST_WRONG";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

ProxyAddress proxy(ProxyAddress::Scheme scheme, std::uint16_t port) {
  return {.scheme = scheme, .user = {}, .host = "127.0.0.1", .port = port};
}

// Pushes to git's own server.
class HttpPushTest : public test::PushFixture {
 protected:
  void SetUp() override {
    if (!test::GitServer::is_installed())
      GTEST_SKIP() << "nginx, fcgiwrap, git-http-backend or openssl is missing";
    server_ = std::make_unique<test::GitServer>();
    remote_ = server_->repositories() / "site.git";
    make_remote(remote_);
  }
  void hook(const std::string& name, const std::string& script) const {
    test::write_text(remote_ / "hooks" / name, "#!/bin/sh\n" + script);
    fs::permissions(remote_ / "hooks" / name, fs::perms::owner_all);
  }

  std::unique_ptr<test::GitServer> server_;
  fs::path remote_;
};

TEST_F(HttpPushTest, BringsAMirrorUpToDateWithAToken) {
  const auto first = push_to(server_->url("/auth/site.git"), token);
  ASSERT_TRUE(first.has_value()) << first.error().message;
  EXPECT_EQ(first->commit, repository_.head().value());
  expect_mirrored(remote_);
  EXPECT_TRUE(push_to(server_->url("/auth/site.git/"), token)->up_to_date);
  commit("README.md", "# Hello again\n");
  ASSERT_TRUE(push_to(server_->url("/auth/site.git"), token).has_value());
  expect_mirrored(remote_);

  const auto requests = server_->requests();
  EXPECT_EQ(count(requests, "GET /auth/site.git/info/refs?service=git-receive-pack 200"), 3U)
      << requests;
  EXPECT_EQ(count(requests, "POST /auth/site.git/git-receive-pack 200"), 2U) << requests;
  EXPECT_EQ(count(requests, " 401 "), 0U) << "the token goes with the first request";
  EXPECT_EQ(count(requests,
                  "type=application/x-git-receive-pack-request "
                  "accept=application/x-git-receive-pack-result"),
            2U);
  EXPECT_EQ(count(requests, "te=chunked"), 0U) << requests;
  EXPECT_EQ(count(requests, "expect=-"), 5U) << requests;
  EXPECT_EQ(count(requests, "agent=git/"), 5U) << requests;
  EXPECT_EQ(count(requests, "Dandelion"), 0U) << requests;
}

TEST_F(HttpPushTest, PushesWithoutATokenWhereNoneIsAskedFor) {
  const auto outcome = push_to(server_->url("/open/site.git"));
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
  const auto requests = server_->requests();
  EXPECT_EQ(count(requests, "auth=-"), 2U);
  const auto first = requests.substr(requests.find("connection="));
  EXPECT_EQ(count(requests, first.substr(0, first.find('\n') + 1)), 2U)
      << "both go over one connection, which costs seconds to make through Tor: " << requests;
}

TEST_F(HttpPushTest, SaysThatATokenWasNotAccepted) {
  expect_failure(push_to(server_->url("/auth/site.git"), wrong_token), ErrorKind::refused,
                 "the token was not accepted (HTTP 401)");
  expect_failure(push_to(server_->url("/auth/site.git")), ErrorKind::refused, "asks for a token");
}

TEST_F(HttpPushTest, PassesOnTheWordsOfARemoteThatTakesNoPushes) {
  ASSERT_EQ(run({"git", "-C", remote_.string(), "config", "http.receivepack", "false"}).code, 0);
  expect_failure(push_to(server_->url("/auth/site.git"), token), ErrorKind::refused, "HTTP 403");
  expect_failure(push_to(server_->url("/forbidden/site.git")), ErrorKind::refused,
                 "Write access denied[31m by policy");
}

TEST_F(HttpPushTest, PassesOnTheWordsOfAHookThatRefuses) {
  hook("pre-receive",
       "echo 'Quota exceeded:' >&2; printf 'ask \\033[31mthe\\007 admin\\n' >&2; exit 1\n");
  const auto outcome = push_to(server_->url("/auth/site.git"), token);
  expect_failure(outcome, ErrorKind::refused,
                 "pre-receive hook declined: Quota exceeded:; ask [31mthe admin");
  EXPECT_EQ(at(remote_), "");
}

TEST_F(HttpPushTest, BoundsTheWordsOfAChattyHook) {
  hook("pre-receive",
       "i=0; while [ $i -lt 3000 ]; do echo 'some line that says nothing new, again and again' "
       ">&2; i=$((i+1)); done; exit 1\n");
  const auto outcome = push_to(server_->url("/auth/site.git"), token);
  expect_failure(outcome, ErrorKind::refused, "pre-receive hook declined");
  EXPECT_LT(outcome.error().message.size(), 1000U);
}

TEST_F(HttpPushTest, DoesNotSendAnythingToAMirrorThatMovedOn) {
  ASSERT_TRUE(push_to(server_->url("/auth/site.git"), token).has_value());
  move_on(remote_);
  const auto theirs = at(remote_);
  commit("a", "1");
  expect_failure(push_to(server_->url("/auth/site.git"), token), ErrorKind::conflict,
                 "commits that we do not have");
  EXPECT_EQ(at(remote_), theirs);
  EXPECT_EQ(count(server_->requests(), "POST"), 1U);
}

TEST_F(HttpPushTest, KnowsAPushThatCameFirstFromARefusal) {
  ASSERT_TRUE(push_to(server_->url("/auth/site.git"), token).has_value());
  commit("a", "1");
  // Between our look at the branch and our pack, somebody moves it.
  hook("pre-receive",
       "unset GIT_QUARANTINE_PATH; git update-ref refs/heads/main "
       "$(git -c user.name=o -c user.email=o@i commit-tree -m theirs -p main main^{tree})\n");
  expect_failure(push_to(server_->url("/auth/site.git"), token), ErrorKind::conflict,
                 "moved by another push");
}

TEST_F(HttpPushTest, StreamsABigPackInChunks) {
  commit("noise", test::noise(30'000'000));
  const auto outcome = push_to(server_->url("/auth/site.git"), token);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
  EXPECT_EQ(count(server_->requests(), "te=chunked"), 1U) << server_->requests();
}

TEST_F(HttpPushTest, TellsHowFarItIs) {
  commit("noise", test::noise(300'000));
  std::uint64_t sent = 0;
  std::size_t done = 0;
  std::size_t total = 0;
  options_.progress = [&](const PushProgress& progress) {
    if (progress.stage != PushProgress::Stage::sending) return;
    sent = progress.bytes;
    done = progress.done;
    total = progress.total;
  };
  ASSERT_TRUE(push_to(server_->url("/auth/site.git"), token).has_value());
  EXPECT_GT(sent, 300'000U);
  EXPECT_EQ(done, total);
  EXPECT_EQ(total, 6U) << "two commits, two trees, two files";
}

TEST_F(HttpPushTest, SpeaksTlsAndHttp2) {
  commit("noise", test::noise(3'000'000));
  expect_failure(push_to(server_->tls_url("/auth/site.git"), token), ErrorKind::refused, "");
  EXPECT_EQ(server_->requests(), "") << "nothing is sent to a server that cannot prove itself";
  network_.ca_file = server_->certificate();
  const auto outcome = push_to(server_->tls_url("/auth/site.git"), token);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
  EXPECT_EQ(count(server_->requests(), " 200 HTTP/2.0 "), 2U) << server_->requests();
}

TEST_F(HttpPushTest, TellsStatusesApart) {
  const auto status = [this](int code) {
    return push_to(server_->url(fmt::format("/status/{}/site.git", code)));
  };
  expect_failure(status(404), ErrorKind::not_found, "HTTP 404");
  expect_failure(status(410), ErrorKind::not_found, "HTTP 410");
  expect_failure(status(413), ErrorKind::too_large, "HTTP 413");
  expect_failure(status(429), ErrorKind::transient, "429");
  expect_failure(status(451), ErrorKind::refused, "451");
  expect_failure(status(500), ErrorKind::transient, "500");
  expect_failure(status(503), ErrorKind::transient, "503");
  expect_failure(push_to(server_->url("/html/site.git")), ErrorKind::malformed,
                 "does not answer as a Git server (it sent text/html)");
  expect_failure(push_to(server_->url("/open/absent.git")), ErrorKind::not_found, "HTTP 404");
}

TEST_F(HttpPushTest, PassesOnHowLongTheHostWantsToBeLeftAlone) {
  const auto outcome = push_to(server_->url("/busy/site.git"));
  expect_failure(outcome, ErrorKind::transient, "429");
  EXPECT_EQ(outcome.error().retry_after, std::chrono::seconds(7));
}

TEST_F(HttpPushTest, TriesAgainWhereThatMayHelp) {
  MirrorSettings mirror;
  mirror.name = "backup";
  network_.retries = 2;
  PushPace pace;
  mirror.url = server_->url("/status/503/site.git");
  expect_failure(push_patiently(repository_, mirror, network_, {}, pace), ErrorKind::transient,
                 "503");
  EXPECT_EQ(count(server_->requests(), "/status/503/"), 3U);

  mirror.url = server_->url("/status/404/site.git");
  expect_failure(push_patiently(repository_, mirror, network_, {}, pace), ErrorKind::not_found,
                 "404");
  EXPECT_EQ(count(server_->requests(), "/status/404/"), 1U);

  mirror.url = server_->url("/busy-for-long/site.git");
  const auto left_alone = push_patiently(repository_, mirror, network_, {}, pace);
  expect_failure(left_alone, ErrorKind::transient, "left alone for 3600 s");
  EXPECT_EQ(left_alone.error().retry_after, std::chrono::seconds(3600)) << "not out of reach";
  EXPECT_EQ(count(server_->requests(), "/busy-for-long/"), 1U);
}

TEST_F(HttpPushTest, SaysThatThePackIsTooLargeForTheServer) {
  commit("noise", test::noise(100'000));
  expect_failure(push_to(server_->url("/small/site.git")), ErrorKind::too_large, "HTTP 413");
  commit("more", test::noise(20'000'000));
  expect_failure(push_to(server_->url("/small/site.git")), ErrorKind::too_large, "HTTP 413");
}

TEST_F(HttpPushTest, FollowsTheFirstRequestOfAMirrorThatMoved) {
  const auto outcome = push_to(server_->url("/moved/site.git"), token);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
  EXPECT_EQ(count(server_->requests(), "POST /auth/site.git/git-receive-pack 200"), 1U);
}

TEST_F(HttpPushTest, TakesNoTokenToAnotherHost) {
  expect_failure(push_to(server_->url("/away/site.git"), token), ErrorKind::refused,
                 "and the token is for http://127.0.0.1:");
  EXPECT_EQ(count(server_->requests(), "auth=Basic"), 1U) << server_->requests();
  EXPECT_TRUE(push_to(server_->url("/away-open/site.git"), token).has_value());
  EXPECT_EQ(count(server_->requests(), "auth=Basic"), 2U) << server_->requests();
}

TEST_F(HttpPushTest, RefusesRedirectsThatLeadAstray) {
  expect_failure(push_to(server_->url("/loop/site.git"), token), ErrorKind::refused,
                 "more than 5 times");
  EXPECT_EQ(count(server_->requests(), "GET /loop"), 6U);
  expect_failure(push_to(server_->url("/to-file/site.git")), ErrorKind::refused, "");
  expect_failure(push_to(server_->url("/to-page/site.git")), ErrorKind::malformed,
                 "does not answer as a Git server");
  network_.ca_file = server_->certificate();
  expect_failure(push_to(server_->tls_url("/to-http/site.git"), token), ErrorKind::refused,
                 "from https to http");
}

TEST_F(HttpPushTest, GivesUpOnAServerThatStandsStill) {
  const test::SilentSocket silent;
  silent.listen();
  network_.timeout = std::chrono::seconds(1);
  expect_failure(push_to(fmt::format("http://127.0.0.1:{}/site.git", silent.port())),
                 ErrorKind::transient, "");
}

TEST_F(HttpPushTest, CallsAClosedPortTransient) {
  expect_failure(push_to(fmt::format("http://127.0.0.1:{}/site.git", test::free_ports(1)[0])),
                 ErrorKind::transient, "");
}

TEST_F(HttpPushTest, GoesThroughSocks) {
  const auto program = test::find_program("microsocks");
  if (program.empty()) GTEST_SKIP() << "microsocks is missing";
  const auto log = folder_ / "socks.log";
  auto [socks, ports] = test::start_server(1, log, [&](const auto& chosen) {
    return std::vector<std::string>{program, "-i", "127.0.0.1", "-p", std::to_string(chosen[0])};
  });
  network_.proxies = {proxy(ProxyAddress::Scheme::socks5h, ports[0])};
  network_.ca_file = server_->certificate();
  commit("noise", test::noise(3'000'000));
  const auto outcome = push_to(server_->tls_url("/auth/site.git"), token);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
  EXPECT_NE(test::file_text(log).find("127.0.0.1"), std::string::npos)
      << "the proxy saw the connection";

  socks.stop();
  const auto before = server_->requests();
  commit("a", "1");
  expect_failure(push_to(server_->tls_url("/auth/site.git"), token), ErrorKind::transient, "");
  EXPECT_EQ(server_->requests(), before) << "nothing goes past a proxy that is down";
}

TEST_F(HttpPushTest, GoesThroughSquid) {
  const auto program = test::find_program("squid");
  if (program.empty()) GTEST_SKIP() << "squid is missing";
  fs::permissions(folder_.path(), fs::perms::all);  // as root, squid becomes another user
  const auto [squid, ports] = test::start_server(1, folder_ / "squid.out", [&](const auto& chosen) {
    test::write_text(
        folder_ / "squid.conf",
        fmt::format(
            "http_port 127.0.0.1:{}\nhttp_access allow all\ncache deny all\naccess_log none\n"
            "cache_log {}\npid_filename none\nvisible_hostname localhost\nshutdown_lifetime 0 "
            "seconds\n"
            "pinger_enable off\nnetdb_filename none\ncoredump_dir none\n",
            chosen[0], (folder_ / "squid.log").string()));
    // Its shared memory is named after the service: other squids on this machine have theirs.
    return std::vector<std::string>{program, "-N",
                                    "-n",    fmt::format("dandelion{}", chosen[0]),
                                    "-f",    (folder_ / "squid.conf").string()};
  });
  network_.proxies = {proxy(ProxyAddress::Scheme::http, ports[0])};
  commit("noise", test::noise(3'000'000));
  const auto plain = push_to(server_->url("/open/site.git"));
  ASSERT_TRUE(plain.has_value()) << plain.error().message;
  commit("README.md", "# Over TLS\n");
  network_.ca_file = server_->certificate();
  const auto tunnelled = push_to(server_->tls_url("/auth/site.git"), token);
  ASSERT_TRUE(tunnelled.has_value()) << tunnelled.error().message;
  expect_mirrored(remote_);
}

TEST_F(HttpPushTest, ShowsNoProxyATokenInClearText) {
  const test::SilentSocket silent;
  silent.listen();
  for (const auto scheme : {ProxyAddress::Scheme::http, ProxyAddress::Scheme::socks5h}) {
    network_.proxies = {proxy(scheme, silent.port())};
    expect_failure(push_to(server_->url("/auth/site.git"), token), ErrorKind::refused,
                   "the token would go in clear text to the proxy ");
  }
  EXPECT_EQ(server_->requests(), "");
}

TEST_F(HttpPushTest, TriesTheProxiesInOrder) {
  const auto program = test::find_program("microsocks");
  if (program.empty()) GTEST_SKIP() << "microsocks is missing";
  auto [socks, ports] = test::start_server(1, folder_ / "socks.log", [&](const auto& chosen) {
    return std::vector<std::string>{program, "-i", "127.0.0.1", "-p", std::to_string(chosen[0])};
  });
  const test::SilentSocket silent;
  silent.listen();
  network_.timeout = std::chrono::seconds(2);
  network_.ca_file = server_->certificate();
  network_.proxies = {proxy(ProxyAddress::Scheme::http, test::free_ports(1)[0]),
                      proxy(ProxyAddress::Scheme::socks5h, silent.port()),
                      proxy(ProxyAddress::Scheme::socks5h, ports[0])};
  const auto outcome = push_to(server_->tls_url("/auth/site.git"), token);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
  expect_mirrored(remote_);
}

TEST_F(HttpPushTest, SendsNothingWhenAllProxiesAreDead) {
  const auto ports = test::free_ports(3);
  network_.proxies = {proxy(ProxyAddress::Scheme::socks5h, ports[0]),
                      proxy(ProxyAddress::Scheme::http, ports[1]),
                      proxy(ProxyAddress::Scheme::socks4a, ports[2])};
  ::setenv("no_proxy", "*", 1);  // the environment has no say
  expect_failure(push_to(server_->tls_url("/auth/site.git"), token), ErrorKind::transient, "");
  ::unsetenv("no_proxy");
  EXPECT_EQ(server_->requests(), "");
  EXPECT_EQ(at(remote_), "");
}

}  // namespace
}  // namespace dandelion
