// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "html/dom.hpp"

namespace dandelion::html {

namespace selector_detail {
struct SelectorList;
}

// A compiled list of CSS selectors: Selectors Level 3 without pseudo-elements and the
// pseudo-classes that need a user
// (:hover …), with :is(), :not() and :has() of Level 4 taking lists. Class names and ids are
// compared with case, element and attribute names without. Cheap to copy; serves many threads.
class Selector {
 public:
  // bad_input, saying at which character and what was expected.
  [[nodiscard]] static Result<Selector> parse(std::string_view text);

  // The elements under `root` (itself not among them) that match, in tree order. What is above it
  // counts as their ancestors. Takes the time of the whole tree's elements times the selector's
  // length, whatever it asks.
  [[nodiscard]] std::vector<Node*> select_all(const Node& root) const;
  // The first of them, or nullptr.
  [[nodiscard]] Node* select_first(const Node& root) const;

 private:
  explicit Selector(std::shared_ptr<const selector_detail::SelectorList> list)
      : list_(std::move(list)) {}
  std::shared_ptr<const selector_detail::SelectorList> list_;
};

}  // namespace dandelion::html
