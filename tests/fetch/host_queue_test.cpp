// SPDX-License-Identifier: MIT
#include "fetch/host_queue.hpp"

#include <set>

#include <gtest/gtest.h>

namespace dandelion {
namespace {

using std::chrono::milliseconds;

class HostQueueTest : public testing::Test {
 protected:
  void push(const std::string& origin, const std::string& path,
            SteadyClock::time_point not_before = {}) {
    FetchJob job;
    job.request.url = origin + path;
    job.not_before = not_before;
    queue_.push(queue_.host(origin), std::move(job), now_);
  }
  std::string take() {
    auto next = queue_.take(now_);
    if (!next) return "";
    queue_.started(*next->host, now_);
    return next->job.url();
  }
  void finish(const std::string& origin) { queue_.finished(queue_.host(origin), now_); }

  HostQueue queue_{2};
  SteadyClock::time_point now_ = SteadyClock::now();
};

TEST_F(HostQueueTest, LetsHostsTakeTurnsUpToTheirLimit) {
  for (const char* path : {"/1", "/2", "/3"})
    push("http://a", path);
  push("http://b", "/1");
  EXPECT_EQ(take(), "http://a/1");
  EXPECT_EQ(take(), "http://b/1");
  EXPECT_EQ(take(), "http://a/2");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue_.next_due(), std::nullopt);
  finish("http://a");
  EXPECT_EQ(take(), "http://a/3");
  EXPECT_EQ(queue_.size(), 0U);
}

TEST_F(HostQueueTest, WaitsBetweenTwoStarts) {
  queue_.host("http://a").delay = milliseconds(100);
  push("http://a", "/1");
  push("http://a", "/2");
  EXPECT_EQ(take(), "http://a/1");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue_.next_due(), now_ + milliseconds(100));
  now_ += milliseconds(100);
  EXPECT_EQ(take(), "http://a/2");
}

TEST(HostQueue, GivesEveryHostItsDelay) {
  HostQueue queue(2, milliseconds(100));
  EXPECT_EQ(queue.host("http://a").delay, milliseconds(100));
}

TEST_F(HostQueueTest, HoldsBackWhatComesLaterWithoutHoldingUpTheRest) {
  push("http://a", "/later", now_ + milliseconds(50));
  push("http://a", "/now");
  EXPECT_EQ(take(), "http://a/now");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue_.next_due(), now_ + milliseconds(50));
  now_ += milliseconds(50);
  push("http://a", "/new");
  EXPECT_EQ(take(), "http://a/later");
}

TEST_F(HostQueueTest, KeepsAHostClosedUntilItsRobotsAreRead) {
  push("http://a", "/page");
  FetchJob robots;
  robots.request.url = "http://a/robots.txt";
  robots.is_robots = true;
  Host& host = queue_.host("http://a");
  queue_.close_for(host, std::move(robots), now_);
  EXPECT_EQ(take(), "http://a/robots.txt");
  EXPECT_EQ(take(), "");
  finish("http://a");
  EXPECT_EQ(take(), "");
  queue_.open(host, now_);
  EXPECT_EQ(take(), "http://a/page");
}

TEST_F(HostQueueTest, LetsRobotsThatWaitHoldUpNobodyElsesPages) {
  FetchJob robots;
  robots.request.url = "http://b/robots.txt";
  robots.is_robots = true;
  robots.not_before = now_ + milliseconds(50);
  queue_.push(queue_.host("http://a"), std::move(robots), now_);
  push("http://a", "/page");
  EXPECT_EQ(take(), "http://a/page");
  EXPECT_EQ(take(), "");
  EXPECT_EQ(queue_.next_due(), now_ + milliseconds(50));
  now_ += milliseconds(50);
  EXPECT_EQ(take(), "http://b/robots.txt");
}

TEST_F(HostQueueTest, StartsNothingWhileAHostIsPaused) {
  push("http://a", "/1");
  push("http://b", "/1");
  queue_.pause(queue_.host("http://a"), now_ + milliseconds(50), now_);
  EXPECT_EQ(take(), "http://b/1");
  EXPECT_EQ(take(), "");
  now_ += milliseconds(50);
  EXPECT_EQ(take(), "http://a/1");
}

TEST_F(HostQueueTest, GivesBackAllThatWaits) {
  push("http://a", "/1");
  push("http://a", "/2", now_ + milliseconds(50));
  push("http://b", "/3");
  EXPECT_EQ(queue_.drain().size(), 3U);
  EXPECT_EQ(queue_.size(), 0U);
  EXPECT_EQ(take(), "");
}

TEST_F(HostQueueTest, OrdersManyHostsFairly) {
  for (int host = 0; host < 100; ++host) {
    for (int page = 0; page < 3; ++page)
      push(fmt::format("http://h{}", host), fmt::format("/{}", page));
  }
  // The first hundred are each another host's.
  std::set<std::string> origins;
  for (int i = 0; i < 100; ++i) {
    const std::string url = take();
    origins.insert(url.substr(0, url.rfind('/')));
  }
  EXPECT_EQ(origins.size(), 100U);
}

}  // namespace
}  // namespace dandelion
