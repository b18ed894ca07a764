// SPDX-License-Identifier: MIT
#include "render/body.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

html::Article article(std::string_view body) {
  html::Article made;
  made.url = "https://e.example/a";
  made.document = std::make_shared<html::Document>(html::parse_fragment(body));
  made.body = &made.document->root();
  html::Node* holder = made.document->create_element("div");
  while (made.body->first_child != nullptr) {
    html::Node* child = made.body->first_child;
    html::remove(*child);
    html::append_child(*holder, *child);
  }
  html::append_child(*made.body, *holder);
  made.body = holder;
  return made;
}

BodyRules rules(LinkPolicy links) {
  BodyRules made;
  made.format = PageFormat::html;
  made.links = links;
  made.archive_prefix = "https://archive.example/";
  made.path = "pages/news/a.md";
  made.local_page = [](const std::string& url) {
    return url == "https://e.example/b" ? std::optional<std::string>("pages/old/b.md")
                                        : std::nullopt;
  };
  return made;
}

std::string prepared(std::string_view body, const BodyRules& by) {
  return html::inner_html(*prepare_body(article(body), by).body);
}

constexpr std::string_view link = "<a href='https://o.example/x' onclick=y class=z>text</a>";

TEST(PrepareBody, FollowsTheLinkPolicy) {
  EXPECT_EQ(prepared(link, rules(LinkPolicy::inert)), "text");
  EXPECT_EQ(prepared(link, rules(LinkPolicy::keep)),
            "<a href=\"https://o.example/x\" rel=\"noopener noreferrer nofollow\" "
            "referrerpolicy=\"no-referrer\">text</a>");
  EXPECT_EQ(prepared(link, rules(LinkPolicy::archive)),
            "<a href=\"https://archive.example/https://o.example/x\" "
            "rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\">text</a>");
  EXPECT_EQ(prepared(link, rules(LinkPolicy::text)), "text<sup><a href=\"#note-1\">1</a></sup>");
  const auto noted = prepare_body(article(link), rules(LinkPolicy::text));
  ASSERT_EQ(noted.notes.size(), 1U);
  EXPECT_EQ(noted.notes[0].address, "hxxps://o[.]example/x");
}

TEST(PrepareBody, NumbersAddressesBehindTheFootnotes) {
  BodyRules by = rules(LinkPolicy::text);
  const std::string body =
      "<p>a<sup><a href='#n1'>1</a></sup> " + std::string(link) + "</p><ol><li id=n1>x</ol>";
  for (const FootnoteForm form : {FootnoteForm::markdown, FootnoteForm::html}) {
    by.footnotes = form;
    const auto noted = prepare_body(article(body), by);
    ASSERT_EQ(noted.notes.size(), 1U);
    EXPECT_EQ(noted.notes[0].number, 2);
  }
  by.footnotes = FootnoteForm::text;
  EXPECT_EQ(prepare_body(article(body), by).notes.at(0).number, 1);
}

TEST(PrepareBody, LeadsToTheLocalCopyInItsFormat) {
  constexpr std::string_view local = "<a href='https://e.example/b'>b</a>";
  EXPECT_EQ(prepared(local, rules(LinkPolicy::text)), "<a href=\"../old/b.html\">b</a>");
  BodyRules markdown = rules(LinkPolicy::keep);
  markdown.format = PageFormat::markdown;
  EXPECT_EQ(prepared(local, markdown), "<a href=\"../old/b.md\">b</a>");
  // Nothing leads from a page to itself, or anywhere else than the web.
  EXPECT_EQ(prepared("<a href='https://e.example/a#x'>a</a><a href='mailto:x@e.example'>m</a>",
                     rules(LinkPolicy::keep)),
            "am");
}

TEST(PrepareBody, LeavesTheWordsOfAPictureThatIsNotHere) {
  BodyRules by = rules(LinkPolicy::keep);
  by.pictures = PictureMode::mirror;
  by.local_picture = [](const std::string& url) {
    return url == "https://e.example/1.png"
               ? std::optional(MirroredPicture{"assets/ab/abc.png", 3, 4})
               : std::nullopt;
  };
  EXPECT_EQ(prepared("<img data-src='https://e.example/1.png' alt=a srcset=x>"
                     "<img src='https://e.example/2.png' alt='the words'>",
                     by),
            "<img alt=\"a\" src=\"../../assets/ab/abc.png\" width=\"3\" height=\"4\">"
            "<em>[the words]</em>");
}

TEST(Defang, CanBePutTogetherAgain) {
  EXPECT_EQ(defang("http://www.e.example:8080/a.b?c=d.e"),
            "hxxp://www[.]e[.]example:8080/a.b?c=d.e");
}

}  // namespace
}  // namespace dandelion
