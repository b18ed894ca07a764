// SPDX-License-Identifier: MIT
#include "fetch/proxy_pool.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::seconds;

class ProxyPoolTest : public testing::Test {
 protected:
  [[nodiscard]] ProxyPool pool(const std::vector<ProxyHealth>& known = {}) const {
    return {proxies_, known, now_};
  }
  static std::optional<std::size_t> chosen(const ProxyPool& pool, Timestamp now,
                                           const std::vector<std::size_t>& tried = {}) {
    return pool.choose("site", tried, now).proxy;
  }

  std::vector<ProxyAddress> proxies_{{ProxyAddress::Scheme::socks5h, "", "a", 1},
                                     {ProxyAddress::Scheme::http, "user", "b", 2}};
  Timestamp now_{seconds(1'800'000'000)};
};

TEST_F(ProxyPoolTest, TakesThemInTheOrderOfTheFile) {
  EXPECT_EQ(chosen(pool(), now_), 0U);
  EXPECT_EQ(chosen(pool(), now_, {0}), 1U);
  EXPECT_EQ(chosen(pool(), now_, {0, 1}), std::nullopt);
}

TEST_F(ProxyPoolTest, PrefersForASiteWhatWorkedForIt) {
  ProxyPool pool = this->pool();
  pool.turned_away("site", 0, now_, "timed out");
  EXPECT_EQ(chosen(pool, now_), 0U) << "one bad answer moves nobody";
  pool.turned_away("site", 0, now_, "forbidden");
  EXPECT_EQ(chosen(pool, now_), 1U);
  EXPECT_EQ(pool.choose("another", {}, now_).proxy, 0U);
  for (int i = 0; i < 3; ++i)
    pool.succeeded("site", 0, now_);
  EXPECT_EQ(chosen(pool, now_), 0U);
}

TEST_F(ProxyPoolTest, PutsOneThatLiedBehindTheOthersAtOnce) {
  ProxyPool pool = this->pool();
  pool.succeeded("site", 0, now_);
  pool.distrusted("site", 0, now_, "a block page");
  EXPECT_EQ(chosen(pool, now_), 1U);
  EXPECT_EQ(pool.choose("another", {}, now_).proxy, 0U);
}

TEST_F(ProxyPoolTest, LetsOneThatFailsRestAndThenTriesItOnce) {
  ProxyPool pool = this->pool();
  for (int i = 0; i < ProxyPool::failures_to_open; ++i)
    pool.failed("site", 0, now_, "refused");
  // For every site: it is the proxy that does not work.
  EXPECT_EQ(pool.choose("another", {}, now_).proxy, 1U);
  const auto resting = pool.choose("another", {1}, now_);
  EXPECT_EQ(resting.proxy, std::nullopt);
  EXPECT_EQ(resting.rested, now_ + ProxyPool::shortest_rest);
  EXPECT_EQ(pool.choose("another", {1}, resting.rested).proxy, 0U);
  pool.failed("another", 0, resting.rested, "refused");
  EXPECT_EQ(pool.choose("another", {1}, resting.rested).rested,
            resting.rested + 2 * ProxyPool::shortest_rest);
  pool.succeeded("another", 0, resting.rested);
  EXPECT_EQ(pool.choose("another", {1}, resting.rested).proxy, 0U);
}

TEST_F(ProxyPoolTest, RestsTenMinutesAtTheMost) {
  ProxyPool pool = this->pool();
  Timestamp at = now_;
  for (int i = 0; i < 40; ++i) {
    pool.failed("site", 0, at, "refused");
    at = std::max(at, pool.choose("site", {1}, at).rested);
  }
  pool.failed("site", 0, at, "refused");
  EXPECT_EQ(pool.choose("site", {1}, at).rested, at + ProxyPool::longest_rest);
}

TEST_F(ProxyPoolTest, RemembersFromRunToRunButNotForEver) {
  ProxyPool pool = this->pool();
  for (int i = 0; i < ProxyPool::failures_to_open; ++i)
    pool.failed("site", 0, now_, "refused");
  const auto known = pool.health();
  ASSERT_EQ(known.size(), 1U);
  EXPECT_EQ(known[0].proxy, "socks5h://a:1");
  EXPECT_EQ(known[0].failures, ProxyPool::failures_to_open);
  EXPECT_EQ(known[0].last_error, "refused");
  EXPECT_EQ(chosen(ProxyPool(proxies_, known, now_ + seconds(10)), now_ + seconds(10)), 1U);
  const Timestamp later = now_ + ProxyPool::memory + seconds(1);
  EXPECT_EQ(chosen(ProxyPool(proxies_, known, later), later), 0U);
}

TEST_F(ProxyPoolTest, NeverShowsAUserName) {
  EXPECT_EQ(pool().display(), "socks5h://a:1, http://b:2");
}

}  // namespace
}  // namespace dandelion
