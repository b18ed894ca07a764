// SPDX-License-Identifier: MIT
#include "html/parse.hpp"

#include <algorithm>
#include <string>
#include <string_view>

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

std::string body_of(std::string_view page) {
  return inner_html(*parse(page).root().first_element()->last_child);
}

TEST(Parse, ReadsAttributes) {
  const Document page =
      parse_fragment("<a HREF=x href=y title='&lt;&copy=2&copy;' data-A=\"a\rb\"q=1 =z checked/>t");
  EXPECT_EQ(to_html(page.root()),
            "<a href=\"x\" title=\"&lt;&amp;copy=2\u00A9\" data-a=\"a\nb\" q=\"1\" =z=\"\" "
            "checked=\"\">t</a>");
}

TEST(Parse, TakesTheFirstOfAttributesThatCameTwice) {
  std::string tag = "<p";
  for (int i = 0; i < 100; ++i)
    tag += " a" + std::to_string(i % 30) + "=" + std::to_string(i);
  const Document page = parse_fragment(tag + ">");
  const Node& element = *page.root().first_child;
  ASSERT_EQ(element.attributes.size(), 30U);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(element.attributes[i].name, "a" + std::to_string(i));
    EXPECT_EQ(element.attributes[i].value, std::to_string(i));
  }
}

TEST(Parse, MakesOneTextOfItsParts) {
  const Document page = parse_fragment("a</x>b&amp;c\r\nd</x>e<!-- -->f");
  EXPECT_EQ(page.root().first_child->text, "ab&c\nde");
  EXPECT_EQ(page.root().last_child->text, "f");
}

TEST(Parse, LetsADoctypeDecideWhetherATableEndsAParagraph) {
  const std::string table = "<p>a<table></table>";
  EXPECT_EQ(body_of("<!DOCTYPE html>" + table), "<p>a</p><table></table>");
  EXPECT_EQ(body_of(table), "<p>a<table></table></p>");
  EXPECT_EQ(body_of("<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN'>" + table),
            "<p>a<table></table></p>");
  EXPECT_EQ(body_of("<!DOCTYPE html PUBLIC '-//W3C//DTD HTML 4.01 Transitional//EN' "
                    "'http://www.w3.org/TR/html4/loose.dtd'>" +
                    table),
            "<p>a</p><table></table>");
}

TEST(Parse, TakesControlCharactersOut) {
  const std::string controls = "a\x01\x0B\x1B\x7F\u0080\u009F\u00A0\u00BF\t\f\r\n\rb";
  EXPECT_EQ(parse_fragment(controls).root().first_child->text,
            "a\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\u00A0\u00BF\t\f\n\nb");
  EXPECT_EQ(parse_fragment(std::string(40, '\x1B')).root().first_child->text.size(), 120U);
}

TEST(Parse, LeavesThePageAlone) {
  const std::string page = "<P>A&amp;B</P>";
  const std::string before = page;
  const Document document = parse(page);
  EXPECT_EQ(page, before);
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

std::size_t count_nodes(const Document& document) {
  std::size_t count = 0;
  for (const Node* at = &document.root(); at != nullptr; at = next_in_tree(*at, document.root()))
    ++count;
  return count;
}

std::size_t depth_of(const Document& document) {
  std::size_t deepest = 0;
  std::size_t depth = 0;
  const Node* at = &document.root();
  for (;;) {
    deepest = std::max(deepest, depth);
    if (at->first_child != nullptr) {
      at = at->first_child;
      ++depth;
      continue;
    }
    while (at->next == nullptr) {
      if (at == &document.root()) return deepest;
      at = at->parent;
      --depth;
    }
    at = at->next;
  }
}

TEST(Parse, BoundsTheDepthOfTheTree) {
  for (const char* tag : {"<b>", "<div>", "<p><button>", "<table><tr><td>", "<svg>", "<template>",
                          "<ul><li>", "<font size=1><p>", "<select><option>", "<ruby><rt>"}) {
    const Document page = parse(repeated(tag, 30'000) + "x");
    EXPECT_EQ(text_content(page.root()), "x") << tag;
    EXPECT_LE(depth_of(page), 600U) << tag;
    Document copy;
    EXPECT_EQ(text_content(*copy.clone(page.root())), "x") << tag;
    EXPECT_FALSE(prettify(page.root()).empty()) << tag;
  }
}

// Pages made to cost time and memory. The tests' own time limit is what fails them.
TEST(Parse, TakesLinearTimeAndMemory) {
  std::string attributes;
  std::string links;
  for (int i = 0; i < 10'000; ++i) {
    attributes += " a" + std::to_string(i);
    links += "<font size=" + std::to_string(i) + ">";
  }
  const std::string pages[] = {
      links + repeated("<p>x", 10'000),
      repeated("<a><div>", 10'000) + repeated("</a>", 10'000),
      repeated("<b><i><u><p>", 10'000) + repeated("</b></i></u>x", 10'000),
      "<p" + attributes + attributes + ">",
      repeated("<html" + attributes.substr(0, 60) + ">", 10'000),
      "<table>" + repeated("a<tr><td>b</td>", 10'000),
      "<table>" + repeated("<b>", 10'000) + repeated("x<tr>", 10'000),
      repeated("x</y>&amp;", 20'000),
      repeated("<!--", 20'000),
      repeated("<![CDATA[", 20'000),
      "<title>" + repeated("</titl", 20'000),
      "<script><!--" + repeated("<script>", 20'000),
      repeated("&", 20'000) + "&#" + repeated("9", 100'000),
      "<p><object>" + repeated("<div>", 20'000) + repeated("</p>", 20'000),
      repeated("<svg><desc>", 10'000) + repeated("</g>", 20'000),
  };
  for (const std::string& page : pages) {
    const Document document = parse(page);
    EXPECT_LE(count_nodes(document), page.size() * 2) << page.substr(0, 60);
    EXPECT_EQ(parse_fragment(page).root().type, NodeType::document);
  }
}

TEST(Parse, GivesATreeForEveryInput) {
  for (const char* text : {"", "<", "<!--", "\0", "&#x;", "</p>", "<![CDATA[", "<table><a>"}) {
    EXPECT_EQ(parse(text).root().type, NodeType::document) << text;
  }
}

TEST(Parse, ReadsAsManyNodesAsAPageMayHave) {
  // <html>, <head>, <body> and the document beside them.
  const Document largest = parse(repeated("<br>", max_nodes - 4));
  EXPECT_FALSE(largest.is_cut());
  EXPECT_EQ(count_nodes(largest), max_nodes);
  EXPECT_TRUE(check_whole(largest));
  for (const char* piece : {"<br>", "<i>", "<p>x", "<!---->", "<table><tr>"}) {
    for (const Document& cut :
         {parse(repeated(piece, max_nodes)), parse_fragment(repeated(piece, max_nodes + 1))}) {
      EXPECT_LE(count_nodes(cut), max_nodes + 1'000) << piece;
      ASSERT_FALSE(check_whole(cut)) << piece;
      EXPECT_EQ(check_whole(cut).error().kind, ErrorKind::too_large);
      EXPECT_NE(check_whole(cut).error().message.find("1000000"), std::string::npos);
    }
  }
}

TEST(Parse, ReadsSoManyOfATagsAttributes) {
  std::string tag = "<p";
  for (int i = 0; i < 1'000; ++i)
    tag += " a" + std::to_string(i) + "=1";
  const Document page = parse_fragment(tag + ">x</p><p a b>y</p>");
  const Node& first = *page.root().first_child;
  EXPECT_EQ(first.attributes.size(), 256U);
  EXPECT_TRUE(first.attribute("a255"));
  EXPECT_EQ(text_content(page.root()), "xy");
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
