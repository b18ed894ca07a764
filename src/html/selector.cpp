// SPDX-License-Identifier: MIT
#include "html/selector.hpp"

#include "core/text.hpp"
#include "html/selector_syntax.hpp"

namespace dandelion::html {
namespace {

using selector_detail::Combinator;
using selector_detail::ComplexSelector;
using selector_detail::CompoundSelector;
using selector_detail::SelectorList;
using selector_detail::SimpleSelector;

bool is_html_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool has_word(std::string_view list, std::string_view word, bool ignore_case) {
  std::size_t i = 0;
  while (i < list.size()) {
    while (i < list.size() && is_html_space(list[i]))
      ++i;
    std::size_t end = i;
    while (end < list.size() && !is_html_space(list[end]))
      ++end;
    const std::string_view item = list.substr(i, end - i);
    if (!item.empty() && (ignore_case ? equals_ignoring_case(item, word) : item == word))
      return true;
    i = end;
  }
  return false;
}

bool matches_attribute(const SimpleSelector& part, std::string_view actual) {
  using Kind = SimpleSelector::Kind;
  const std::string folded = part.ignore_case ? ascii_lower(actual) : std::string();
  const std::string wanted_folded = part.ignore_case ? ascii_lower(part.value) : std::string();
  const std::string_view value = part.ignore_case ? std::string_view(folded) : actual;
  const std::string_view wanted =
      part.ignore_case ? std::string_view(wanted_folded) : std::string_view(part.value);
  switch (part.kind) {
    case Kind::attribute_equals:
      return value == wanted;
    case Kind::attribute_has_word:
      return !wanted.empty() && has_word(value, wanted, false);
    case Kind::attribute_dash:
      return value.starts_with(wanted) &&
             (value.size() == wanted.size() || value[wanted.size()] == '-');
    case Kind::attribute_prefix:
      return !wanted.empty() && value.starts_with(wanted);
    case Kind::attribute_suffix:
      return !wanted.empty() && value.ends_with(wanted);
    case Kind::attribute_substring:
      return !wanted.empty() && value.find(wanted) != std::string_view::npos;
    default:
      return true;
  }
}

bool same_type(const Node& a, const Node& b) {
  return a.name == b.name && a.ns == b.ns;
}

// Position among its sibling elements, from 1.
int position_of(const Node& element, bool from_end, bool of_type) {
  int position = 1;
  const Node* at = &element;
  while ((at = from_end ? at->next_element() : at->previous_element()) != nullptr) {
    if (!of_type || same_type(*at, element)) ++position;
  }
  return position;
}

bool matches_nth(const SimpleSelector& part, const Node& element) {
  const int distance = position_of(element, part.from_end, part.of_type) - part.offset;
  return part.step == 0 ? distance == 0 : distance % part.step == 0 && distance / part.step >= 0;
}

bool is_empty(const Node& element) {
  for (const Node* child = element.first_child; child != nullptr; child = child->next) {
    if (child->is_element() || (child->is_text() && !child->text.empty())) return false;
  }
  return true;
}

bool matches_list(const SelectorList& list, const Node& element);
bool has_relative(const SelectorList& list, const Node& anchor);

bool matches_simple(const SimpleSelector& part, const Node& element) {
  using Kind = SimpleSelector::Kind;
  switch (part.kind) {
    case Kind::type:
      return element.name == part.name;
    case Kind::id:
      return element.attribute("id") == part.name;
    case Kind::class_name:
      return has_word(element.attribute_or_empty("class"), part.name, false);
    case Kind::nth_child:
      return matches_nth(part, element);
    case Kind::only_child:
      return position_of(element, false, part.of_type) == 1 &&
             position_of(element, true, part.of_type) == 1;
    case Kind::empty:
      return is_empty(element);
    case Kind::root:
      return element.parent != nullptr && element.parent->type == NodeType::document;
    case Kind::is:
      return matches_list(part.list, element);
    case Kind::negation:
      return !matches_list(part.list, element);
    case Kind::has:
      return has_relative(part.list, element);
    default: {
      const auto value = element.attribute(part.name);
      return value && matches_attribute(part, *value);
    }
  }
}

bool matches_compound(const CompoundSelector& compound, const Node& element) {
  for (const SimpleSelector& part : compound.parts) {
    if (!matches_simple(part, element)) return false;
  }
  return true;
}

// Whether `element` matches the compound at `index` and what stands left of it matches too. With an
// anchor (for :has) the leftmost compound must stand to it as `leading` says. Recursion is as deep
// as the selector is long.
bool matches_from(const ComplexSelector& selector, std::size_t index, const Node& element,
                  const Node* anchor) {
  if (!matches_compound(selector.compounds[index], element)) return false;
  if (index == 0 && anchor == nullptr) return true;
  const Combinator combinator = index == 0 ? selector.leading : selector.combinators[index - 1];
  const auto accepts = [&](const Node& candidate) {
    return index == 0
               ? &candidate == anchor
               : candidate.is_element() && matches_from(selector, index - 1, candidate, anchor);
  };
  switch (combinator) {
    case Combinator::child:
      return element.parent != nullptr && accepts(*element.parent);
    case Combinator::next_sibling: {
      const Node* sibling = element.previous_element();
      return sibling != nullptr && accepts(*sibling);
    }
    case Combinator::descendant:
      for (const Node* at = element.parent; at != nullptr; at = at->parent) {
        if (accepts(*at)) return true;
      }
      return false;
    case Combinator::subsequent_sibling:
      for (const Node* at = element.previous_element(); at != nullptr;
           at = at->previous_element()) {
        if (accepts(*at)) return true;
      }
      return false;
  }
  return false;
}

bool matches_list(const SelectorList& list, const Node& element) {
  for (const ComplexSelector& selector : list.alternatives) {
    if (matches_from(selector, selector.compounds.size() - 1, element, nullptr)) return true;
  }
  return false;
}

bool any_under(const ComplexSelector& selector, const Node& top, const Node& anchor) {
  for (const Node* at = &top; at != nullptr; at = next_in_tree(*at, top)) {
    if (at != &anchor && at->is_element() &&
        matches_from(selector, selector.compounds.size() - 1, *at, &anchor)) {
      return true;
    }
  }
  return false;
}

bool has_relative(const SelectorList& list, const Node& anchor) {
  for (const ComplexSelector& selector : list.alternatives) {
    const bool below =
        selector.leading == Combinator::descendant || selector.leading == Combinator::child;
    if (below) {
      if (any_under(selector, anchor, anchor)) return true;
      continue;
    }
    for (const Node* at = anchor.next_element(); at != nullptr; at = at->next_element()) {
      if (any_under(selector, *at, anchor)) return true;
    }
  }
  return false;
}

}  // namespace

Result<Selector> Selector::parse(std::string_view text) {
  auto list = selector_detail::parse_selector_list(text);
  if (!list) return within(fmt::format("selector '{}'", text.substr(0, 120)), list.error());
  return Selector(std::make_shared<const SelectorList>(std::move(*list)));
}

bool Selector::matches(const Node& element) const {
  return element.is_element() && matches_list(*list_, element);
}

std::vector<Node*> Selector::select_all(const Node& root) const {
  std::vector<Node*> found;
  for (Node* at = next_in_tree(root, root); at != nullptr; at = next_in_tree(*at, root)) {
    if (matches(*at)) found.push_back(at);
  }
  return found;
}

Node* Selector::select_first(const Node& root) const {
  for (Node* at = next_in_tree(root, root); at != nullptr; at = next_in_tree(*at, root)) {
    if (matches(*at)) return at;
  }
  return nullptr;
}

}  // namespace dandelion::html
