// SPDX-License-Identifier: MIT
#include "publish/redaction.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

Redaction of(const std::string& username, const std::string& token) {
  return Redaction(Credentials{username, Secret(token)});
}

TEST(Redaction, TakesTheTokenOutInEveryFormInWhichItWasSent) {
  const Redaction redaction = of("mirror", "s3cret/t0ken+x");
  EXPECT_EQ(redaction.in("you said s3cret/t0ken+x twice: s3cret/t0ken+x"),
            "you said [token] twice: [token]");
  // echo -n mirror:s3cret/t0ken+x | base64
  EXPECT_EQ(redaction.in("Authorization: Basic bWlycm9yOnMzY3JldC90MGtlbit4;"),
            "Authorization: Basic [token];");
  EXPECT_EQ(redaction.in("?token=s3cret%2Ft0ken%2Bx&a=s3cret%2ft0ken%2bx"),
            "?token=[token]&a=[token]");
  EXPECT_EQ(redaction.in(R"({"you said": "s3cret\/t0ken+x"})"), R"({"you said": "[token]"})");
  // echo -n s3cret/t0ken+x | base64
  EXPECT_EQ(redaction.in("czNjcmV0L3Qwa2VuK3g="), "[token]=");
}

TEST(Redaction, KnowsTheMarksThatPagesAndAddressesChange) {
  const Redaction redaction = of("git", "a<b&\"c>defgh?~~~");
  EXPECT_EQ(redaction.in("<p>a&lt;b&amp;&quot;c&gt;defgh?~~~</p>"), "<p>[token]</p>");
  EXPECT_EQ(redaction.in(R"("a<b&\"c>defgh?~~~")"), "\"[token]\"");
  // echo -n 'git:a<b&"c>defgh?~~~' | base64
  EXPECT_EQ(redaction.in("Z2l0OmE8YiYiYz5kZWZnaD9+fn4= Z2l0OmE8YiYiYz5kZWZnaD9-fn4="),
            "[token]= [token]=");
  EXPECT_EQ(redaction.in("Z2l0OmE8YiYiYz5kZWZnaD9%2Bfn4%3D"), "[token]%3D");
}

TEST(Redaction, LeavesWordsThatAreEverywhere) {
  EXPECT_EQ(of("git", "short").in("a short word"), "a short word");
  EXPECT_EQ(of("git", "short").in("Basic Z2l0OnNob3J0"), "Basic [token]");
  EXPECT_EQ(Redaction().in("anything"), "anything");
  EXPECT_EQ(of("git", "").in("Z2l0Og=="), "Z2l0Og==");
}

}  // namespace
}  // namespace dandelion
