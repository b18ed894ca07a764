// SPDX-License-Identifier: MIT
#include "publish/http_refusal.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string told_of_redirect(std::string_view mirror, std::string_view url) {
  return refusal_error({.status = 401, .mirror = mirror, .url = url, .text = {}, .has_token = true})
      .message;
}

TEST(HttpRefusal, SaysWhereARedirectLedThatTheTokenDidNotFollow) {
  EXPECT_EQ(
      told_of_redirect("https://a.example/x.git", "https://u:p@b.example/x.git/info/refs?s=1"),
      "https://a.example/x.git leads to another host (https://b.example/x.git/info/refs), "
      "which does not get the token (HTTP 401)");
  EXPECT_EQ(told_of_redirect("http://a.example/x.git", "https://a.example/x.git/info/refs?s=1"),
            "http://a.example/x.git leads to https://a.example/x.git/info/refs, and the token is "
            "for http://a.example alone (HTTP 401); if that is right, write the new address behind "
            "the mirror's `url:`");
}

}  // namespace
}  // namespace dandelion
