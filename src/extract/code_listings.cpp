// SPDX-License-Identifier: MIT
#include "extract/code_listings.hpp"

#include <string>

#include "core/text.hpp"
#include "html/code.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

constexpr int most_looked_at = 256;  // of what a cell holds

bool is_cell(const Node& node) {
  return node.is_element(Tag::td_) || node.is_element(Tag::th_);
}

// Hugo gives no name to the cell itself, but to each number in it.
bool counts_lines(const Node& cell) {
  if (html::is_line_number(cell)) return true;
  bool counts = false;
  int left = most_looked_at;
  for (const Node* at = &cell; at != nullptr && left > 0;
       at = html::next_in_tree(*at, cell), --left) {
    if (at->is_text() && at->text.find_first_not_of("0123456789 \t\r\n") != std::string_view::npos)
      return false;
    counts = counts || (at != &cell && at->is_element() && html::is_line_number(*at));
  }
  return counts;
}

bool holds_table(const Node& cell) {
  for (const Node* at = &cell; at != nullptr; at = html::next_in_tree(*at, cell)) {
    if (at->is_element(Tag::table_)) return true;
  }
  return false;
}

void add_lines(std::string& code, const Node& cell) {
  std::string lines = html::code_text(cell);
  if (cell.first_element() != nullptr && cell.first_element()->is_element(Tag::pre_)) {
    lines = html::code_text(*cell.first_element());
  } else {
    while (!lines.empty() && (lines.front() == '\n' || lines.front() == '\r'))
      lines.erase(0, 1);
    lines.resize(lines.find_last_not_of("\r\n") + 1);
  }
  code += lines;
  if (!code.ends_with('\n') || lines.empty()) code += '\n';
}

// The code of all cells that do not count; empty where a row does not begin with one that does.
std::string code_beside_numbers(const Node& table) {
  std::string code;
  for (const Node* at = html::next_in_tree(table, table); at != nullptr;) {
    if (!is_cell(*at)) {
      at = html::next_in_tree(*at, table);
      continue;
    }
    const bool counts = counts_lines(*at);
    if ((at->previous_element() == nullptr && !counts) || holds_table(*at)) return {};
    if (!counts) add_lines(code, *at);
    at = html::next_skipping_children(*at, table);
  }
  return code;
}

// The outermost box that holds no more than the table.
Node& box_around(Node& table) {
  Node* outermost = &table;
  for (Node* at = &table; at->parent != nullptr; at = at->parent) {
    const Node& box = *at->parent;
    const bool holds_code = box.is_element(Tag::pre_) || box.is_element(Tag::code_) ||
                            (box.is_element(Tag::figure_) && at->next_element() == nullptr);
    if (!holds_code) break;
    outermost = at->parent;
  }
  return *outermost;
}

bool holds_more_than_code(const Node& element) {
  return element.is_element(Tag::pre_) || element.is_element(Tag::table_) ||
         element.is_element(Tag::img_) || element.is_element(Tag::p_);
}

Node* code_element(Document& document, std::string_view text, const std::string& language) {
  Node* code = document.create_element("code");
  if (!language.empty()) document.set_attribute(*code, "class", "language-" + language);
  html::append_child(*code, *document.create_text(text));
  return code;
}

}  // namespace

void settle_code(Document& document, Node& pre) {
  bool has_lines = false;
  bool has_links = false;
  Node* at = html::next_in_tree(pre, pre);
  while (at != nullptr) {
    // A page's text, or code in a table of its own.
    if (at->is_element() && holds_more_than_code(*at)) return;
    Node* next = html::next_in_tree(*at, pre);
    if (at->is_element() && html::is_line_number(*at)) {
      next = html::next_skipping_children(*at, pre);
      html::remove(*at);
    } else if (at->is_element()) {
      has_lines = has_lines || html::is_line_of_code(*at);
      has_links = has_links || at->is_element(Tag::a_);
    }
    at = next;
  }
  if (!has_lines || has_links) return;
  const std::string language = html::code_language(pre);
  const std::string text = html::code_text(pre);
  while (pre.first_child != nullptr)
    html::remove(*pre.first_child);
  html::append_child(pre, *code_element(document, text, language));
}

Node* settle_code_table(Document& document, Node& table) {
  const std::string text = code_beside_numbers(table);
  if (is_blank(text)) return nullptr;
  Node& box = box_around(table);
  const std::string language = html::code_language(table);
  Node* pre = document.create_element("pre");
  html::append_child(*pre, *code_element(document, text, language));
  html::insert_before(box, *pre);
  html::remove(box);
  return pre;
}

}  // namespace dandelion
