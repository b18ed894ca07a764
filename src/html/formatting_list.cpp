// SPDX-License-Identifier: MIT
#include "html/formatting_list.hpp"

#include <algorithm>

namespace dandelion::html {
namespace {

// Beyond that many attributes their order counts too: comparing each with all would take quadratic
// time.
constexpr std::size_t few_attributes = 16;

bool has(const Node& element, const Attribute& wanted) {
  const auto value = element.attribute(wanted.name);
  return value && *value == wanted.value;
}

bool are_same(const Node& a, const Node& b) {
  if (a.tag != b.tag || a.attributes.size() != b.attributes.size()) return false;
  if (a.attributes.size() <= few_attributes) {
    return std::all_of(a.attributes.begin(), a.attributes.end(),
                       [&b](const Attribute& attribute) { return has(b, attribute); });
  }
  return std::equal(a.attributes.begin(), a.attributes.end(), b.attributes.begin(),
                    [](const Attribute& x, const Attribute& y) {
                      return x.name == y.name && x.value == y.value;
                    });
}

}  // namespace

void FormattingList::push(Node& element) {
  std::size_t first_same = 0;
  std::size_t same = 0;
  std::size_t begin = entries_.size();
  while (begin > 0 && entries_[begin - 1] != nullptr) {
    --begin;
    if (!are_same(*entries_[begin], element)) continue;
    first_same = begin;
    ++same;
  }
  if (same >= 3) {
    remove(first_same);
  } else if (entries_.size() - begin >= max_elements) {
    remove(begin);
  }
  entries_.push_back(&element);
}

void FormattingList::clear_to_last_marker() {
  while (!entries_.empty()) {
    const bool was_marker = entries_.back() == nullptr;
    entries_.pop_back();
    if (was_marker) return;
  }
}

std::optional<std::size_t> FormattingList::last_index_of(Tag tag) const {
  for (std::size_t i = entries_.size(); i-- > 0 && entries_[i] != nullptr;) {
    if (entries_[i]->tag == tag) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> FormattingList::index_of(const Node& element) const {
  for (std::size_t i = entries_.size(); i-- > 0 && entries_[i] != nullptr;) {
    if (entries_[i] == &element) return i;
  }
  return std::nullopt;
}

void FormattingList::remove(std::size_t index) {
  entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(index));
}

void FormattingList::insert(std::size_t index, Node& element) {
  entries_.insert(entries_.begin() + static_cast<std::ptrdiff_t>(index), &element);
}

}  // namespace dandelion::html
