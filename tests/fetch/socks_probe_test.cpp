// SPDX-License-Identifier: MIT
#include "fetch/socks_probe.hpp"

#include <gtest/gtest.h>

#include "fetch/easy_handle.hpp"
#include "fetch/hostile_origin.hpp"

namespace dandelion {
namespace {

class ProbeSocks : public testing::Test {
 protected:
  static void SetUpTestSuite() { static const CurlLibrary library; }
  static Result<void> probe(std::uint16_t port) {
    return probe_socks({ProxyAddress::Scheme::socks5h, "", "127.0.0.1", port},
                       std::chrono::milliseconds(300));
  }
};

// Answers whatever it is told to, once, and listens for nothing.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) : listener_(test::listen_on_loopback(port)) {
    thread_ = std::thread([this, answer = std::move(answer)] {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
      char greeting[16];
      while (::recv(connection, greeting, sizeof greeting, 0) > 0) {
      }
      ::close(connection);
    });
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  OneAnswer(OneAnswer&&) = delete;
  OneAnswer& operator=(OneAnswer&&) = delete;
  ~OneAnswer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::uint16_t port = 0;

 private:
  int listener_;
  std::thread thread_;
};

TEST_F(ProbeSocks, KnowsASocksServerByItsAnswer) {
  const OneAnswer open(std::string("\x05\x00", 2));
  EXPECT_TRUE(probe(open.port));
  const OneAnswer wants_a_password(std::string("\x05\xFF", 2));
  EXPECT_TRUE(probe(wants_a_password.port));
}

TEST_F(ProbeSocks, TellsWhatIsNone) {
  EXPECT_NE(probe(test::closed_port()).error().message.find("nothing listens"), std::string::npos);
  const OneAnswer web("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_NE(probe(web.port).error().message.find("no SOCKS proxy"), std::string::npos);
  const OneAnswer silent("");
  EXPECT_FALSE(probe(silent.port));
}

}  // namespace
}  // namespace dandelion
