// SPDX-License-Identifier: MIT
#include "html/tree_builder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "html/byte_scan.hpp"
#include "html/parse.hpp"

namespace dandelion::html {
namespace {

// Enough for any page that people wrote; beyond it one copy for so many bytes.
constexpr std::size_t copies_at_least = 20'000;
constexpr std::size_t bytes_per_copy = 16;

constexpr KindSet table_parts = {Tag::table_, Tag::tbody_, Tag::tfoot_, Tag::thead_, Tag::tr_};

std::string_view leading_html_space(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_html_space(text[length]))
    ++length;
  return text.substr(0, length);
}

}  // namespace

TreeBuilder::TreeBuilder(Document& document, std::span<char> page)
    : document_(document),
      tokenizer_(document, page),
      copies_left_(copies_at_least + page.size() / bytes_per_copy) {}

void TreeBuilder::build_page() {
  run();
}

void TreeBuilder::build_fragment() {
  is_fragment_ = true;
  Node* top = document_.create_element("html");
  open_.push(*top);
  reset_insertion_mode();
  run();
  while (top->first_child != nullptr)
    append_child(document_.root(), *top->first_child);
}

void TreeBuilder::run() {
  Token token;
  do {
    tokenizer_.allow_cdata(!open_.empty() && open_.current_kind() >= ElementKind::foreign);
    tokenizer_.next(token);
    if (std::exchange(skips_line_break_, false) && token.type == Token::Type::text &&
        token.text.starts_with('\n')) {
      token.text.remove_prefix(1);
      if (token.text.empty()) continue;
    }
    Outcome outcome = goes_to_foreign_content(token) ? foreign(token) : process_by_mode(token);
    while (outcome == Outcome::again)
      outcome = process_by_mode(token);
    if (document_.node_count() > max_nodes) {
      document_.mark_cut();
      return;
    }
  } while (token.type != Token::Type::end_of_file);
}

TreeBuilder::Outcome TreeBuilder::process_by_mode(Token& token) {
  static constexpr std::array<ModeFunction, static_cast<std::size_t>(Mode::count)> functions = {
      &TreeBuilder::initial,
      &TreeBuilder::before_html,
      &TreeBuilder::before_head,
      &TreeBuilder::in_head,
      &TreeBuilder::in_head_noscript,
      &TreeBuilder::after_head,
      &TreeBuilder::in_body,
      &TreeBuilder::text,
      &TreeBuilder::in_table,
      &TreeBuilder::in_table_text,
      &TreeBuilder::in_caption,
      &TreeBuilder::in_column_group,
      &TreeBuilder::in_table_body,
      &TreeBuilder::in_row,
      &TreeBuilder::in_cell,
      &TreeBuilder::in_select,
      &TreeBuilder::in_select_in_table,
      &TreeBuilder::in_template,
      &TreeBuilder::after_body,
      &TreeBuilder::in_frameset,
      &TreeBuilder::after_frameset,
      &TreeBuilder::after_after_body,
      &TreeBuilder::after_after_frameset,
  };
  return (this->*functions[static_cast<std::size_t>(mode_)])(token);
}

TreeBuilder::Outcome TreeBuilder::go_to(Mode mode) {
  mode_ = mode;
  return Outcome::again;
}

// 13.2.6.1, "appropriate place for inserting a node".
TreeBuilder::Place TreeBuilder::place_for_node(Node& target) const {
  if (!foster_parenting_ || target.ns != Namespace::html || !table_parts.has(target.tag))
    return {&target, nullptr};
  const auto table = open_.last_index_of(Tag::table_);
  const auto holder = open_.last_index_of(Tag::template_);
  if (holder && (!table || *holder > *table)) return {&open_.at(*holder), nullptr};
  if (!table) return {&open_.at(0), nullptr};
  Node& node = open_.at(*table);
  if (node.parent != nullptr) return {node.parent, &node};
  return {&open_.at(*table - 1), nullptr};
}

void TreeBuilder::insert_at(const Place& place, Node& node) {
  if (place.before != nullptr) {
    insert_before(*place.before, node);
  } else {
    append_child(*place.parent, node);
  }
}

Node* TreeBuilder::create_element(const Token& token, Namespace ns) {
  Node* element = document_.allocate_node();
  element->type = NodeType::element;
  element->ns = ns;
  element->tag = token.tag;
  element->name = token.name;
  element->attributes = stored(token.attributes);
  return element;
}

std::span<Attribute> TreeBuilder::stored(std::span<const Attribute> attributes) {
  if (attributes.empty()) return {};
  auto* copy = static_cast<Attribute*>(
      document_.arena()->allocate(attributes.size_bytes(), alignof(Attribute)));
  std::uninitialized_copy(attributes.begin(), attributes.end(), copy);
  return {copy, attributes.size()};
}

Node* TreeBuilder::insert_created(Node* element) {
  if (open_.size() >= max_depth) open_.pop();
  insert_at(place_for_node(), *element);
  open_.push(*element);
  return element;
}

void TreeBuilder::insert_text(std::string_view text) {
  if (text.empty()) return;
  const Place place = place_for_node();
  Node* before = place.before != nullptr ? place.before->previous : place.parent->last_child;
  if (before != nullptr && before->is_text()) {
    append_to(*before, text);
    return;
  }
  Node* node = document_.allocate_node();
  node->text = text;
  insert_at(place, *node);
}

void TreeBuilder::append_to(Node& text_node, std::string_view more) {
  const std::string_view old = text_node.text;
  // Parts that stand in a row in the page are one view.
  if (old.data() + old.size() == more.data()) {
    text_node.text = {old.data(), old.size() + more.size()};
    return;
  }
  const std::size_t size = old.size() + more.size();
  std::size_t& capacity = capacities_[&text_node];
  char* memory = nullptr;
  if (capacity < size) {
    capacity = size * 2;
    memory = static_cast<char*>(document_.arena()->allocate(capacity, 1));
    std::memcpy(memory, old.data(), old.size());
  } else {
    // Ours: it was allocated here.
    memory = const_cast<char*>(old.data());  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
  std::memcpy(memory + old.size(), more.data(), more.size());
  text_node.text = {memory, size};
}

void TreeBuilder::insert_comment(const Token& token) {
  Node* node = document_.allocate_node();
  node->type = NodeType::comment;
  node->text = token.text;
  insert_at(place_for_node(), *node);
}

void TreeBuilder::append_comment(const Token& token, Node& parent) {
  Node* node = document_.allocate_node();
  node->type = NodeType::comment;
  node->text = token.text;
  append_child(parent, *node);
}

// Takes the white space that the text begins with out of it; whether nothing is left.
bool TreeBuilder::take_space(Token& token) {
  token.text.remove_prefix(leading_html_space(token.text).size());
  return token.text.empty();
}

// Inserts the white space that the text begins with, and leaves the rest.
void TreeBuilder::insert_space(Token& token) {
  const std::string_view space = leading_html_space(token.text);
  insert_text(space);
  token.text.remove_prefix(space.size());
}

void TreeBuilder::insert_only_space(const Token& token) {
  std::string_view text = token.text;
  while (!text.empty()) {
    const std::string_view space = leading_html_space(text);
    insert_text(space);
    text.remove_prefix(space.size());
    const auto next = std::find_if(text.begin(), text.end(), is_html_space);
    text.remove_prefix(static_cast<std::size_t>(next - text.begin()));
  }
}

void TreeBuilder::merge_attributes(Node& element, const Token& token) {
  for (const Attribute& attribute : token.attributes) {
    if (element.attributes.size() >= Tokenizer::max_attributes) return;
    if (!element.attribute(attribute.name))
      document_.set_attribute(element, attribute.name, attribute.value);
  }
}

// 13.2.4.1
void TreeBuilder::reset_insertion_mode() {
  for (std::size_t index = open_.size(); index-- > 0;) {
    const Mode mode = mode_for(index);
    if (mode == Mode::count) continue;
    mode_ = mode;
    return;
  }
  mode_ = Mode::in_body;
}

// The mode that the element there asks for; Mode::count where it asks for none.
TreeBuilder::Mode TreeBuilder::mode_for(std::size_t index) const {
  if (open_.kind(index) >= ElementKind::foreign) return Mode::count;
  switch (open_.at(index).tag) {
    case Tag::select_:
      while (index-- > 0 && !open_.is(index, Tag::template_)) {
        if (open_.is(index, Tag::table_)) return Mode::in_select_in_table;
      }
      return Mode::in_select;
    case Tag::td_:
    case Tag::th_:
      return Mode::in_cell;
    case Tag::tr_:
      return Mode::in_row;
    case Tag::tbody_:
    case Tag::thead_:
    case Tag::tfoot_:
      return Mode::in_table_body;
    case Tag::caption_:
      return Mode::in_caption;
    case Tag::colgroup_:
      return Mode::in_column_group;
    case Tag::table_:
      return Mode::in_table;
    case Tag::template_:
      return template_modes_.empty() ? Mode::in_body : template_modes_.back();
    case Tag::head_:
      return Mode::in_head;
    case Tag::body_:
      return Mode::in_body;
    case Tag::frameset_:
      return Mode::in_frameset;
    case Tag::html_:
      if (is_fragment_) return Mode::in_body;
      return head_ == nullptr ? Mode::before_head : Mode::after_head;
    default:
      return Mode::count;
  }
}

}  // namespace dandelion::html
