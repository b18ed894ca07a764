// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "html/tag.hpp"

namespace dandelion::html {

enum class NodeType : std::uint8_t { document, element, text, comment };

// Everything outside `html` is foreign content (SVG, MathML).
enum class Namespace : std::uint8_t { html, svg, mathml };

struct Attribute {
  std::string_view name;  // lower case
  std::string_view value;
};

// A node of a Document's tree (DOM Standard, 4). Nodes and the text they point to live as long as
// their Document; a node that is taken out of the tree stays valid, but is reached from nowhere.
// Pointers are never owning.
struct Node {
  NodeType type = NodeType::text;
  Namespace ns = Namespace::html;
  Tag tag = Tag::unknown;
  std::string_view name;  // of an element, lower case
  std::string_view text;  // of a text or comment
  std::span<Attribute> attributes;

  Node* parent = nullptr;
  Node* first_child = nullptr;
  Node* last_child = nullptr;
  Node* previous = nullptr;
  Node* next = nullptr;

  [[nodiscard]] bool is_element() const { return type == NodeType::element; }
  [[nodiscard]] bool is_element(Tag wanted) const {
    return type == NodeType::element && tag == wanted;
  }
  [[nodiscard]] bool is_text() const { return type == NodeType::text; }

  // The attribute's value; nullopt where there is none of that name.
  [[nodiscard]] std::optional<std::string_view> attribute(std::string_view wanted) const;
  // The same, empty where there is none.
  [[nodiscard]] std::string_view attribute_or_empty(std::string_view wanted) const;

  [[nodiscard]] Node* next_element() const;
  [[nodiscard]] Node* previous_element() const;
  [[nodiscard]] Node* first_element() const;
};

// Owns a tree and all its text in one arena: made quickly, freed at once. Movable, not copyable.
class Document {
 public:
  Document();
  Document(Document&&) noexcept = default;
  Document& operator=(Document&&) noexcept = default;
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  ~Document() = default;

  [[nodiscard]] Node& root() const { return *root_; }

  // New nodes, not yet in the tree. Texts are copied.
  [[nodiscard]] Node* create_element(std::string_view name);
  [[nodiscard]] Node* create_text(std::string_view text);

  // Copies of all nodes under `source` (of this or another document) and itself, not yet in the
  // tree.
  [[nodiscard]] Node* clone(const Node& source);

  void set_attribute(Node& element, std::string_view name, std::string_view value);
  void rename(Node& element, std::string_view name);
  void set_text(Node& node, std::string_view text);

  // A copy of `text` that lives as long as the document.
  [[nodiscard]] std::string_view store(std::string_view text);

  // Whether the page had more than the tree may hold, which is its beginning (html/parse.hpp).
  [[nodiscard]] bool is_cut() const { return is_cut_; }

  // For html/parse.cpp: memory that is freed with the document.
  [[nodiscard]] std::pmr::memory_resource* arena() { return arena_.get(); }
  [[nodiscard]] Node* allocate_node();
  // Of all that were made, those too that no longer hang in the tree.
  [[nodiscard]] std::size_t node_count() const { return node_count_; }
  void mark_cut() { is_cut_ = true; }

 private:
  // On the heap, so that the nodes stay where they are when the document is moved.
  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
  Node* root_ = nullptr;
  std::size_t node_count_ = 0;
  bool is_cut_ = false;
};

void remove_attribute(Node& element, std::string_view name);
void append_child(Node& parent, Node& child);
void insert_before(Node& reference, Node& node);
// Takes the node, with all under it, out of the tree.
void remove(Node& node);
// Puts the node's children in its place.
void unwrap(Node& node);

// The node after `node` in tree order, not leaving the tree under `root`; nullptr at the end.
[[nodiscard]] Node* next_in_tree(const Node& node, const Node& root);
// The same, passing over what is under `node`.
[[nodiscard]] Node* next_skipping_children(const Node& node, const Node& root);

// All text under `node`, as it stands in the source (DOM's textContent, without comments).
[[nodiscard]] std::string text_content(const Node& node);

// Whether `ancestor` is `node` or above it.
[[nodiscard]] bool contains(const Node& ancestor, const Node& node);

}  // namespace dandelion::html
