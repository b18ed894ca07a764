// SPDX-License-Identifier: MIT
// What a selector is made of, between its parser (selector_parse.cpp) and its matcher
// (selector.cpp); no other file includes this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "html/dom.hpp"

namespace dandelion::html::selector_detail {

enum class Combinator { descendant, child, next_sibling, subsequent_sibling };

struct ComplexSelector;

struct SelectorList {
  std::vector<ComplexSelector> alternatives;
};

struct SimpleSelector {
  enum class Kind {
    type,
    id,
    class_name,
    attribute_present,
    attribute_equals,
    attribute_has_word,
    attribute_dash,
    attribute_prefix,
    attribute_suffix,
    attribute_substring,
    nth_child,  // with `last` and `of_type`: the whole family, :first-child and its kin too
    only_child,
    empty,
    root,
    is,
    negation,
    has,
  };
  Kind kind = Kind::type;
  std::string name;   // element, id, class or attribute
  std::string value;  // of an attribute
  bool ignore_case = false;
  bool of_type = false;
  bool from_end = false;
  int step = 0;  // an+b
  int offset = 0;
  SelectorList list;  // of :is(), :not(), :has()
};

struct CompoundSelector {
  std::vector<SimpleSelector> parts;  // empty: `*`
};

// `a > b c`: compounds left to right; combinators[i] stands between compounds[i] and compounds[i +
// 1]. In the argument of :has() there is one more, in front, that ties the first compound to the
// anchor.
struct ComplexSelector {
  std::vector<CompoundSelector> compounds;
  std::vector<Combinator> combinators;
  Combinator leading = Combinator::descendant;
};

[[nodiscard]] Result<SelectorList> parse_selector_list(std::string_view text);

}  // namespace dandelion::html::selector_detail
