// SPDX-License-Identifier: MIT
#include "extract/media.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

std::string settled(std::string_view source) {
  html::Document document = html::parse_fragment(source);
  settle_pictures(document, document.root());
  unwrap_noscript(document.root());
  return html::inner_html(document.root());
}

// The address of the only picture; empty where there is none.
std::string address(std::string_view source) {
  html::Document document = html::parse_fragment(source);
  settle_pictures(document, document.root());
  for (const html::Node* at = &document.root(); at != nullptr;
       at = html::next_in_tree(*at, document.root())) {
    if (at->is_element(html::Tag::img_)) return std::string(at->attribute_or_empty("src"));
  }
  return {};
}

TEST(SettlePictures, TakesTheAddressFromWhateverAttributeScriptsReadItFrom) {
  for (const std::string_view name :
       {"data-src", "data-lazy-original", "data-ll-src", "data-cfsrc", "data-large-file",
        "data-full-src", "data-img", "data-defer-src", "ng-src", "v-lazy", "data-ks-lazyload",
        "data-echo", "data-actualsrc", "file", "data-lazy-load-src", "data-pagespeed-lazy-src"}) {
    const std::string attribute(name);
    EXPECT_EQ(address("<img " + attribute + "=\"/i/a.jpg\">"), "/i/a.jpg") << name;
    EXPECT_EQ(address("<img src=\"//cdn.example/s.gif\" " + attribute + "=\"/i/a.jpg?v=2\">"),
              "/i/a.jpg?v=2")
        << name;
  }
}

TEST(SettlePictures, TakesTheOnlyAddressWhateverItLooksLike) {
  EXPECT_EQ(address("<img data-x=\"https://cdn.example/media/4711\" alt=\"/a.jpg\">"),
            "https://cdn.example/media/4711");
  EXPECT_EQ(address("<img data-x=\"https://cdn.example/1\" data-y=\"https://cdn.example/2\">"), "");
}

TEST(SettlePictures, TakesTheLargestOfAList) {
  EXPECT_EQ(address("<img data-sizes=auto data-bgset=\"/i/a-400.jpg 400w, /i/a-1200.jpg 1200w\">"),
            "/i/a-1200.jpg");
}

TEST(SettlePictures, NeverTakesWhatLeadsElsewhere) {
  for (const std::string_view attribute :
       {"data-link", "data-href", "data-download", "data-permalink", "data-share-img",
        "data-pin-media", "data-author-avatar", "data-error-src", "data-placeholder", "onerror"}) {
    EXPECT_EQ(address("<img " + std::string(attribute) + "=\"https://e.example/i/a.jpg\">"), "")
        << attribute;
  }
  EXPECT_EQ(address("<img data-src='{\"url\":\"/i/a.jpg\"}'>"), "");
}

TEST(SettlePictures, TakesTheTruePictureForABlurredOne) {
  EXPECT_EQ(address("<img src=\"/i/a-lqip.jpg\" data-srcset=\"/i/a-400.jpg 400w\">"),
            "/i/a-400.jpg");
  EXPECT_EQ(address("<img src=\"/i/a.jpg?w=20\" data-src=\"/i/a.jpg\">"), "/i/a.jpg");
  EXPECT_EQ(address("<img src=\"/i/a_20px.jpg\" data-src=\"/i/a.jpg\">"), "/i/a.jpg");
  EXPECT_EQ(address("<img class=\"x lazyload\" src=\"/i/b.jpg\" data-src=\"/i/a.jpg\">"),
            "/i/a.jpg");
}

TEST(SettlePictures, LeavesATruePicture) {
  EXPECT_EQ(address("<img src=\"/i/a.jpg\" data-src=\"/i/b.jpg\">"), "/i/a.jpg");
  EXPECT_EQ(address("<img src=\"/i/a.jpg?w=800\" data-src=\"/i/b.jpg\">"), "/i/a.jpg?w=800");
  EXPECT_EQ(address("<img src=\"/i/a_800px.jpg\" data-src=\"/i/b.jpg\">"), "/i/a_800px.jpg");
  EXPECT_EQ(address("<img src=\"/i/a-lqip.jpg\">"), "/i/a-lqip.jpg");
  EXPECT_EQ(address("<img class=\"lazyloaded\" src=\"/i/a.jpg\" data-src=\"/i/b.jpg\">"),
            "/i/a.jpg");
}

TEST(UnwrapNoscript, KeepsAPictureThatIsNowhereElse) {
  EXPECT_EQ(settled("<figure><div><noscript><img src=\"/a.jpg\"></noscript></div>"
                    "<figcaption>A</figcaption></figure>"),
            "<figure><div><img src=\"/a.jpg\"></div><figcaption>A</figcaption></figure>");
}

TEST(UnwrapNoscript, DropsASecondCopyAndCounters) {
  EXPECT_EQ(
      settled("<p><img data-src=\"/a.jpg\"><noscript><img src=\"/a-big.jpg\"></noscript></p>"),
      "<p><img data-src=\"/a.jpg\" src=\"/a.jpg\"></p>");
  EXPECT_EQ(settled("<figure><span><img src=\"/a.jpg\"></span><div><noscript><img "
                    "src=\"/a-big.jpg\"></noscript></div></figure>"),
            "<figure><span><img src=\"/a.jpg\"></span><div></div></figure>");
  EXPECT_EQ(settled("<div><noscript><img height=1 width=1 src=\"/t.gif\"></noscript></div>"),
            "<div></div>");
  EXPECT_EQ(settled("<div><noscript><img src=\"https://t.example/tr?id=1\"></noscript></div>"),
            "<div></div>");
}

}  // namespace
}  // namespace dandelion
