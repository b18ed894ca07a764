// SPDX-License-Identifier: MIT
#include "html/selector.hpp"

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion::html {
namespace {

constexpr const char* page =
    R"(<body><div id=a class="x  Y"><p lang=en-GB>1</p><p class=x title="Say Hi">2</p>
<span>3</span><p>4<a href="https://e.example/n1.htm">5</a></p></div><div id=b><ul><li>6<li>7<li>8</ul><i></i></div>)";

// The texts of what is selected, joined by a bar.
std::string selected(std::string_view text) {
  const Document document = parse(page);
  const auto selector = Selector::parse(text);
  if (!selector) return "error: " + selector.error().message;
  std::string found;
  for (const Node* node : selector->select_all(document.root())) {
    found += (found.empty() ? "" : "|") + text_content(*node);
  }
  return found;
}

struct Case {
  const char* selector;
  const char* found;
};

class Select : public testing::TestWithParam<Case> {};

TEST_P(Select, FindsInTreeOrder) {
  EXPECT_EQ(selected(GetParam().selector), GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(
    Selectors3AndMore, Select,
    testing::Values(Case{"li", "6|7|8"}, Case{"LI", "6|7|8"}, Case{"p.x", "2"},
                    Case{".Y p:first-child", "1"}, Case{"#a > span", "3"}, Case{"span + p", "45"},
                    Case{"p ~ p", "2|45"}, Case{"a[href$='.htm']", "5"}, Case{"[href^=https]", "5"},
                    Case{"[href*='/n1.']", "5"}, Case{"[lang|=en]", "1"},
                    Case{"[class~=x][title]", "2"}, Case{"[title='say hi' i]", "2"},
                    Case{"[title='say hi']", ""}, Case{"li:nth-child(2)", "7"},
                    Case{"li:nth-child(odd)", "6|8"}, Case{"li:nth-child(-n+2)", "6|7"},
                    Case{"li:nth-last-child(2n + 1)", "6|8"}, Case{"li:last-child", "8"},
                    Case{"p:nth-of-type(3)", "45"}, Case{"p:not(.x):not([lang])", "45"},
                    Case{"p:not(.x, [lang])", "45"}, Case{"p:has(> a)", "45"},
                    Case{"p:has(+ span)", "2"}, Case{":is(span, li:first-of-type)", "3|6"},
                    Case{"i:empty", ""}, Case{"span, a", "3|5"}, Case{"span:only-of-type", "3"},
                    Case{"#\\61", "12\n345"}, Case{"div:has(li) li:not(:has(a)):nth-child(3)", "8"},
                    Case{"p:has(~ span)", "1|2"}, Case{"p:has(+ p + span)", "1"},
                    Case{"p:has(~ p > a)", "1|2"}, Case{"ul:has(li + li)", "678"},
                    Case{"div:has(> p a)", "12\n345"}, Case{"div:has(div)", ""},
                    Case{"body > div p ~ p a", "5"}, Case{"p:nth-last-of-type(2)", "2"},
                    Case{":root > body > div li", "6|7|8"}, Case{"div ~ div li:only-child", ""}));

TEST(Select, LooksBelowItsRootAndSeesWhatIsAbove) {
  const Document document = parse(page);
  const Node* list = Selector::parse("ul")->select_first(document.root());
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(Selector::parse("#b > ul li")->select_all(*list).size(), 3U);
  EXPECT_TRUE(Selector::parse("ul, p")->select_all(*list).empty());
}

// Each takes minutes where an element's relatives are asked again for every element.
TEST(Select, TakesHostilePagesAndSelectors) {
  constexpr int count = 20'000;
  std::string deep;
  std::string flat;
  for (int i = 0; i < count; ++i) {
    deep += "<div>";
    flat += "<p>x</p>";
  }
  const Document nested = parse(deep + "<b>x</b>");
  const Document siblings = parse("<body>" + flat);
  const auto count_of = [](const Document& document, std::string_view text) {
    return Selector::parse(text)->select_all(document.root()).size();
  };
  EXPECT_EQ(count_of(nested, "*:has(*:has(*:has(x)))"), 0U);
  EXPECT_GT(count_of(nested, "div:has(div:has(div:has(b)))"), 100U);
  EXPECT_EQ(count_of(nested, "div div div div div div:not(div div x)"), count - 5U);
  EXPECT_EQ(count_of(nested, "div:has(~ i)"), 0U);
  EXPECT_EQ(count_of(siblings, "p:nth-last-child(3n)"), count / 3U);
  EXPECT_EQ(count_of(siblings, "p ~ p ~ p:nth-last-of-type(odd):has(~ p)"), count / 2U - 2U);
}

TEST(Select, TellsClassNamesApartByCase) {
  EXPECT_EQ(selected(".y p"), "");
}

class Refuse : public testing::TestWithParam<Case> {};

TEST_P(Refuse, SaysWhereAndWhat) {
  const auto selector = Selector::parse(GetParam().selector);
  ASSERT_FALSE(selector);
  EXPECT_EQ(selector.error().kind, ErrorKind::bad_input);
  EXPECT_NE(selector.error().message.find(GetParam().found), std::string::npos)
      << selector.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    BadSelectors, Refuse,
    testing::Values(Case{"", "it is empty"}, Case{"a >", "expected a selector at its end"},
                    Case{"a,,b", "at character 3"}, Case{"[href", "expected `=` or `]` at its end"},
                    Case{"a::before", "pseudo-elements"},
                    Case{"a:hover", "unknown pseudo-class ':hover'"}, Case{":nth-child(x)", "an+b"},
                    Case{".1a", "expected a class name at character 2"}, Case{"a)", "found ')'"},
                    Case{"[a='b]", "closing quote"},
                    Case{":is(:is(:is(:is(:is(:is(:is(:is(:is(:is(a))))))))))",
                         "nested more than 8"}));

}  // namespace
}  // namespace dandelion::html
