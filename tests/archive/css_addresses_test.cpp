// SPDX-License-Identifier: MIT
#include "archive/css_addresses.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string rewritten(std::string_view css) {
  return rewrite_css(css, [](std::string_view address, CssAddress kind) {
    if (address == "gone.png") return std::optional<std::string>();
    return std::optional((kind == CssAddress::import ? "I:" : "R:") + std::string(address));
  });
}

TEST(RewriteCss, FindsAddressesInEveryForm) {
  EXPECT_EQ(rewritten("a{b:url(x.png)}"), "a{b:url(\"R:x.png\")}");
  EXPECT_EQ(rewritten("a{b:URL( 'x y.png' )}"), "a{b:url(\"R:x y.png\")}");
  EXPECT_EQ(rewritten("a{b:url(\\78\\20 y\\29.png)}"), "a{b:url(\"R:x y).png\")}");
  EXPECT_EQ(rewritten("a{b:url(gone.png)}"), "a{b:url(\"data:,\")}");
  EXPECT_EQ(rewritten("@import 'x.css' screen;"), "@import url(\"I:x.css\") screen;");
  EXPECT_EQ(rewritten("@import url(x.css);a{b:url(y)}"),
            "@import url(\"I:x.css\");a{b:url(\"R:y\")}");
  EXPECT_EQ(rewritten("a{b:image-set('x.png' 1x, url(y.png) 2x)}"),
            "a{b:image-set(url(\"R:x.png\") 1x, url(\"R:y.png\") 2x)}");
}

TEST(RewriteCss, LeavesAllElseAsItIs) {
  for (const char* css :
       {"/* url(x) */a{}", "a{content:\"url(x)\"}",
        "@namespace svg url(http://www.w3.org/2000/svg);", "a{width:calc(1px + 2px)}",
        "a::before{content:'\\201C'}", "my-url{b:curl(x)}"}) {
    EXPECT_EQ(rewritten(css), css);
  }
}

TEST(RewriteCss, EndsWhateverComes) {
  for (const char* css : {"url(", "url('", "a{b:url(x", "/*", "'", "@import", "\\", "url(\\", "@"})
    EXPECT_NO_FATAL_FAILURE(rewritten(css)) << css;
}

}  // namespace
}  // namespace dandelion
