// SPDX-License-Identifier: MIT
#include "config/yaml_tree.hpp"

#include <gtest/gtest.h>

namespace dandelion {
namespace {

std::string problem(const std::string& text) {
  auto tree = parse_yaml(text);
  if (tree) return "";
  return fmt::format("{}:{}: {}", tree.error().mark.line, tree.error().mark.column,
                     tree.error().message);
}

TEST(ParseYaml, KeepsOrderPlacesAndDuplicates) {
  const auto tree = parse_yaml("b: 1\na:\n  - x\n  - {k: \"v\"}\nb: 2\n");
  ASSERT_TRUE(tree);
  ASSERT_EQ(tree->entries.size(), 3U);
  EXPECT_EQ(tree->entries[0].key.text, "b");
  EXPECT_EQ(tree->entries[2].value.text, "2");
  EXPECT_EQ(tree->entries[2].value.mark.line, 5);
  EXPECT_EQ(tree->entries[2].value.mark.column, 4);
  const YamlNode* list = find_value(*tree, "a");
  ASSERT_NE(list, nullptr);
  EXPECT_EQ(list->items.at(1).mark.column, 5);
  EXPECT_EQ(find_value(list->items.at(1), "k")->text, "v");
  EXPECT_EQ(find_value(*tree, "c"), nullptr);
}

TEST(ParseYaml, TellsNothingFromNullFromText) {
  const auto tree = parse_yaml("a:\nb: null\nc: ~\nd: \"null\"\ne: \"\"\nf: {g, h: null}\ni:");
  ASSERT_TRUE(tree);
  const auto is = [&](std::string_view key, YamlNode::Kind kind, std::string_view text) {
    const YamlNode* node = find_value(*tree, key);
    return node != nullptr && node->kind == kind && node->text == text;
  };
  EXPECT_TRUE(is("a", YamlNode::Kind::null, ""));
  EXPECT_TRUE(is("b", YamlNode::Kind::null, "null"));
  EXPECT_TRUE(is("c", YamlNode::Kind::null, "~"));
  EXPECT_TRUE(is("d", YamlNode::Kind::scalar, "null"));
  EXPECT_TRUE(is("e", YamlNode::Kind::scalar, ""));
  EXPECT_TRUE(is("i", YamlNode::Kind::null, ""));
  EXPECT_EQ(find_value(*find_value(*tree, "f"), "g")->text, "");
  EXPECT_EQ(find_value(*find_value(*tree, "f"), "h")->text, "null");
}

TEST(ParseYaml, TakesOneDocument) {
  EXPECT_EQ(parse_yaml("")->kind, YamlNode::Kind::null);
  EXPECT_EQ(parse_yaml("# a comment\n\n")->kind, YamlNode::Kind::null);
  EXPECT_EQ(problem("---\na: 1\n...\n# the end\n"), "");
  EXPECT_EQ(problem("a: 1\n---\nb: 2\n"),
            "3:1: a second document (`---`); one file is one configuration");
}

TEST(ParseYaml, SaysWhatIsWrongInAnEditorsWords) {
  EXPECT_EQ(problem("a:\n\t- b\n\tc: d\n"),
            "2:1: a tab in the indentation; YAML takes blanks alone");
  EXPECT_EQ(problem("a: b: c\n"),
            "1:5: a `: ` where no value can begin; a text that holds one needs quotes");
  EXPECT_EQ(problem("a: [b, #c]\n"),
            "2:1: a list opened by [ is not closed by ]; inside it a # after a blank begins a "
            "comment");
  EXPECT_EQ(problem("a: {b: c\n"),
            "2:1: a map opened by { is not closed by }; inside it a # after a blank begins a "
            "comment");
  EXPECT_EQ(problem("a: 1\n  b: 2\n"),
            "2:4: a `: ` where no value can begin; a text that holds one needs quotes");
  EXPECT_EQ(problem("a: @b\n"), "1:4: this is no YAML: unknown token");
}

TEST(ParseYaml, NeverTakesTheEndOfTheFileForAQuote) {
  for (const char* text :
       {"a: \"b\n", "a: 'b\n", "a: \"b\nproxies: tor\n", "a: 'it''s\n", "a: \"b\\\"\n",
        "a: \"b\\\\\\\"\n", "a: &x \"b\n", "a: !t 'b\n", "a: \"\n"})
    EXPECT_EQ(problem(text), "1:4: a quote is opened here and never closed") << text;
  EXPECT_EQ(problem("a: \"b"), "1:6: a quote is opened and never closed");
  EXPECT_EQ(problem("\"a\\\"\": 'it''s'\nb: [\"\", '''']\nc: it's \"so\"\nd: &x \"\\\\\"\n"), "");
}

TEST(ParseYaml, HasNoAliases) {
  EXPECT_EQ(problem("a: &x 1\nb: *x\n"),
            "2:4: aliases (`*name`) are not supported; write the value out (a text that begins "
            "with * needs quotes)");
  EXPECT_EQ(problem("a: &x 1\n"), "");
}

TEST(ParseYaml, BoundsTheDepthInEveryStyle) {
  EXPECT_EQ(problem(std::string(64, '[') + std::string(64, ']')), "");
  EXPECT_EQ(problem(std::string(65, '[') + std::string(65, ']')),
            "1:65: nested more than 64 deep, which no configuration is; a text that begins with [ "
            "or { needs quotes");
  for (const std::string_view opener : {"[", "{", "- ", "? ", "[a: ", "{a: ", "{? ", "[? "}) {
    std::string deep;
    while (deep.size() < 1'000'000)
      deep += opener;
    EXPECT_NE(problem(deep), "") << opener;
  }
  std::string stairs;
  for (std::size_t i = 0; i < 1'000; ++i)
    stairs += std::string(i, ' ') + "a:\n";
  EXPECT_EQ(problem(stairs).substr(0, 25), "65:65: nested more than 6");
}

TEST(ParseYaml, BoundsTheNumberOfNodes) {
  const auto list_of = [](std::size_t count) {
    std::string list = "[";
    for (std::size_t i = 0; i < count; ++i)
      list += "1,";
    return list + "]";
  };
  EXPECT_EQ(problem(list_of(99'999)), "");
  EXPECT_EQ(problem(list_of(100'000)),
            "1:200000: more than 100000 values, which no configuration has");
}

}  // namespace
}  // namespace dandelion
