// SPDX-License-Identifier: MIT
#include "core/registrable_domain.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(RegistrableDomain, IsWhatSomebodyCanRegister) {
  EXPECT_EQ(registrable_domain("www.Example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable_domain("news.example.com."), "example.com");
  EXPECT_EQ(registrable_domain("one.github.io"), "one.github.io");
}

TEST(RegistrableDomain, IsTheHostItselfWhereThereIsNone) {
  EXPECT_EQ(registrable_domain("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(registrable_domain("[::1]"), "[::1]");
  EXPECT_EQ(registrable_domain("localhost"), "localhost");
  EXPECT_EQ(registrable_domain("co.uk"), "co.uk");
}

TEST(RegistrableDomain, TellsOneSiteFromAnother) {
  EXPECT_TRUE(is_same_site("http://example.com/a", "https://www.example.com:8443/b"));
  EXPECT_FALSE(is_same_site("https://one.github.io/", "https://two.github.io/"));
  EXPECT_FALSE(is_same_site("https://example.com/", "mailto:a@example.com"));
}

}  // namespace
}  // namespace dandelion
