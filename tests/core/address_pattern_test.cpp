// SPDX-License-Identifier: MIT
#include "core/address_pattern.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(AddressPattern, IsFoundAnywhereInTheAddress) {
  const auto pattern = AddressPattern::parse("/n[0-9]+\\.htm$").value();
  EXPECT_TRUE(pattern.matches("https://e.example/gb/n12.htm"));
  EXPECT_FALSE(pattern.matches("https://e.example/gb/n12.html"));
  EXPECT_TRUE(AddressPattern().matches("anything"));
}

TEST(AddressPattern, TakesNoTimeToSpeakOf) {
  const auto pattern = AddressPattern::parse("(a+)+$").value();
  EXPECT_FALSE(pattern.matches(std::string(8'000, 'a') + "b"));
}

TEST(AddressPattern, SaysWhatIsWrong) {
  const auto wrong = AddressPattern::parse("a(b");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().message, "missing ): a(b");
}

}  // namespace
}  // namespace dandelion
