// SPDX-License-Identifier: MIT
#include "render/svg.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

TEST(SanitizeSvg, KeepsADrawing) {
  const auto drawing = sanitize_svg(R"svg(<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>
<path d="M0 0h9" fill="url(#a)" style="stroke: red; filter: url(http://x/)"/></svg>)svg");
  ASSERT_TRUE(drawing) << drawing.error().message;
  EXPECT_EQ(*drawing,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\">\n"
            "<defs><linearGradient id=\"a\"><stop offset=\"0\" stop-color=\"#fff\"></stop>"
            "</linearGradient></defs>\n"
            "<path d=\"M0 0h9\" fill=\"url(#a)\" style=\"stroke:red;\"></path></svg>");
}

TEST(SanitizeSvg, LeavesNothingThatActsOrLoads) {
  const std::string hostile = R"svg(<svg onload="x()" xmlns:xlink="http://www.w3.org/1999/xlink">
<script>alert(1)</script><style>@import url(//x)</style>
<foreignObject><iframe src="//x"></iframe></foreignObject>
<image href="http://x/p.png"/><use xlink:href="http://x/#a"/><use href="#ok"/>
<a href="javascript:x()"><text fill="url(http://x/)" onclick="x()">t &amp; &lt;u&gt;</text></a>
<animate attributeName="href" to="javascript:x()"/><set attributeName="onload" to="x()"/>
<rect style="fill:url('//x')" width="1"/></svg>)svg";
  const auto drawing = sanitize_svg(hostile);
  ASSERT_TRUE(drawing);
  for (const char* danger : {"script", "onload", "onclick", "style", "import", "iframe", "image",
                             "http://x", "//x", "animate", "<set", "<a", "alert"})
    EXPECT_EQ(drawing->find(danger), std::string::npos) << danger << " in " << *drawing;
  EXPECT_NE(drawing->find("<use href=\"#ok\">"), std::string::npos);
  EXPECT_NE(drawing->find("t &amp; &lt;u&gt;"), std::string::npos);
}

TEST(SanitizeSvg, RefusesWhatIsNone) {
  EXPECT_FALSE(sanitize_svg("<p>no drawing</p>"));
  EXPECT_FALSE(sanitize_svg("\xFF\xFE<svg>"));
}

}  // namespace
}  // namespace dandelion
