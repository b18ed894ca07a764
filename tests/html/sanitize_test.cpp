// SPDX-License-Identifier: MIT
#include "html/sanitize.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion::html {
namespace {

std::string neutral(std::string_view fragment) {
  Document page = parse_fragment(fragment);
  neutralize(page, page.root());
  return inner_html(page.root());
}

TEST(IsSafeLink, SeesThroughDisguises) {
  for (const char* url : {"https://e.example/", "http://e.example", "mailto:a@b.example", "/a:b",
                          "#x", "?a=b:c", "a/b:c"}) {
    EXPECT_TRUE(is_safe_link(url)) << url;
  }
  for (const char* url : {"javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\tscript:alert(1)",
                          "java\nscript:x", "\x01javascript:x", "vbscript:x",
                          "data:text/html,<script>", "file:///etc/passwd", "blob:x"}) {
    EXPECT_FALSE(is_safe_link(url)) << url;
  }
}

struct Attack {
  const char* fragment;
  const char* left;
};

class Neutralize : public testing::TestWithParam<Attack> {};

TEST_P(Neutralize, LeavesNothingThatActs) {
  EXPECT_EQ(neutral(GetParam().fragment), GetParam().left);
}

INSTANTIATE_TEST_SUITE_P(
    Attacks, Neutralize,
    testing::Values(
        Attack{"a<script>x</script>b", "ab"},
        Attack{"<img src=x onerror=alert(1)>", "<img src=\"x\">"},
        Attack{"<a href='javascript&colon;x'>t</a>", "<a>t</a>"},
        Attack{"<a href='&#x6A;avascript:x'>t</a>", "<a>t</a>"},
        Attack{"<svg><script>x</script></svg>t", "t"},
        Attack{"<math href='javascript:x'>m</math>t", "t"},
        Attack{"<iframe srcdoc='<script>x</script>'></iframe>", ""},
        Attack{"<base href='//evil.example/'>t", "t"},
        Attack{"<form action=x>t<input><button formaction='javascript:x'>b</button></form>", "t"},
        Attack{"<meta http-equiv=refresh content='0;url=x'>t", "t"},
        Attack{"<p style='background:url(//evil.example/)'>t</p>", "<p>t</p>"},
        Attack{"<p style='position:fixed'>t</p>", "<p>t</p>"},
        Attack{"<p style='color: red'>t</p>", "<p style=\"color: red\">t</p>"},
        Attack{"<noscript><!-- </noscript><img src=x onerror=x> --></noscript>",
               "<noscript></noscript>"},
        Attack{"<template><script>x</script></template>t", "t"},
        Attack{"<xmp><script>x</script></xmp>", ""},
        Attack{"<object data=x><embed src=y></object>t", "t"},
        Attack{"<img src='data:image/svg+xml,<svg onload=x>'>", "<img>"},
        Attack{"<img src='data:image/png;base64,AA=='>",
               "<img src=\"data:image/png;base64,AA==\">"},
        Attack{"<video poster='javascript:x' onplay=x></video>", "<video></video>"},
        Attack{"<a href=https://e.example/ ping=//evil.example/ ONCLICK=x>t</a>",
               "<a href=\"https://e.example/\">t</a>"}));

TEST(KeepWhatGitHostsShow, FollowsTheirList) {
  Document page = parse_fragment(
      "<section class=c><ok href='https://e.example/'>t</ok><a href='/x' class=y>u</a><!-- c "
      "--><img src='data:image/png,'"
      " width='0px'></section>");
  keep_what_git_hosts_show(page, page.root());
  EXPECT_EQ(inner_html(page.root()).find("section"), std::string::npos);
  EXPECT_EQ(inner_html(page.root()).find("class"), std::string::npos);
  EXPECT_NE(inner_html(page.root()).find("t<a href=\"/x\">u</a>"), std::string::npos);
  EXPECT_NE(inner_html(page.root()).find("width=\"0px\""), std::string::npos);
}

}  // namespace
}  // namespace dandelion::html
