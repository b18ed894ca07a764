// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "html/dom.hpp"

namespace dandelion::html {

// Where an element's end may be looked for (HTML Standard, 13.2.4.2).
enum class Scope : std::uint8_t { ordinary, list_item, button, table, select };

// What an element is to the parser: an HTML element's Tag, or one of these. Tags of foreign
// elements are none: an SVG <title> must not be taken for HTML's.
enum class ElementKind : std::uint8_t {
  foreign = static_cast<std::uint8_t>(Tag::count),
  mathml_text_point,  // <mi>, <mo>, <mn>, <ms>, <mtext>
  html_point,         // SVG's <foreignObject>, <desc>, <title>; annotation-xml that holds HTML
  annotation_xml,     // MathML's, that holds none
  count
};
[[nodiscard]] constexpr ElementKind kind_of(Tag tag) {
  return static_cast<ElementKind>(tag);
}
[[nodiscard]] ElementKind kind_of(const Node& element);

// A set of them that the compiler makes.
class KindSet {
 public:
  constexpr KindSet(std::initializer_list<Tag> tags,
                    std::initializer_list<ElementKind> foreign_kinds = {}) {
    for (const Tag tag : tags)
      add(kind_of(tag));
    for (const ElementKind kind : foreign_kinds)
      add(kind);
  }
  [[nodiscard]] constexpr bool has(ElementKind kind) const {
    return (words_[word_of(kind)] & bit_of(kind)) != 0;
  }
  [[nodiscard]] constexpr bool has(Tag tag) const { return has(kind_of(tag)); }

 private:
  static constexpr std::size_t word_of(ElementKind kind) {
    return static_cast<std::size_t>(kind) / 64;
  }
  static constexpr std::uint64_t bit_of(ElementKind kind) {
    return std::uint64_t{1} << (static_cast<unsigned>(kind) % 64);
  }
  constexpr void add(ElementKind kind) { words_[word_of(kind)] |= bit_of(kind); }

  std::array<std::uint64_t, static_cast<std::size_t>(ElementKind::count) / 64 + 1> words_{};
};

// The parser's stack of open elements: the first is <html>, the last is the current node. Beside
// each element stands what the algorithms ask of it, so that a walk down the stack reads bytes that
// lie in a row.
class OpenElements {
 public:
  void push(Node& element);
  void pop();
  // Pops elements until one of that tag is gone, but never the first element.
  void pop_until(Tag tag);
  // Pops elements until the current node is one of them, or the first element.
  void clear_back_to(const KindSet& tags);
  // 13.2.6.3: pops what needs no end tag, but for elements of that tag.
  void generate_implied_end_tags(Tag except = Tag::unknown);
  void generate_all_implied_end_tags();

  [[nodiscard]] bool empty() const { return nodes_.empty(); }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] Node& at(std::size_t index) const { return *nodes_[index]; }
  [[nodiscard]] ElementKind kind(std::size_t index) const { return kinds_[index]; }
  [[nodiscard]] bool is(std::size_t index, Tag tag) const { return kinds_[index] == kind_of(tag); }
  [[nodiscard]] Node& current() const { return *nodes_.back(); }
  [[nodiscard]] ElementKind current_kind() const { return kinds_.back(); }
  [[nodiscard]] bool current_is(Tag tag) const { return kinds_.back() == kind_of(tag); }
  [[nodiscard]] bool current_is_one_of(const KindSet& tags) const {
    return is_one_of(size() - 1, tags);
  }
  [[nodiscard]] bool is_one_of(std::size_t index, const KindSet& tags) const {
    return tags.has(kinds_[index]);
  }
  // Whether the element there is of the "special" category (13.2.4.2).
  [[nodiscard]] bool is_special(std::size_t index) const;

  // Whether any is open at all, without a walk.
  [[nodiscard]] bool has(Tag tag) const { return counts_[static_cast<std::size_t>(tag)] != 0; }
  [[nodiscard]] bool has_in_scope(Tag tag, Scope scope = Scope::ordinary) const;
  [[nodiscard]] bool has_one_in_scope(const KindSet& tags, Scope scope = Scope::ordinary) const;
  [[nodiscard]] bool has_in_scope(const Node& element) const;

  [[nodiscard]] std::optional<std::size_t> index_of(const Node& element) const;
  [[nodiscard]] std::optional<std::size_t> last_index_of(Tag tag) const;

  void remove(std::size_t index);
  void insert(std::size_t index, Node& element);
  void replace(std::size_t index, Node& element);

 private:
  std::vector<Node*> nodes_;
  std::vector<ElementKind> kinds_;
  std::array<std::uint32_t, static_cast<std::size_t>(ElementKind::count)> counts_{};
};

}  // namespace dandelion::html
