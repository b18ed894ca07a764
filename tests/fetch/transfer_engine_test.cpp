// SPDX-License-Identifier: MIT
#include "fetch/transfer_engine.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "fetch/body_sink.hpp"
#include "fetch/easy_handle.hpp"
#include "fetch/exchange_recorder.hpp"
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

TEST_F(TransferEngineTest, LeavesAHostAloneThatHasHadEnough) {
  settings_.retries = 1;
  settings_.connections_per_host = 1;
  int asked = 0;
  const HostileOrigin origin([&asked](const std::string&) {
    ++asked;
    return std::string("HTTP/1.1 503 No\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n");
  });
  for (const auto& answer : fetch({origin.url("/1"), origin.url("/2"), origin.url("/3")})) {
    ASSERT_FALSE(answer);
    EXPECT_NE(answer.error().message.find("come back in 3600 s"), std::string::npos);
  }
  EXPECT_EQ(asked, 1);
}

TEST_F(TransferEngineTest, WaitsWithAllRequestsOfAHostThatAsksForIt) {
  settings_.retries = 1;
  settings_.connections_per_host = 1;
  std::vector<std::chrono::steady_clock::time_point> asked;
  const HostileOrigin origin([&asked](const std::string&) {
    asked.push_back(std::chrono::steady_clock::now());
    return std::string(asked.size() == 1
                           ? "HTTP/1.1 429 No\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
                           : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  for (const auto& answer : fetch({origin.url("/1"), origin.url("/2")}))
    EXPECT_TRUE(answer);
  ASSERT_EQ(asked.size(), 3U);
  EXPECT_GE(asked[1] - asked[0], std::chrono::milliseconds(900));
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

std::string answer_with(std::string_view body, std::string_view headers = "") {
  return fmt::format("HTTP/1.1 200 OK\r\n{}Content-Length: {}\r\n\r\n{}", headers, body.size(),
                     body);
}

// An origin with these rules; `asked` counts how often it was asked for them.
HostileOrigin::Answer with_robots(std::string rules, int& asked) {
  return [rules = std::move(rules), &asked](const std::string& request) {
    if (!request.starts_with("GET /robots.txt ")) return answer_with("ok");
    ++asked;
    return answer_with(rules);
  };
}

TEST_F(TransferEngineTest, ObeysRobotsAndAsksForThemOnce) {
  settings_.robots = RobotsPolicy::obey;
  int robots = 0;
  const HostileOrigin origin(with_robots("User-agent: *\nDisallow: /private", robots));
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

// What came of one request that is more than an address.
Result<FetchedPage> fetch_one(const NetworkSettings& settings, FetchRequest request,
                              const EngineMemory& memory = {}) {
  auto engine = TransferEngine::create(settings, memory);
  if (!engine) return tl::unexpected(engine.error());
  std::optional<Result<FetchedPage>> answer;
  (*engine)->add(std::move(request),
                 [&answer](Result<FetchedPage> page) { answer.emplace(std::move(page)); });
  (*engine)->run();
  return answer ? std::move(*answer) : fail(ErrorKind::storage, "never answered");
}

TEST_F(TransferEngineTest, GivesUpOnABodyThatDripsForEver) {
  settings_.timeout = std::chrono::milliseconds(1'200);
  const HostileOrigin drip(
      [](const std::string&) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'x');
      },
      std::chrono::milliseconds(50));
  const Error error = fail_to_fetch(drip);
  EXPECT_EQ(error.kind, ErrorKind::transient);
  EXPECT_NE(error.message.find("imed out"), std::string::npos) << error.message;
}

TEST_F(TransferEngineTest, TakesNoPageWhoseCompressionIsBroken) {
  std::string packed = test::gzip_of_zeros(100'000);
  packed.resize(packed.size() / 2);
  const HostileOrigin cut(
      [&packed](const std::string&) { return answer_with(packed, "Content-Encoding: gzip\r\n"); });
  EXPECT_FALSE(fetch({cut.url("/")})[0]);
  const HostileOrigin no_gzip(
      [](const std::string&) { return answer_with("plain text", "Content-Encoding: gzip\r\n"); });
  EXPECT_FALSE(fetch({no_gzip.url("/")})[0]);
}

TEST_F(TransferEngineTest, TakesNoPageThatBreaksOffInTheMiddle) {
  const HostileOrigin reset(
      [](const std::string&) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + std::string(50'000, 'x');
      },
      {}, HostileOrigin::End::reset);
  EXPECT_EQ(fail_to_fetch(reset).kind, ErrorKind::transient);
}

// Ten gigabytes of zeros, packed in ten megabytes: the limit is reached after the first of them.
TEST_F(TransferEngineTest, EndsABombWithoutUnpackingIt) {
  settings_.max_body = 1U << 20;
  const std::string member = test::gzip_of_zeros(64U << 20);
  const HostileOrigin bomb([&member](const std::string&) {
    std::string body;
    for (int i = 0; i < 160; ++i)
      body += member;
    return answer_with(body, "Content-Encoding: gzip\r\n");
  });
  EXPECT_EQ(fail_to_fetch(bomb).kind, ErrorKind::too_large);
}

TEST_F(TransferEngineTest, ReadsAnErrorsBodyNoFurtherThanItMust) {
  const HostileOrigin endless([](const std::string&) {
    return "HTTP/1.1 404 Not Found\r\nContent-Length: 99999999999\r\n\r\n" +
           std::string(2'000'000, 'x');
  });
  EXPECT_EQ(fail_to_fetch(endless).kind, ErrorKind::not_found);
}

TEST_F(TransferEngineTest, StreamsABodyIntoAFile) {
  const std::string body(3'000'000, 'b');
  const HostileOrigin origin([&body](const std::string&) { return answer_with(body); });
  const auto path = std::filesystem::path(testing::TempDir()) / "dandelion-sink-test";
  const auto page =
      fetch_one(settings_,
                {.url = origin.url("/"), .site = "test", .sink = std::make_shared<FileSink>(path)});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->body, "");
  EXPECT_EQ(std::filesystem::file_size(path), body.size());
  std::filesystem::remove(path);
}

TEST_F(TransferEngineTest, LeavesNothingOfABodyThatBroke) {
  const HostileOrigin origin([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  const auto path = std::filesystem::path(testing::TempDir()) / "dandelion-sink-broken";
  EXPECT_FALSE(fetch_one(
      settings_,
      {.url = origin.url("/"), .site = "test", .sink = std::make_shared<FileSink>(path)}));
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".part"));
}

struct Recording final : ExchangeRecorder {
  struct Exchange {
    std::string request, header, body;
    ExchangeFacts facts;
  };
  std::vector<Exchange> done;
  Exchange now;
  void request(std::string_view header) override { now = {std::string(header), {}, {}, {}}; }
  void response_header(std::string_view lines) override { now.header += lines; }
  void response_body(std::string_view bytes) override { now.body += bytes; }
  void finished(const ExchangeFacts& facts) override {
    now.facts = facts;
    done.push_back(std::move(now));
  }
};

TEST_F(TransferEngineTest, RecordsExchangesAsTheyWentOverTheWire) {
  const std::string packed = test::gzip_of_zeros(1'000);
  const HostileOrigin origin([&packed](const std::string& request) {
    if (request.starts_with("GET /a "))
      return std::string("HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 2\r\n\r\nhi");
    return fmt::format(
        "HTTP/1.1 200 Fine\r\nContent-Encoding: gzip\r\nTransfer-Encoding: "
        "chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        packed.size(), packed);
  });
  const auto recorder = std::make_shared<Recording>();
  const auto page =
      fetch_one(settings_, {.url = origin.url("/a"), .site = "test", .recorder = recorder});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->body, std::string(1'000, '\0'));
  ASSERT_EQ(recorder->done.size(), 2U);
  EXPECT_TRUE(recorder->done[0].request.starts_with("GET /a HTTP/1.1\r\n"));
  EXPECT_EQ(recorder->done[0].body, "hi");
  EXPECT_TRUE(recorder->done[1].header.starts_with("HTTP/1.1 200 Fine\r\n"));
  EXPECT_EQ(recorder->done[1].body, fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", packed.size(), packed));
  EXPECT_EQ(recorder->done[1].facts.url, origin.url("/b"));
  EXPECT_EQ(recorder->done[1].facts.remote_address, "127.0.0.1");
  EXPECT_EQ(recorder->done[1].facts.error, "");
}

TEST_F(TransferEngineTest, RecordsNoSecrets) {
  const HostileOrigin origin([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  settings_.sites["test"].own_domains = {"127.0.0.1"};
  settings_.sites["test"].is_over_http = true;
  settings_.sites["test"].headers.push_back({"X-Key", "k3y", {}});
  const auto recorder = std::make_shared<Recording>();
  const auto page =
      fetch_one(settings_, {.url = origin.url("/"), .site = "test", .recorder = recorder});
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(recorder->done.size(), 1U);
  EXPECT_EQ(recorder->done[0].request.find("k3y"), std::string::npos);
  EXPECT_TRUE(recorder->done[0].request.ends_with("\r\n\r\n"));
}

TEST_F(TransferEngineTest, AsksASecondProxyBeforeAPageIsGone) {
  int lies = 0;
  const HostileOrigin liar([&lies](const std::string&) {
    ++lies;
    return std::string("HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n");
  });
  int truths = 0;
  const HostileOrigin honest([&truths](const std::string& request) {
    ++truths;
    return std::string(request.find("/there ") != std::string::npos
                           ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                           : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
  });
  settings_.proxies = {
      {ProxyAddress::Scheme::http, "", "127.0.0.1", static_cast<std::uint16_t>(liar.port())},
      {ProxyAddress::Scheme::http, "", "127.0.0.1", static_cast<std::uint16_t>(honest.port())}};
  const auto gone = fetch_one(
      settings_, {.url = "http://news.example/gone", .site = "test", .confirm_gone = true});
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().kind, ErrorKind::not_found);
  EXPECT_EQ(lies + truths, 2);
  const auto there = fetch_one(
      settings_, {.url = "http://news.example/there", .site = "test", .confirm_gone = true});
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_EQ(there->proxy, 1U);
}

TEST_F(TransferEngineTest, IsLedInsideByNoRedirect) {
  const HostileOrigin proxy([](const std::string& request) {
    return fmt::format("HTTP/1.1 302 F\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
                       request.find("/name") != std::string::npos  ? "http://localhost/"
                       : request.find("/six") != std::string::npos ? "http://[::ffff:10.0.0.1]/"
                                                                   : "http://169.254.169.254/");
  });
  settings_.allow_private_addresses = false;
  settings_.proxies = {
      {ProxyAddress::Scheme::http, "", "127.0.0.1", static_cast<std::uint16_t>(proxy.port())}};
  for (const auto& answer :
       fetch({"http://news.example/", "http://news.example/name", "http://news.example/six"})) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::refused) << answer.error().message;
  }
  EXPECT_EQ(proxy.connections(), 3);
}

TEST_F(TransferEngineTest, SendsASitesHeadersToItsOwnHostsAlone) {
  std::string seen;
  const HostileOrigin origin([&seen](const std::string& request) {
    seen = request;
    return answer_with("ok");
  });
  SiteNetworkSettings& site = settings_.sites["test"];
  site.headers = {{"X-Reader", "yes", {}}};
  site.own_domains = {"127.0.0.1"};
  ASSERT_TRUE(fetch({origin.url("/")})[0]);
  EXPECT_NE(seen.find("X-Reader: yes\r\n"), std::string::npos);
  ::setenv("DANDELION_TEST_KEY", "k3y", 1);
  site.headers.push_back(
      {"X-Key", "", SecretSource{SecretSource::Kind::environment, "DANDELION_TEST_KEY"}});
  ASSERT_TRUE(fetch({origin.url("/")})[0]);
  EXPECT_EQ(seen.find("X-Key"), std::string::npos) << "a secret in the clear";
  site.is_over_http = true;
  ASSERT_TRUE(fetch({origin.url("/")})[0]);
  EXPECT_NE(seen.find("X-Key: k3y\r\n"), std::string::npos);
  site.own_domains = {"news.example"};
  ASSERT_TRUE(fetch({origin.url("/")})[0]);
  EXPECT_EQ(seen.find("X-Reader"), std::string::npos);
}

TEST_F(TransferEngineTest, ConnectsWhereASiteSays) {
  std::string seen;
  const HostileOrigin origin([&seen](const std::string& request) {
    seen = request;
    return answer_with("ok");
  });
  // The first address is a dead end: the second try takes the second.
  settings_.retries = 1;
  const auto port = static_cast<std::uint16_t>(origin.port());
  settings_.sites["test"].detours = {{"news.invalid", 0, "127.0.0.1", test::closed_port()},
                                     {"news.invalid", 0, "127.0.0.1", port}};
  const auto answers = fetch({"http://news.invalid/x"});
  ASSERT_TRUE(answers[0]) << answers[0].error().message;
  EXPECT_NE(seen.find("Host: news.invalid\r\n"), std::string::npos);
}

TEST_F(TransferEngineTest, SendsBackTheCookiesOfAFileAndOfTheRun) {
  std::vector<std::string> seen;
  const HostileOrigin origin([&seen](const std::string& request) {
    const auto at = request.find("Cookie: ");
    seen.push_back(at == std::string::npos ? "" : request.substr(at, request.find('\r', at) - at));
    return answer_with("ok", "Set-Cookie: b=2\r\n");
  });
  const auto path = std::filesystem::path(testing::TempDir()) / "dandelion-cookies.txt";
  std::ofstream(path) << "127.0.0.1\tFALSE\t/\tFALSE\t0\ta\t1\n";
  settings_.sites["test"].cookies = path;
  settings_.connections_per_host = 1;
  const auto answers = fetch({origin.url("/1"), origin.url("/2")});
  ASSERT_TRUE(answers[0]) << answers[0].error().message;
  ASSERT_TRUE(answers[1]) << answers[1].error().message;
  EXPECT_EQ(seen[0], "Cookie: a=1");
  EXPECT_TRUE(seen[1] == "Cookie: a=1; b=2" || seen[1] == "Cookie: b=2; a=1") << seen[1];
  std::filesystem::remove(path);
  EXPECT_EQ(TransferEngine::create(settings_).error().kind, ErrorKind::bad_input);
}

struct RememberedRobots final : RobotsCache {
  std::map<std::string, CachedRobots> kept;
  std::optional<CachedRobots> find(const std::string& origin) override {
    const auto found = kept.find(origin);
    return found == kept.end() ? std::nullopt : std::optional(found->second);
  }
  void keep(const std::string& origin, const CachedRobots& robots) override {
    kept[origin] = robots;
  }
};

TEST_F(TransferEngineTest, AsksNoRobotsForWhatAPersonAskedFor) {
  settings_.robots = RobotsPolicy::obey;
  int asked = 0;
  const HostileOrigin origin(with_robots("User-agent: *\nDisallow: /\n", asked));
  EXPECT_TRUE(fetch_one(settings_, {.url = origin.url("/a"), .site = "t", .passes_robots = true}));
  EXPECT_EQ(asked, 0);
  EXPECT_FALSE(fetch_one(settings_, {.url = origin.url("/a"), .site = "t"}));
  EXPECT_EQ(asked, 1);
}

TEST_F(TransferEngineTest, AsksForRobotsOnceADay) {
  settings_.robots = RobotsPolicy::obey;
  int asked = 0;
  const HostileOrigin origin(with_robots("User-agent: *\nDisallow: /no\n", asked));
  RememberedRobots cache;
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(fetch_one(settings_, {.url = origin.url("/a"), .site = "t"}, {{}, &cache}));
    EXPECT_FALSE(fetch_one(settings_, {.url = origin.url("/no"), .site = "t"}, {{}, &cache}));
  }
  EXPECT_EQ(asked, 1);
  for (auto& [key, robots] : cache.kept)
    robots.fetched -= std::chrono::hours(25);
  ASSERT_TRUE(fetch_one(settings_, {.url = origin.url("/a"), .site = "t"}, {{}, &cache}));
  EXPECT_EQ(asked, 2);
}

TEST_F(TransferEngineTest, GoesByOldRobotsWhereNewOnesCannotBeHad) {
  settings_.robots = RobotsPolicy::obey;
  const HostileOrigin origin([](const std::string& request) {
    if (!request.starts_with("GET /robots.txt ")) return answer_with("ok");
    return std::string("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
  });
  RememberedRobots cache;
  std::string key = origin.url("");
  cache.kept[key] = {"User-agent: *\nDisallow: /no\n", {}};
  EXPECT_TRUE(fetch_one(settings_, {.url = origin.url("/a"), .site = "t"}, {{}, &cache}));
  EXPECT_FALSE(fetch_one(settings_, {.url = origin.url("/no"), .site = "t"}, {{}, &cache}));
}

TEST_F(TransferEngineTest, ReadsTheBeginningOfARobotsFileWithoutEnd) {
  settings_.robots = RobotsPolicy::obey;
  settings_.max_body = 10'000;
  int asked = 0;
  const HostileOrigin origin(
      with_robots("User-agent: *\nDisallow: /no\n" + std::string(5'000'000, '#'), asked));
  const auto answers = fetch({origin.url("/no"), origin.url("/yes")});
  EXPECT_FALSE(answers[0]);
  EXPECT_TRUE(answers[1]) << answers[1].error().message;
}

// An HTTP proxy of our own that answers for every origin.
TEST_F(TransferEngineTest, AsksAnotherProxyWhereTheFirstIsTurnedAway) {
  const HostileOrigin barred([](const std::string&) {
    return std::string("HTTP/1.1 451 No\r\nContent-Length: 0\r\n\r\n");
  });
  const HostileOrigin welcome([](const std::string&) { return answer_with("the page"); });
  const auto as_proxy = [](const HostileOrigin& origin) {
    return ProxyAddress{ProxyAddress::Scheme::http, "", "127.0.0.1",
                        static_cast<std::uint16_t>(origin.port())};
  };
  settings_.proxies = {as_proxy(barred), as_proxy(welcome)};
  const auto page = fetch_one(settings_, {.url = "http://news.invalid/", .site = "t"});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->proxy, 1U);
  // A second opinion comes by the other way, or not at all.
  const auto second =
      fetch_one(settings_, {.url = "http://news.invalid/", .site = "t", .other_than = 1});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::refused);
}

TEST_F(TransferEngineTest, SaysHowItsProxiesDid) {
  const HostileOrigin proxy([](const std::string&) { return answer_with("the page"); });
  settings_.proxies = {
      {ProxyAddress::Scheme::socks5h, "", "127.0.0.1", test::closed_port()},
      {ProxyAddress::Scheme::http, "", "127.0.0.1", static_cast<std::uint16_t>(proxy.port())}};
  auto engine = TransferEngine::create(settings_);
  ASSERT_TRUE(engine);
  EXPECT_EQ((*engine)->ways_out(), 2U);
  for (int i = 0; i < 5; ++i)
    (*engine)->add({.url = fmt::format("http://news.invalid/{}", i), .site = "t"},
                   [](Result<FetchedPage> page) { EXPECT_TRUE(page); });
  (*engine)->run();
  const auto health = (*engine)->proxy_health();
  ASSERT_EQ(health.size(), 2U);
  EXPECT_GT(health[0].failures, 0);
  EXPECT_FALSE(health[0].last_success);
  EXPECT_TRUE(health[1].last_success);
  EXPECT_EQ(health[1].failures, 0);
}

TEST_F(TransferEngineTest, NeedsASocksProxyWhereTorIsExpected) {
  settings_.proxies = {{ProxyAddress::Scheme::socks5h, "", "127.0.0.1", test::closed_port()}};
  settings_.expects_tor = true;
  auto engine = TransferEngine::create(settings_);
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().kind, ErrorKind::bad_input);
  EXPECT_NE(engine.error().message.find("nothing listens"), std::string::npos);
}

}  // namespace
}  // namespace dandelion
