// SPDX-License-Identifier: MIT
#include "html/selector.hpp"

#include <array>
#include <map>
#include <optional>
#include <tuple>

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

bool is_empty(const Node& element) {
  for (const Node* child = element.first_child; child != nullptr; child = child->next) {
    if (child->is_element() || (child->is_text() && !child->text.empty())) return false;
  }
  return true;
}

// What can be told of an element by itself.
bool matches_simple(const SimpleSelector& part, const Node& element) {
  using Kind = SimpleSelector::Kind;
  switch (part.kind) {
    case Kind::type:
      return element.name == part.name;
    case Kind::id:
      return element.attribute("id") == part.name;
    case Kind::class_name:
      return has_word(element.attribute_or_empty("class"), part.name, false);
    case Kind::empty:
      return is_empty(element);
    case Kind::root:
      return element.parent != nullptr && element.parent->type == NodeType::document;
    default: {
      const auto value = element.attribute(part.name);
      return value && matches_attribute(part, *value);
    }
  }
}

bool is_nth(const SimpleSelector& part, int position) {
  const int distance = position - part.offset;
  return part.step == 0 ? distance == 0 : distance % part.step == 0 && distance / part.step >= 0;
}

constexpr int none = -1;

// The elements of a tree in its order, each with the number of its parent and of the sibling before
// it.
struct Element {
  const Node* node = nullptr;
  int parent = none;
  int previous = none;
};

std::vector<Element> list_elements(const Node& top) {
  struct Open {
    const Node* node = nullptr;
    int index = none;
    int last_child = none;
  };
  std::vector<Element> elements;
  std::vector<Open> open{{}};
  for (const Node* at = &top; at != nullptr; at = next_in_tree(*at, top)) {
    if (!at->is_element()) continue;
    while (open.size() > 1 && open.back().node != at->parent)
      open.pop_back();
    const int index = static_cast<int>(elements.size());
    elements.push_back({at, open.back().index, open.back().last_child});
    open.back().last_child = index;
    open.push_back({at, index, none});
  }
  return elements;
}

// Answers selectors for all elements of a tree at once, so that the time is that of the elements
// times the selector's length, whatever it asks about each element's relatives. Recursion is as
// deep as selectors nest.
class Matcher {
 public:
  // A flag for each element.
  using Set = std::vector<char>;

  explicit Matcher(std::vector<Element> elements) : elements_(std::move(elements)) {}

  Set matching(const SelectorList& list) {
    Set found(elements_.size(), 0);
    for (const ComplexSelector& selector : list.alternatives)
      add(found, matching(selector));
    return found;
  }

 private:
  using Positions = std::vector<int>;

  static void add(Set& to, const Set& more) {
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = static_cast<char>(to[i] | more[i]);
  }

  Set matching(const ComplexSelector& selector) {
    Set here = among(Set(elements_.size(), 1), selector.compounds.front());
    for (std::size_t i = 1; i < selector.compounds.size(); ++i)
      here = among(right_of(here, selector.combinators[i - 1]), selector.compounds[i]);
    return here;
  }

  // The elements that have, as the argument of :has() says, a relative.
  Set having(const SelectorList& list) {
    Set found(elements_.size(), 0);
    for (const ComplexSelector& selector : list.alternatives) {
      std::size_t i = selector.compounds.size() - 1;
      Set here = among(Set(elements_.size(), 1), selector.compounds[i]);
      for (; i > 0; --i)
        here = among(left_of(here, selector.combinators[i - 1]), selector.compounds[i - 1]);
      add(found, left_of(here, selector.leading));
    }
    return found;
  }

  // The elements that stand to one of the set as what is right of the combinator does to what is
  // left of it.
  [[nodiscard]] Set right_of(const Set& set, Combinator combinator) const {
    Set found(set.size(), 0);
    for (std::size_t i = 0; i < set.size(); ++i) {
      const int relative = relative_of(elements_[i], combinator);
      if (relative == none) continue;
      const auto left = static_cast<std::size_t>(relative);
      found[i] = static_cast<char>(set[left] | (reaches_on(combinator) ? found[left] : 0));
    }
    return found;
  }

  [[nodiscard]] Set left_of(const Set& set, Combinator combinator) const {
    Set found(set.size(), 0);
    for (std::size_t i = set.size(); i-- > 0;) {
      const int relative = relative_of(elements_[i], combinator);
      if (relative == none) continue;
      char& left = found[static_cast<std::size_t>(relative)];
      left = static_cast<char>(left | set[i] | (reaches_on(combinator) ? found[i] : 0));
    }
    return found;
  }

  static int relative_of(const Element& element, Combinator combinator) {
    const bool is_above = combinator == Combinator::descendant || combinator == Combinator::child;
    return is_above ? element.parent : element.previous;
  }

  static bool reaches_on(Combinator combinator) {
    return combinator == Combinator::descendant || combinator == Combinator::subsequent_sibling;
  }

  // Those of the set that match.
  Set among(Set set, const CompoundSelector& compound) {
    for (const SimpleSelector& part : compound.parts)
      keep_matching(set, part);
    return set;
  }

  void keep_matching(Set& set, const SimpleSelector& part) {
    using Kind = SimpleSelector::Kind;
    switch (part.kind) {
      case Kind::is:
        return keep(set, [found = matching(part.list)](std::size_t i) { return found[i] != 0; });
      case Kind::negation:
        return keep(set, [found = matching(part.list)](std::size_t i) { return found[i] == 0; });
      case Kind::has:
        return keep(set, [found = having(part.list)](std::size_t i) { return found[i] != 0; });
      case Kind::nth_child: {
        const Positions& positions = counted(part.of_type, part.from_end);
        return keep(set, [&](std::size_t i) { return is_nth(part, positions[i]); });
      }
      case Kind::only_child: {
        const Positions& before = counted(part.of_type, false);
        const Positions& behind = counted(part.of_type, true);
        return keep(set, [&](std::size_t i) { return before[i] == 1 && behind[i] == 1; });
      }
      default:
        return keep(set, [&](std::size_t i) { return matches_simple(part, *elements_[i].node); });
    }
  }

  template <typename Matches>
  static void keep(Set& set, const Matches& matches) {
    for (std::size_t i = 0; i < set.size(); ++i) {
      if (set[i] != 0 && !matches(i)) set[i] = 0;
    }
  }

  // Positions among siblings, from 1.
  const Positions& counted(bool of_type, bool from_end) {
    auto& positions = positions_[(of_type ? 2U : 0U) + (from_end ? 1U : 0U)];
    if (positions) return *positions;
    positions.emplace(elements_.size(), 0);
    using Key = std::tuple<int, Namespace, std::string_view>;
    std::map<Key, int> counts;
    for (std::size_t n = 0; n < elements_.size(); ++n) {
      const std::size_t i = from_end ? elements_.size() - 1 - n : n;
      const Node& node = *elements_[i].node;
      const Key key = of_type ? Key{elements_[i].parent, node.ns, node.name}
                              : Key{elements_[i].parent, Namespace::html, {}};
      (*positions)[i] = ++counts[key];
    }
    return *positions;
  }

  const std::vector<Element> elements_;
  std::array<std::optional<Positions>, 4> positions_;
};

}  // namespace

Result<Selector> Selector::parse(std::string_view text) {
  auto list = selector_detail::parse_selector_list(text);
  if (!list) return within(fmt::format("selector '{}'", text.substr(0, 120)), list.error());
  return Selector(std::make_shared<const SelectorList>(std::move(*list)));
}

std::vector<Node*> Selector::select_all(const Node& root) const {
  const Node* top = &root;
  while (top->parent != nullptr)
    top = top->parent;
  std::vector<Element> elements = list_elements(*top);
  std::size_t i = 0;
  while (root.is_element() && elements[i].node != &root)
    ++i;
  if (root.is_element()) ++i;
  const Matcher::Set matches = Matcher(std::move(elements)).matching(*list_);
  std::vector<Node*> found;
  for (Node* at = next_in_tree(root, root); at != nullptr; at = next_in_tree(*at, root)) {
    if (at->is_element() && matches[i++] != 0) found.push_back(at);
  }
  return found;
}

Node* Selector::select_first(const Node& root) const {
  const std::vector<Node*> all = select_all(root);
  return all.empty() ? nullptr : all.front();
}

}  // namespace dandelion::html
