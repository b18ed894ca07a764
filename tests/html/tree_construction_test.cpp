// SPDX-License-Identifier: MIT
// The parser against the tests that browsers' parsers are held to (html5lib-tests). Debian brings
// them with golang-golang-x-net-dev; where that is not installed, this is skipped.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/text.hpp"
#include "html/parse.hpp"

namespace dandelion::html {
namespace {

const std::filesystem::path tests_folder =
    "/usr/share/gocode/src/golang.org/x/net/html/testdata/webkit";

struct Case {
  std::string data;
  std::string fragment;  // what the text is parsed in; empty: a page
  bool scripted = false;
  std::string document;
};

// Splits a file at the lines that begin a section: `#data` begins a case.
std::vector<Case> read_cases(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<Case> cases;
  std::string section;
  for (std::string line; std::getline(stream, line);) {
    const bool is_heading = line == "#data" || line == "#errors" || line == "#new-errors" ||
                            line == "#document-fragment" || line == "#script-on" ||
                            line == "#script-off" || line == "#document";
    if (is_heading) {
      section = line;
      if (line == "#data") cases.emplace_back();
      if (line == "#script-on") cases.back().scripted = true;
    } else if (section == "#data") {
      cases.back().data += line + '\n';
    } else if (section == "#document-fragment") {
      cases.back().fragment = line;
    } else if (section == "#document") {
      cases.back().document += line + '\n';
    }
  }
  for (Case& one : cases) {
    if (!one.data.empty()) one.data.pop_back();
    while (one.document.ends_with("\n\n"))
      one.document.pop_back();
  }
  return cases;
}

// Our trees keep foreign names in lower case and with their prefix, and have no DOCTYPE.
std::string as_ours(const std::string& expected) {
  std::istringstream lines(expected);
  std::string ours;
  std::vector<std::string> attributes;
  const auto flush = [&] {
    std::sort(attributes.begin(), attributes.end());
    for (const std::string& line : attributes)
      ours += line + '\n';
    attributes.clear();
  };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| <!DOCTYPE")) continue;
    const std::size_t begin = line.starts_with("|") ? line.find_first_not_of(' ', 1) : 0;
    const bool is_tag = begin != std::string::npos && line[begin] == '<';
    const bool is_attribute = begin != std::string::npos && begin > 1 && !is_tag &&
                              line[begin] != '"' && line.find("=\"") != std::string::npos;
    if (is_attribute) {
      const std::size_t equals = line.find("=\"");
      std::string name = ascii_lower(line.substr(begin, equals - begin));
      for (const std::string_view prefix : {"xlink ", "xml ", "xmlns "}) {
        if (name.starts_with(prefix)) name[prefix.size() - 1] = ':';
      }
      attributes.push_back(line.substr(0, begin) + name + line.substr(equals));
      continue;
    }
    flush();
    ours += (line.find("<svg ") != std::string::npos ? ascii_lower(line) : line) + '\n';
  }
  flush();
  return ours;
}

std::string shown(const Node& node, const std::string& indent) {
  if (node.is_text()) return indent + '"' + std::string(node.text) + "\"\n";
  if (node.type == NodeType::comment) return indent + "<!-- " + std::string(node.text) + " -->\n";
  std::string line = indent + '<';
  if (node.ns == Namespace::svg) line += "svg ";
  if (node.ns == Namespace::mathml) line += "math ";
  line += std::string(node.name) + ">\n";
  std::vector<std::string> attributes;
  for (const Attribute& attribute : node.attributes) {
    attributes.push_back(indent + "  " + std::string(attribute.name) + "=\"" +
                         std::string(attribute.value) + "\"\n");
  }
  std::sort(attributes.begin(), attributes.end());
  for (const std::string& attribute : attributes)
    line += attribute;
  return line;
}

std::string shown_children(const Node& parent, const std::string& indent) {
  std::string text;
  for (const Node* child = parent.first_child; child != nullptr; child = child->next) {
    text += shown(*child, indent);
    const bool is_template = child->is_element(Tag::template_) && child->ns == Namespace::html;
    if (is_template) text += indent + "  content\n";
    text += shown_children(*child, indent + (is_template ? "    " : "  "));
  }
  return text;
}

TEST(TreeConstruction, IsWhatTheStandardsTestsSay) {
  if (!std::filesystem::exists(tests_folder))
    GTEST_SKIP() << "golang-golang-x-net-dev is not installed";
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(tests_folder)) {
    if (entry.path().extension() != ".dat") continue;
    for (const Case& one : read_cases(entry.path())) {
      const bool is_ours = !one.scripted && (one.fragment.empty() || one.fragment == "body");
      if (!is_ours) continue;
      const Document document = one.fragment.empty() ? parse(one.data) : parse_fragment(one.data);
      EXPECT_EQ(shown_children(document.root(), "| "), as_ours(one.document))
          << entry.path().filename() << ":\n"
          << one.data;
      ++checked;
    }
  }
  EXPECT_GT(checked, 1000U);
}

}  // namespace
}  // namespace dandelion::html
