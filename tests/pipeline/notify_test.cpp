// SPDX-License-Identifier: MIT
#include "pipeline/notify.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "core/files.hpp"
#include "pipeline/fake_engine.hpp"

namespace dandelion {
namespace {

using std::chrono::milliseconds;

TEST(RunShellCommand, HandsTheTextOnAndTellsHowItEnded) {
  const std::string file = testing::TempDir() + "dandelion-notify";
  EXPECT_TRUE(run_shell_command("cat > " + file, "one\ntwo\n", milliseconds(10'000)));
  EXPECT_EQ(read_file(file, 100).value(), "one\ntwo\n");
  EXPECT_EQ(run_shell_command("exit 3", "", milliseconds(10'000)).error().message,
            "the command ended with 3");
}

TEST(RunShellCommand, EndsOneThatHangs) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(run_shell_command("exec sleep 60", std::string(100'000, 'x'), milliseconds(100)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(Notify, AsksForTheAddressOfTheOutcome) {
  FakeEngine engine;
  engine.pages["https://hc.example/ok"] = {};
  engine.pages["https://hc.example/failed"] = {};
  NotifySettings settings;
  EXPECT_TRUE(notify(settings, true, "x", engine));
  settings.failure.url = "https://hc.example/failed";
  settings.success.url = "https://hc.example/ok";
  EXPECT_TRUE(notify(settings, false, "", engine));
  EXPECT_TRUE(notify(settings, true, "x", engine));
  EXPECT_EQ(engine.asked,
            (std::vector<std::string>{"https://hc.example/ok", "https://hc.example/failed"}));
}

TEST(Notify, NamesNoAddressInItsError) {
  FakeEngine engine;
  NotifySettings settings;
  settings.failure.url = "https://hc.example/secret";
  const auto told = notify(settings, true, "x", engine);
  ASSERT_FALSE(told);
  EXPECT_EQ(told.error().message, "notify.failure: the address could not be asked for");
}

}  // namespace
}  // namespace dandelion
