// SPDX-License-Identifier: MIT
#include "html/code.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "html/parse.hpp"

namespace dandelion::html {
namespace {

const Node* first_pre(const Document& document) {
  const Node* at = &document.root();
  while (at != nullptr && !at->is_element(Tag::pre_))
    at = next_in_tree(*at, document.root());
  return at;
}

std::string language(std::string_view source) {
  const Document document = parse_fragment(source);
  return code_language(*first_pre(document));
}

std::string text(std::string_view source) {
  const Document document = parse_fragment(source);
  return code_text(*first_pre(document));
}

TEST(CodeLanguage, IsReadWhereverHighlightersWriteIt) {
  for (const std::string_view source :
       {"<pre><code class=\"language-ruby\">", "<pre><code class=\"hljs ruby\">",
        "<pre class=\"sourceCode ruby\"><code>", "<pre class=\"brush:ruby;toolbar:false\">",
        "<pre class=\"brush: ruby\">", "<pre data-language=ruby>", "<pre><code data-lang=ruby>",
        "<pre lang=ruby>", "<div class=\"highlight highlight-source-ruby\"><pre>",
        "<div class=\"highlight-ruby notranslate\"><div class=highlight><pre>",
        "<div class=\"language-ruby x\"><div class=highlight><pre class=highlight><code>",
        "<figure class=\"highlight ruby\"><pre>"}) {
    EXPECT_EQ(language(source), "ruby") << source;
  }
}

TEST(CodeLanguage, IsNoWordThatNamesNone) {
  for (const std::string_view source :
       {"<pre class=\"slang-word\">", "<pre class=\"ruby\">", "<pre lang=en>", "<pre lang=cs>",
        "<div class=\"lang-en\"><div><pre>", "<pre><code class=\"language-none\">",
        "<pre class=\"highlight-wrapper\">", "<pre class=\"language-a`b\">x"}) {
    EXPECT_NE(language(source), "word") << source;
    EXPECT_TRUE(language(source).empty() || language(source) == "a") << source;
  }
}

TEST(CodeText, BreaksLinesWhereThePageShowsThem) {
  EXPECT_EQ(text("<pre>a<br>b\n c</pre>"), "a\nb\n c");
  EXPECT_EQ(text("<pre><code><div>a</div><div></div><div> b</div></code></pre>"), "a\n\n b\n");
  EXPECT_EQ(text("<pre><div>a\n</div><div>b\n</div></pre>"), "a\nb\n");
  EXPECT_EQ(text("<pre>a<div>b</div>c</pre>"), "a\nb\nc");
}

TEST(IsLineNumber, AsksForNameAndDigits) {
  const auto is_number = [](std::string_view source) {
    const Document document = parse_fragment(source);
    return is_line_number(*document.root().first_element());
  };
  EXPECT_TRUE(is_number("<span class=lineno> 12 </span>"));
  EXPECT_TRUE(is_number("<span class=line-numbers-rows><span></span></span>"));
  EXPECT_FALSE(is_number("<span class=ln>code()</span>"));
  EXPECT_FALSE(is_number("<span>12</span>"));
}

}  // namespace
}  // namespace dandelion::html
