// SPDX-License-Identifier: MIT
#include "publish/http_exchange.hpp"

#include <latch>

#include "publish/push_fixture.hpp"
#include "publish/scripted_server.hpp"

namespace dandelion {
namespace {

using test::packet;
using test::ScriptedServer;

constexpr const char* result_head =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "
    "application/x-git-receive-pack-result\r\n\r\n";

// Pushes to servers that no Git would make.
class HttpExchangeTest : public test::PushFixture {};

TEST_F(HttpExchangeTest, CallsAConnectionThatBreaksInMidPackTransient) {
  commit("noise", test::noise(8'000'000));
  const ScriptedServer server(
      [](int connection) { ScriptedServer::read_some(connection, 100'000); });
  expect_failure(push_to(server.url()), ErrorKind::transient, "");
}

TEST_F(HttpExchangeTest, GivesUpOnAServerThatNeverReports) {
  network_.timeout = options_.patience = std::chrono::seconds(1);
  std::latch given_up(1);
  const ScriptedServer server([&](int) { given_up.wait(); });
  const auto outcome = push_to(server.url());
  given_up.count_down();
  expect_failure(outcome, ErrorKind::transient, "nothing moved for too long");
}

TEST_F(HttpExchangeTest, GivesUpOnAServerThatTakesNoMoreOfThePack) {
  network_.timeout = options_.patience = std::chrono::seconds(1);
  commit("noise", test::noise(32'000'000));
  std::latch given_up(1);
  const ScriptedServer server([&](int connection) {
    ScriptedServer::read_some(connection, 100'000);
    given_up.wait();
  });
  const auto outcome = push_to(server.url());
  given_up.count_down();
  expect_failure(outcome, ErrorKind::transient, "nothing moved for too long");
}

TEST_F(HttpExchangeTest, WaitsForAServerThatUnpacksLongerThanAPageMayTake) {
  network_.timeout = std::chrono::milliseconds(500);
  const std::string report =
      packet("\1" + packet("unpack ok\n") + packet("ok refs/heads/main\n") + "0000") + "0000";
  const ScriptedServer server([&](int connection) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    ScriptedServer::say(connection, result_head + report);
  });
  const auto outcome = push_to(server.url());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
}

TEST_F(HttpExchangeTest, HearsAServerThatRefusesBeforeItHasReadAll) {
  commit("noise", test::noise(8'000'000));
  const ScriptedServer server([](int connection) {
    ScriptedServer::read_some(connection, 100'000);
    ScriptedServer::say(connection,
                        "HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  });
  expect_failure(push_to(server.url()), ErrorKind::too_large, "HTTP 413");
}

TEST_F(HttpExchangeTest, ReadsTheReportOfAServerThatHungUpEarly) {
  commit("noise", test::noise(8'000'000));
  const std::string report = packet("unpack index-pack abnormal exit\n") +
                             packet("ng refs/heads/main unpacker error\n") + "0000";
  const std::string answer = result_head + packet("\2fatal: pack exceeds maximum allowed size\n") +
                             packet("\1" + report) + "0000";
  const ScriptedServer server([&](int connection) {
    ScriptedServer::read_some(connection, 100'000);
    ScriptedServer::say(connection, answer);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  });
  expect_failure(push_to(server.url()), ErrorKind::refused, "pack exceeds maximum allowed size");
}

TEST_F(HttpExchangeTest, SaysThatAReportIsMissing) {
  const ScriptedServer silent(
      [](int connection) { ScriptedServer::say(connection, std::string(result_head) + "0000"); });
  EXPECT_FALSE(push_to(silent.url()).has_value());
  const ScriptedServer other([](int connection) {
    ScriptedServer::say(
        connection,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<h1>Login</h1>");
  });
  expect_failure(push_to(other.url()), ErrorKind::malformed, "does not answer as a Git server");
  const ScriptedServer gone([](int) {});
  expect_failure(push_to(gone.url()), ErrorKind::transient, "");
}

TEST_F(HttpExchangeTest, DoesNotFollowARedirectOfThePushItself) {
  const ScriptedServer server([](int connection) {
    ScriptedServer::say(connection,
                        "HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/x\r\nConnection: "
                        "close\r\nContent-Length: 0\r\n\r\n");
  });
  expect_failure(push_to(server.url()), ErrorKind::refused, "elsewhere");
}

TEST_F(HttpExchangeTest, TakesAnAnswerInManySmallPieces) {
  std::string answer = result_head;
  for (int i = 0; i < 200; ++i)
    answer += packet("\2progress " + std::to_string(i) + "\r");
  answer += packet("\1" + packet("unpack ok\n") + packet("ok refs/heads/main\n") + "0000") + "0000";
  const ScriptedServer server([&](int connection) {
    for (std::size_t at = 0; at < answer.size(); at += 101)
      ScriptedServer::say(connection, answer.substr(at, 101));
  });
  const auto outcome = push_to(server.url());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
}

TEST_F(HttpExchangeTest, ReadsAVeryLongAnswerInBoundedMemory) {
  std::string noise;
  for (int i = 0; i < 40; ++i)
    noise += packet("\2" + std::string(60'000, 'x') + "\n");
  const std::string end =
      packet("\1" + packet("unpack ok\n") + packet("ok refs/heads/main\n") + "0000") + "0000";
  const ScriptedServer server([&](int connection) {
    ScriptedServer::say(connection, result_head);
    for (int i = 0; i < 10; ++i)
      ScriptedServer::say(connection, noise);
    ScriptedServer::say(connection, end);
  });
  const auto outcome = push_to(server.url());
  ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
}

TEST_F(HttpExchangeTest, StopsReadingAnAnswerWithoutEnd) {
  std::string noise;
  for (int i = 0; i < 40; ++i)
    noise += packet("\2" + std::string(60'000, 'x') + "\n");
  const ScriptedServer server([&](int connection) {
    ScriptedServer::say(connection, result_head);
    for (int i = 0; i < 40; ++i)
      ScriptedServer::say(connection, noise);  // 96 MB
  });
  expect_failure(push_to(server.url()), ErrorKind::too_large, "answered more than");
}

}  // namespace
}  // namespace dandelion
