// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace dandelion {

// Where something stands in a text; both from 1, columns in bytes. (Diagnostics count characters;
// parse_config converts them.)
struct YamlMark {
  int line = 0;
  int column = 0;
};

struct YamlEntry;

// A YAML document as a plain tree with the place of every node. Unlike yaml-cpp's own it keeps a
// map's keys in order and their duplicates, and has no aliases: there is nothing in it that could
// expand.
struct YamlNode {
  enum class Kind { null, scalar, sequence, map };
  Kind kind = Kind::null;
  YamlMark mark;
  // Of a scalar; of a null the word that says it (`null`, `~`), empty where just nothing is there.
  std::string text;
  std::vector<YamlNode> items;     // of a sequence
  std::vector<YamlEntry> entries;  // of a map
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

// The value of the map's first key of that name; nullptr where there is none, or no map.
[[nodiscard]] const YamlNode* find_value(const YamlNode& node, std::string_view name);

struct YamlProblem {
  YamlMark mark;
  std::string message;
};

// The only document of the text; null where there is none. Bounded: 64 levels, 100,000 nodes. What
// yaml-cpp throws comes back as a value.
[[nodiscard]] tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text);

}  // namespace dandelion
