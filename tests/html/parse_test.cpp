// SPDX-License-Identifier: MIT
#include "html/parse.hpp"

#include <gtest/gtest.h>

#include "html/serialize.hpp"

namespace dandelion::html {
namespace {

TEST(Parse, BuildsTheTreeThatTheStandardAsksFor) {
  EXPECT_EQ(to_html(parse("<!DOCTYPE html><p>a<p>b<table><tr><td>c").root()),
            "<html><head></head><body><p>a</p><p>b</p><table><tbody><tr><td>c</td></tr></tbody></"
            "table></body></html>");
}

TEST(Parse, TakesNoscriptForElements) {
  const Document page = parse("<body><noscript><img src=x></noscript>");
  EXPECT_NE(to_html(page.root()).find("<noscript><img src=\"x\"></noscript>"), std::string::npos);
}

TEST(Parse, KeepsUnknownElementsAndForeignNamespaces) {
  const Document page =
      parse_fragment("<twitter-widget id=1>t</twitter-widget><svg viewBox='0 0 1 1'><path/></svg>");
  EXPECT_EQ(page.root().first_child->name, "twitter-widget");
  EXPECT_EQ(page.root().last_child->ns, Namespace::svg);
}

TEST(Parse, SurvivesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 20'000; ++i)
    deep += "<b>";
  const Document page = parse(deep + "x");
  EXPECT_EQ(text_content(page.root()), "x");
  Document copy;
  EXPECT_EQ(text_content(*copy.clone(page.root())), "x");
  EXPECT_FALSE(prettify(page.root()).empty());
}

TEST(Parse, GivesATreeForEveryInput) {
  for (const char* text : {"", "<", "<!--", "\0", "&#x;", "</p>", "<![CDATA[", "<table><a>"}) {
    EXPECT_EQ(parse(text).root().type, NodeType::document) << text;
  }
}

TEST(Document, ChangesItsTree) {
  Document page = parse_fragment("<ul><li>a</li><li>b</li></ul>");
  Node* list = page.root().first_child;
  Node* first = list->first_child;
  remove(*list->last_child);
  Node* link = page.create_element("a");
  page.set_attribute(*link, "href", "x");
  page.set_attribute(*link, "href", "y");
  page.set_attribute(*link, "id", "1");
  remove_attribute(*link, "id");
  append_child(*link, *page.create_text("<c>"));
  insert_before(*first, *link);
  EXPECT_EQ(to_html(*list), "<ul><a href=\"y\">&lt;c&gt;</a><li>a</li></ul>");
  unwrap(*list);
  EXPECT_EQ(inner_html(page.root()), "<a href=\"y\">&lt;c&gt;</a><li>a</li>");
}

}  // namespace
}  // namespace dandelion::html
