// SPDX-License-Identifier: MIT
#include "html/dom.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace dandelion::html {
namespace {

// Most articles' trees fit into one block.
constexpr std::size_t first_block_bytes = 64U << 10;

void detach(Node& node) {
  Node* parent = node.parent;
  if (parent == nullptr) return;
  (node.previous != nullptr ? node.previous->next : parent->first_child) = node.next;
  (node.next != nullptr ? node.next->previous : parent->last_child) = node.previous;
  node.parent = node.previous = node.next = nullptr;
}

}  // namespace

std::optional<std::string_view> Node::attribute(std::string_view wanted) const {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == wanted) return attribute.value;
  }
  return std::nullopt;
}

std::string_view Node::attribute_or_empty(std::string_view wanted) const {
  return attribute(wanted).value_or(std::string_view());
}

Node* Node::next_element() const {
  Node* node = next;
  while (node != nullptr && !node->is_element())
    node = node->next;
  return node;
}

Node* Node::previous_element() const {
  Node* node = previous;
  while (node != nullptr && !node->is_element())
    node = node->previous;
  return node;
}

Node* Node::first_element() const {
  return first_child == nullptr || first_child->is_element() ? first_child
                                                             : first_child->next_element();
}

Document::Document()
    : arena_(std::make_unique<std::pmr::monotonic_buffer_resource>(first_block_bytes)) {
  root_ = allocate_node();
  root_->type = NodeType::document;
}

Node* Document::allocate_node() {
  ++node_count_;
  return new (arena_->allocate(sizeof(Node), alignof(Node))) Node();
}

std::string_view Document::store(std::string_view text) {
  if (text.empty()) return {};
  auto* copy = static_cast<char*>(arena_->allocate(text.size(), 1));
  std::memcpy(copy, text.data(), text.size());
  return {copy, text.size()};
}

Node* Document::create_element(std::string_view name) {
  Node* node = allocate_node();
  node->type = NodeType::element;
  rename(*node, name);
  return node;
}

Node* Document::create_text(std::string_view text) {
  Node* node = allocate_node();
  node->text = store(text);
  return node;
}

Node* Document::clone(const Node& source) {
  const auto copy_one = [this](const Node& from) {
    Node* copy = allocate_node();
    copy->type = from.type;
    copy->ns = from.ns;
    copy->tag = from.tag;
    copy->name = store(from.name);
    copy->text = store(from.text);
    if (!from.attributes.empty()) {
      auto* memory = static_cast<Attribute*>(
          arena_->allocate(from.attributes.size() * sizeof(Attribute), alignof(Attribute)));
      for (std::size_t i = 0; i < from.attributes.size(); ++i) {
        new (memory + i) Attribute{store(from.attributes[i].name), store(from.attributes[i].value)};
      }
      copy->attributes = {memory, from.attributes.size()};
    }
    return copy;
  };
  // By hand instead of by recursion: a hostile page nests deeper than the stack reaches.
  Node* top = copy_one(source);
  const Node* from = &source;
  Node* to = top;
  for (;;) {
    if (from->first_child != nullptr) {
      from = from->first_child;
      Node* copy = copy_one(*from);
      append_child(*to, *copy);
      to = copy;
      continue;
    }
    while (from != &source && from->next == nullptr) {
      from = from->parent;
      to = to->parent;
      assert(to != nullptr);
    }
    if (from == &source) return top;
    from = from->next;
    Node* copy = copy_one(*from);
    assert(to->parent != nullptr);  // the copy is as deep as what is copied
    append_child(*to->parent, *copy);
    to = copy;
  }
}

void Document::set_attribute(Node& element, std::string_view name, std::string_view value) {
  for (Attribute& attribute : element.attributes) {
    if (attribute.name == name) {
      attribute.value = store(value);
      return;
    }
  }
  const std::size_t count = element.attributes.size();
  auto* memory = static_cast<Attribute*>(
      arena_->allocate((count + 1) * sizeof(Attribute), alignof(Attribute)));
  std::uninitialized_copy(element.attributes.begin(), element.attributes.end(), memory);
  new (memory + count) Attribute{store(name), store(value)};
  element.attributes = {memory, count + 1};
}

void Document::rename(Node& element, std::string_view name) {
  element.name = store(name);
  element.tag = tag_from_name(name);
}

void Document::set_text(Node& node, std::string_view text) {
  node.text = store(text);
}

void remove_attribute(Node& element, std::string_view name) {
  const auto end =
      std::remove_if(element.attributes.begin(), element.attributes.end(),
                     [name](const Attribute& attribute) { return attribute.name == name; });
  element.attributes =
      element.attributes.first(static_cast<std::size_t>(end - element.attributes.begin()));
}

void append_child(Node& parent, Node& child) {
  detach(child);
  child.parent = &parent;
  child.previous = parent.last_child;
  (parent.last_child != nullptr ? parent.last_child->next : parent.first_child) = &child;
  parent.last_child = &child;
}

void insert_before(Node& reference, Node& node) {
  detach(node);
  node.parent = reference.parent;
  node.previous = reference.previous;
  node.next = &reference;
  if (reference.previous != nullptr) {
    reference.previous->next = &node;
  } else if (reference.parent != nullptr) {
    reference.parent->first_child = &node;
  }
  reference.previous = &node;
}

void remove(Node& node) {
  detach(node);
}

void unwrap(Node& node) {
  while (node.first_child != nullptr)
    insert_before(node, *node.first_child);
  detach(node);
}

Node* next_skipping_children(const Node& node, const Node& root) {
  const Node* at = &node;
  while (at != &root && at->next == nullptr) {
    at = at->parent;
    if (at == nullptr) return nullptr;
  }
  return at == &root ? nullptr : at->next;
}

Node* next_in_tree(const Node& node, const Node& root) {
  return node.first_child != nullptr ? node.first_child : next_skipping_children(node, root);
}

std::string text_content(const Node& node) {
  std::string text;
  for (const Node* at = &node; at != nullptr; at = next_in_tree(*at, node)) {
    if (at->is_text()) text += at->text;
  }
  return text;
}

bool contains(const Node& ancestor, const Node& node) {
  const Node* at = &node;
  while (at != nullptr && at != &ancestor)
    at = at->parent;
  return at != nullptr;
}

}  // namespace dandelion::html
