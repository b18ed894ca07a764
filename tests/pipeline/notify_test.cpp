// SPDX-License-Identifier: MIT
#include "pipeline/notify.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "core/files.hpp"
#include "pipeline/fake_engine.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

TEST(RunShellCommand, HandsTheTextOnAndTellsHowItEnded) {
  const std::string file = testing::TempDir() + "dandelion-notify";
  EXPECT_TRUE(run_shell_command("(echo $DANDELION_EVENT; cat) > " + file, "failed", "one\ntwo\n",
                                milliseconds(10'000)));
  EXPECT_EQ(read_file(file, 100).value(), "failed\none\ntwo\n");
  EXPECT_EQ(run_shell_command("exit 3", "failed", "", milliseconds(10'000)).error().message,
            "the command ended with 3");
}

TEST(RunShellCommand, EndsOneThatHangs) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(
      run_shell_command("exec sleep 60", "failed", std::string(100'000, 'x'), milliseconds(100)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

class Notify : public testing::Test {
 protected:
  Notify() {
    engine.pages["https://hc.example/ok"] = {};
    engine.pages["https://hc.example/failed"] = {};
    settings.failure.url = "https://hc.example/failed";
  }
  ~Notify() override { std::filesystem::remove(memory); }

  // A run; which addresses are asked for.
  std::vector<std::string> after(bool failed, const std::string& messages = "x\n") {
    engine.asked.clear();
    EXPECT_TRUE(notify(settings, memory, failed, messages, engine, clock.now()));
    clock.advance(std::chrono::minutes(30));
    return engine.asked;
  }
  // How many of so many runs in a row, half an hour apart, are told.
  std::size_t told_of(int runs, bool failed) {
    std::size_t told = 0;
    for (int i = 0; i < runs; ++i)
      told += after(failed).size();
    return told;
  }

  FakeEngine engine;
  FakeClock clock{*parse_iso8601("2026-01-01T00:00:00Z")};
  NotifySettings settings;
  std::filesystem::path memory = testing::TempDir() + "dandelion-outage-" +
                                 testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::vector<std::string> failure = {"https://hc.example/failed"};
};

TEST_F(Notify, AsksForTheAddressOfTheOutcome) {
  EXPECT_TRUE(notify({}, memory, true, "x", engine, clock.now()));
  EXPECT_TRUE(engine.asked.empty());
  settings.success.url = "https://hc.example/ok";
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(after(false), std::vector<std::string>{"https://hc.example/ok"});
  EXPECT_EQ(after(true), failure);
}

TEST_F(Notify, TellsOfAnOutageWhenItBeginsAndOnceADay) {
  EXPECT_EQ(told_of(1, true), 1U);
  EXPECT_EQ(told_of(47, true), 0U);
  EXPECT_EQ(told_of(1, true), 1U);
  EXPECT_EQ(told_of(48 * 3, true), 3U);
}

TEST_F(Notify, GivesTheCommandWhatThereIsToTell) {
  const std::string heard = memory.string() + "-heard";
  settings.failure.url.clear();
  settings.command = "(echo \"$DANDELION_EVENT:\"; cat) >> " + heard;
  after(false);
  after(true, "one\n");
  after(true, "two\n");
  after(false);
  after(false);
  EXPECT_EQ(read_file(heard, 1000).value(),
            "failed:\none\n"
            "recovered:\nworks again; it had failed since 2026-01-01T00:30:00Z\n");
  std::filesystem::remove(heard);
}

TEST_F(Notify, KeepsQuietOfAFailureThatComesAndGoes) {
  EXPECT_EQ(told_of(1, true), 1U);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(told_of(3, false), 0U);
    EXPECT_EQ(told_of(1, true), 0U);
  }
  // One that lasts is told all the same.
  EXPECT_EQ(told_of(1, true), 0U);
  EXPECT_EQ(told_of(1, true), 1U);
}

TEST_F(Notify, TriesAgainToTellWhatCouldNotBeTold) {
  engine.down = true;
  const auto told = notify(settings, memory, true, "x", engine, clock.now());
  ASSERT_FALSE(told);
  // It names no address.
  EXPECT_EQ(told.error().message, "notify.failure: the address could not be asked for");
  engine.down = false;
  EXPECT_EQ(after(true), failure);
  EXPECT_TRUE(after(true).empty());
}

TEST_F(Notify, TakesNoHarmFromAMemoryThatIsNotSound) {
  for (const char* text : {"", "[]", "{\"runs\": \"x\", \"told\": 3}", "\xFF"}) {
    std::ofstream(memory) << text;
    EXPECT_EQ(after(true), failure) << text;
  }
}

}  // namespace
}  // namespace dandelion
