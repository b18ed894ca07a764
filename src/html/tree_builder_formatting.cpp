// SPDX-License-Identifier: MIT
// Formatting elements in the body, which may end in another order than they began: "the adoption
// agency" (HTML Standard, 13.2.6.4.7) and the list of those that go on (13.2.4.3).
#include <algorithm>

#include "html/tree_builder.hpp"

namespace dandelion::html {

void TreeBuilder::start_formatting(const Token& token) {
  reconstruct_formatting();
  formatting_.push(*insert_element(token));
}

void TreeBuilder::start_link(const Token& token) {
  if (const auto index = formatting_.last_index_of(Tag::a_)) {
    const Node& earlier = *formatting_.at(*index);
    end_formatting(token);
    if (const auto still = formatting_.index_of(earlier)) formatting_.remove(*still);
    if (const auto still = open_.index_of(earlier)) open_.remove(*still);
  }
  start_formatting(token);
}

void TreeBuilder::start_nobr(const Token& token) {
  reconstruct_formatting();
  if (open_.has_in_scope(Tag::nobr_)) {
    end_formatting(token);
    reconstruct_formatting();
  }
  formatting_.push(*insert_element(token));
}

// Ends the element that the token, an end tag or the start tag of another such element, names.
void TreeBuilder::end_formatting(const Token& token) {
  const bool is_simple = open_.current_is(token.tag) && !formatting_.index_of(open_.current());
  if (is_simple) {
    open_.pop();
  } else {
    adopt(token);
  }
}

void TreeBuilder::adopt(const Token& token) {
  constexpr int rounds = 8;
  for (int round = 0; round < rounds; ++round) {
    if (!adopt_once(token)) return;
  }
}

// One round of the adoption agency; whether there is to be another.
bool TreeBuilder::adopt_once(const Token& token) {
  const auto in_list = formatting_.last_index_of(token.tag);
  if (!in_list || copies_left_ == 0) {
    end_ordinary(token);
    return false;
  }
  Node& formatting = *formatting_.at(*in_list);
  const auto in_stack = open_.index_of(formatting);
  if (!in_stack) {
    formatting_.remove(*in_list);
    return false;
  }
  if (!open_.has_in_scope(formatting)) return false;
  std::size_t furthest = *in_stack + 1;
  while (furthest < open_.size() && !open_.is_special(furthest))
    ++furthest;
  if (furthest == open_.size()) {
    while (open_.size() > *in_stack)
      open_.pop();
    formatting_.remove(*in_list);
    return false;
  }

  Node& block = open_.at(furthest);
  Node& ancestor = open_.at(*in_stack - 1);
  std::size_t bookmark = *in_list;
  Node* last = reparent_between(*in_stack, furthest, bookmark);
  remove(*last);
  insert_at(place_for_node(ancestor), *last);

  Node* copy = copy_of(formatting);
  while (block.first_child != nullptr)
    append_child(*copy, *block.first_child);
  append_child(block, *copy);
  formatting_.insert(bookmark, *copy);
  if (const auto old = formatting_.index_of(formatting)) formatting_.remove(*old);
  if (const auto old = open_.index_of(formatting)) open_.remove(*old);
  if (const auto at = open_.index_of(block)) open_.insert(*at + 1, *copy);
  return true;
}

// The inner loop: each formatting element between the one that ends and the furthest block is made
// anew around what is below it, the others are closed. Gives the topmost of what then has to be
// moved. `bookmark`: where in the list the new element will stand.
Node* TreeBuilder::reparent_between(std::size_t formatting, std::size_t furthest,
                                    std::size_t& bookmark) {
  constexpr int kept_levels = 3;
  Node& block = open_.at(furthest);
  Node* last = &block;
  int level = 0;
  for (std::size_t i = furthest; --i > formatting;) {
    ++level;
    auto in_list = formatting_.index_of(open_.at(i));
    if (level > kept_levels && in_list) {
      formatting_.remove(*in_list);
      if (*in_list < bookmark) --bookmark;
      in_list.reset();
    }
    if (!in_list) {
      open_.remove(i);
      continue;
    }
    Node* copy = copy_of(open_.at(i));
    formatting_.replace(*in_list, *copy);
    open_.replace(i, *copy);
    if (last == &block) bookmark = *in_list + 1;
    append_child(*copy, *last);
    last = copy;
  }
  return last;
}

void TreeBuilder::reconstruct_formatting() {
  if (formatting_.empty() || copies_left_ == 0) return;
  std::size_t first = formatting_.size();
  while (first > 0) {
    const Node* entry = formatting_.at(first - 1);
    if (entry == nullptr || open_.index_of(*entry)) break;
    --first;
  }
  for (; first < formatting_.size() && copies_left_ > 0; ++first)
    formatting_.replace(first, *insert_created(copy_of(*formatting_.at(first))));
}

// A new element of the same name and attributes, without children.
Node* TreeBuilder::copy_of(const Node& element) {
  copies_left_ -= std::min(copies_left_, 1 + element.attributes.size());
  Node* copy = document_.allocate_node();
  copy->type = NodeType::element;
  copy->tag = element.tag;
  copy->name = element.name;
  copy->attributes = stored(element.attributes);
  return copy;
}

}  // namespace dandelion::html
