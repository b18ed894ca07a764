// SPDX-License-Identifier: MIT
#include "fetch/transfer_engine.hpp"

#include <gtest/gtest.h>

#include "fetch/easy_handle.hpp"
#include "fetch/hostile_origin.hpp"

namespace dandelion {
namespace {

using test::HostileOrigin;

class TransferEngineTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { static const CurlLibrary library; }

  TransferEngineTest() {
    settings_.allow_private_addresses = true;
    settings_.retries = 0;
    settings_.timeout = std::chrono::seconds(5);
    settings_.robots = RobotsPolicy::ignore;
  }

  // Fetches everything in one run; the answers are in the order of the addresses.
  std::vector<Result<FetchedPage>> fetch(const std::vector<std::string>& urls,
                                         const Validators& validators = {}) {
    auto engine = TransferEngine::create(settings_);
    EXPECT_TRUE(engine) << engine.error().message;
    std::vector<std::optional<Result<FetchedPage>>> answers(urls.size());
    for (std::size_t i = 0; i < urls.size(); ++i) {
      (*engine)->add({urls[i], "test", validators}, [&answers, i](Result<FetchedPage> page) {
        EXPECT_FALSE(answers[i]) << "answered twice";
        answers[i].emplace(std::move(page));
      });
    }
    (*engine)->run();
    std::vector<Result<FetchedPage>> all;
    for (auto& answer : answers) {
      EXPECT_TRUE(answer) << "never answered";
      if (answer) all.push_back(std::move(*answer));
    }
    return all;
  }

  Error fail_to_fetch(const HostileOrigin& origin) {
    auto answers = fetch({origin.url("/")});
    EXPECT_FALSE(answers.at(0));
    return answers.at(0) ? Error{ErrorKind::storage, "fetched"} : answers.at(0).error();
  }

  NetworkSettings settings_;
};

TEST_F(TransferEngineTest, FetchesAPageWithItsValidators) {
  const HostileOrigin origin([](const std::string&) {
    return std::string(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=gbk\r\nETag: "
        "\"v1\"\r\nContent-Length: 2\r\n\r\nhi");
  });
  const auto answers = fetch({origin.url("/a#frag")});
  ASSERT_TRUE(answers[0]) << answers[0].error().message;
  EXPECT_EQ(answers[0]->body, "hi");
  EXPECT_EQ(answers[0]->content_type, "text/html; charset=gbk");
  EXPECT_EQ(answers[0]->validators.etag, "\"v1\"");
  EXPECT_EQ(answers[0]->url, origin.url("/a"));
}

TEST_F(TransferEngineTest, AsksConditionallyAndHears304) {
  const HostileOrigin origin([](const std::string& request) {
    const bool asked = request.find("If-None-Match: \"v1\"") != std::string::npos;
    return std::string(asked ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                             : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
  });
  const auto answers = fetch({origin.url("/")}, {"\"v1\"", ""});
  ASSERT_TRUE(answers[0]) << answers[0].error().message;
  EXPECT_TRUE(answers[0]->not_modified);
}

struct StatusCase {
  int status;
  ErrorKind kind;
};
class StatusMapping : public TransferEngineTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(StatusMapping, TellsWhatACallerCanDo) {
  const HostileOrigin origin([](const std::string&) {
    return fmt::format("HTTP/1.1 {} X\r\nContent-Length: 3\r\n\r\nbad", GetParam().status);
  });
  EXPECT_EQ(fail_to_fetch(origin).kind, GetParam().kind);
}

INSTANTIATE_TEST_SUITE_P(
    Table, StatusMapping,
    testing::Values(StatusCase{400, ErrorKind::refused}, StatusCase{401, ErrorKind::refused},
                    StatusCase{403, ErrorKind::refused}, StatusCase{404, ErrorKind::not_found},
                    StatusCase{410, ErrorKind::not_found}, StatusCase{429, ErrorKind::transient},
                    StatusCase{451, ErrorKind::refused}, StatusCase{500, ErrorKind::transient},
                    StatusCase{503, ErrorKind::transient}));

TEST_F(TransferEngineTest, TriesAgainWhereThatMayHelp) {
  settings_.retries = 2;
  int asked = 0;
  const HostileOrigin origin([&asked](const std::string&) {
    return std::string(++asked < 3 ? "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
                                   : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto answers = fetch({origin.url("/")});
  ASSERT_TRUE(answers[0]) << answers[0].error().message;
  EXPECT_EQ(asked, 3);
}

TEST_F(TransferEngineTest, GivesUpWhereTheServerWantsUsMuchLater) {
  settings_.retries = 5;
  int asked = 0;
  const HostileOrigin origin([&asked](const std::string&) {
    ++asked;
    return std::string("HTTP/1.1 429 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_NE(fail_to_fetch(origin).message.find("come back in 3600 s"), std::string::npos);
  EXPECT_EQ(asked, 1);
}

TEST_F(TransferEngineTest, FollowsRedirectsAndEndsALoop) {
  const HostileOrigin origin([](const std::string& request) {
    if (request.starts_with("GET /start "))
      return std::string("HTTP/1.1 302 F\r\nLocation: end#x\r\nContent-Length: 0\r\n\r\n");
    if (request.starts_with("GET /end "))
      return std::string("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend");
    if (request.starts_with("GET /loop "))
      return std::string("HTTP/1.1 301 M\r\nLocation: /loop2\r\nContent-Length: 0\r\n\r\n");
    if (request.starts_with("GET /loop2 "))
      return std::string("HTTP/1.1 301 M\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n");
    // A maze: every room leads to a new one.
    const std::string room = request.substr(4, request.find(' ', 4) - 4);
    return fmt::format("HTTP/1.1 302 F\r\nLocation: {}x\r\nContent-Length: 0\r\n\r\n", room);
  });
  const auto answers = fetch({origin.url("/start"), origin.url("/loop"), origin.url("/maze")});
  ASSERT_TRUE(answers[0]);
  EXPECT_EQ(answers[0]->url, origin.url("/end"));
  EXPECT_EQ(answers[0]->redirects, std::vector<std::string>{origin.url("/start")});
  EXPECT_EQ(answers[1].error().kind, ErrorKind::malformed);
  EXPECT_NE(answers[1].error().message.find("in a circle"), std::string::npos);
  EXPECT_EQ(answers[2].error().kind, ErrorKind::malformed);
  EXPECT_NE(answers[2].error().message.find("more than 10 redirects"), std::string::npos);
}

TEST_F(TransferEngineTest, NeverFollowsToAnotherScheme) {
  const HostileOrigin origin([](const std::string&) {
    return std::string(
        "HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(fail_to_fetch(origin).kind, ErrorKind::refused);
}

TEST_F(TransferEngineTest, RefusesPrivateAddressesByLiteralAndByName) {
  settings_.allow_private_addresses = false;
  const HostileOrigin origin([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const auto answers =
      fetch({origin.url("/"), "http://127.1/", "http://localhost/", "http://[::ffff:10.0.0.1]/"});
  for (const auto& answer : answers) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::refused) << answer.error().message;
    EXPECT_NE(answer.error().message.find("private_addresses: allow"), std::string::npos);
  }
  EXPECT_EQ(origin.connections(), 0);
}

TEST_F(TransferEngineTest, EndsABodyAtItsLimitAfterDecompression) {
  settings_.max_body = 100'000;
  const HostileOrigin bomb([](const std::string&) {
    const std::string body = test::gzip_of_zeros(50'000'000);
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                       body.size()) +
           body;
  });
  EXPECT_EQ(fail_to_fetch(bomb).kind, ErrorKind::too_large);
}

TEST_F(TransferEngineTest, EndsAHeaderThatDoesNotEnd) {
  const HostileOrigin endless([](const std::string&) {
    std::string answer = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 20'000; ++i)
      answer += fmt::format("X-{}: {}\r\n", i, std::string(40, 'x'));
    return answer + "\r\n";
  });
  EXPECT_EQ(fail_to_fetch(endless).kind, ErrorKind::too_large);
}

TEST_F(TransferEngineTest, TakesNoHalfPage) {
  const HostileOrigin short_body([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  EXPECT_EQ(fail_to_fetch(short_body).kind, ErrorKind::transient);
  const HostileOrigin short_chunk([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf");
  });
  EXPECT_EQ(fail_to_fetch(short_chunk).kind, ErrorKind::transient);
}

TEST_F(TransferEngineTest, GivesUpOnAnOriginThatSaysNothing) {
  settings_.timeout = std::chrono::milliseconds(1'000);
  const HostileOrigin silent([](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'500));
    return std::string();
  });
  const Error error = fail_to_fetch(silent);
  EXPECT_EQ(error.kind, ErrorKind::transient);
  EXPECT_NE(error.message.find("imed out"), std::string::npos) << error.message;
}

TEST_F(TransferEngineTest, ObeysRobotsAndAsksForThemOnce) {
  settings_.robots = RobotsPolicy::obey;
  int robots = 0;
  const HostileOrigin origin([&robots](const std::string& request) {
    if (request.starts_with("GET /robots.txt ")) {
      ++robots;
      return std::string(
          "HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\nUser-agent: *\nDisallow: /private\n");
    }
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const auto answers = fetch({origin.url("/a"), origin.url("/private/b"), origin.url("/c")});
  EXPECT_TRUE(answers[0]);
  EXPECT_EQ(answers[1].error().kind, ErrorKind::refused);
  EXPECT_TRUE(answers[2]);
  EXPECT_EQ(robots, 1);
}

TEST_F(TransferEngineTest, FetchesNothingWhereRobotsCannotBeHadAndAllWhereThereAreNone) {
  settings_.robots = RobotsPolicy::obey;
  int status = 503;
  const HostileOrigin origin([&status](const std::string& request) {
    if (request.starts_with("GET /robots.txt "))
      return fmt::format("HTTP/1.1 {} X\r\nContent-Length: 0\r\n\r\n", status);
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  EXPECT_NE(fail_to_fetch(origin).message.find("robots.txt could not be had"), std::string::npos);
  status = 403;
  EXPECT_TRUE(fetch({origin.url("/")})[0]);
}

TEST_F(TransferEngineTest, AnswersAThousandRequestsInOrderOfTheirOwn) {
  const HostileOrigin origin([](const std::string& request) {
    const std::string path = request.substr(4, request.find(' ', 4) - 4);
    return fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}", path.size(), path);
  });
  std::vector<std::string> urls;
  for (int i = 0; i < 1'000; ++i)
    urls.push_back(origin.url(fmt::format("/{}", i)));
  const auto answers = fetch(urls);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    ASSERT_TRUE(answers[i]) << answers[i].error().message;
    EXPECT_EQ(answers[i]->body, fmt::format("/{}", i));
  }
}

TEST_F(TransferEngineTest, GoesThroughNothingButTheProxy) {
  settings_.proxies = {{ProxyAddress::Scheme::socks5h, "", "127.0.0.1", test::closed_port()},
                       {ProxyAddress::Scheme::http, "", "127.0.0.1", test::closed_port()}};
  const HostileOrigin origin([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  const Error error = fail_to_fetch(origin);
  EXPECT_EQ(error.kind, ErrorKind::transient);
  EXPECT_NE(error.message.find("through socks5h://127.0.0.1:"), std::string::npos) << error.message;
  EXPECT_EQ(origin.connections(), 0);
}

TEST_F(TransferEngineTest, NamesAPasswordThatIsMissing) {
  settings_.proxies = {{ProxyAddress::Scheme::http, "user", "127.0.0.1", 1}};
  settings_.proxy_password =
      SecretSource{SecretSource::Kind::environment, "DANDELION_TEST_NO_SUCH_VARIABLE"};
  const auto engine = TransferEngine::create(settings_);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::bad_input);
  EXPECT_NE(engine.error().message.find("DANDELION_TEST_NO_SUCH_VARIABLE"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
