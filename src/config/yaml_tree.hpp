// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace dandelion {

// Where something stands in a file; both from 1, columns in bytes.
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
  std::string text;                // of a scalar
  std::vector<YamlNode> items;     // of a sequence
  std::vector<YamlEntry> entries;  // of a map
};

struct YamlEntry {
  YamlNode key;
  YamlNode value;
};

struct YamlProblem {
  YamlMark mark;
  std::string message;
};

// The first document of the text; null where there is none. Bounded: 64 levels, 100,000 nodes.
[[nodiscard]] tl::expected<YamlNode, YamlProblem> parse_yaml(std::string_view text);

}  // namespace dandelion
