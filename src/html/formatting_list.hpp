// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "html/dom.hpp"

namespace dandelion::html {

// The parser's list of active formatting elements (HTML Standard, 13.2.4.3): those that go on in
// the next block where a page leaves one open (`<p><b>a<p>b`). Markers shut off what lies outside
// a cell, a caption or an <object>.
//
// Departing from the Standard, at most `max_elements` stand after the last marker and the oldest
// gives way: every new paragraph makes them all anew, so that a page could make its tree as large
// as the square of its own size.
class FormattingList {
 public:
  static constexpr std::size_t max_elements = 128;

  // At most three of the same name and attributes stay ("Noah's Ark clause").
  void push(Node& element);
  void push_marker() { entries_.push_back(nullptr); }
  void clear_to_last_marker();

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // nullptr: a marker.
  [[nodiscard]] Node* at(std::size_t index) const { return entries_[index]; }
  // The last element of that tag after the last marker.
  [[nodiscard]] std::optional<std::size_t> last_index_of(Tag tag) const;
  [[nodiscard]] std::optional<std::size_t> index_of(const Node& element) const;

  void remove(std::size_t index);
  void insert(std::size_t index, Node& element);
  void replace(std::size_t index, Node& element) { entries_[index] = &element; }

 private:
  std::vector<Node*> entries_;
};

}  // namespace dandelion::html
