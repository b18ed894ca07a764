// SPDX-License-Identifier: MIT
#include "render/page_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace dandelion {
namespace {

using html::Node;

// About what the node takes when written: exact enough for a budget, and without writing it.
std::size_t written_size(const Node& top) {
  std::size_t size = 0;
  for (const Node* at = &top; at != nullptr; at = html::next_in_tree(*at, top)) {
    size += at->text.size() + 2 * at->name.size() + 5;
    for (const html::Attribute& attribute : at->attributes)
      size += attribute.name.size() + attribute.value.size() + 4;
  }
  return size;
}

// The element whose children are the body's blocks: boxes that hold nearly all of it are opened.
Node* box_of_blocks(Node& body, std::size_t total) {
  Node* box = &body;
  for (;;) {
    Node* larger = nullptr;
    for (Node* child = box->first_element(); child != nullptr; child = child->next_element()) {
      if (written_size(*child) > total - total / 10) larger = child;
    }
    if (larger == nullptr || larger->first_element() == nullptr) return box;
    box = larger;
  }
}

}  // namespace

std::vector<Node*> split_body(html::Document& document, Node& body, std::size_t max_bytes) {
  const std::size_t total = written_size(body);
  if (total <= max_bytes) return {&body};
  Node* box = box_of_blocks(body, total);
  std::vector<Node*> parts;
  std::size_t size = 0;
  Node* next = nullptr;
  for (Node* child = box->first_child; child != nullptr; child = next) {
    next = child->next;
    const std::size_t more = written_size(*child);
    if (parts.empty() || (size != 0 && size + more > max_bytes)) {
      // A list's or table's parts stay lists and tables.
      parts.push_back(document.create_element(box == &body ? "div" : box->name));
      size = 0;
    }
    html::remove(*child);
    html::append_child(*parts.back(), *child);
    size += more;
  }
  if (box != &body) {
    // What stood around the box stays with the first part. A writer is given what holds a list, not
    // the list itself.
    html::insert_before(*box, *parts.front());
    html::remove(*box);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      Node* holder = document.create_element("div");
      html::append_child(*holder, *parts[i]);
      parts[i] = holder;
    }
    parts.front() = &body;
  }
  return parts;
}

std::string part_path(const std::string& markdown_path, std::size_t part) {
  if (part == 0) return markdown_path;
  constexpr std::string_view ending = ".md";
  return fmt::format("{}.part{}{}", markdown_path.substr(0, markdown_path.size() - ending.size()),
                     part + 1, ending);
}

std::optional<std::string> whole_page_of(std::string_view path) {
  constexpr std::string_view mark = ".part";
  for (const std::string_view ending : {".md", ".html"}) {
    if (!path.ends_with(ending)) continue;
    const std::string_view stem = path.substr(0, path.size() - ending.size());
    const auto at = stem.rfind(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view number = stem.substr(at + mark.size());
    const bool is_number = !number.empty() && std::all_of(number.begin(), number.end(), [](char c) {
      return c >= '0' && c <= '9';
    });
    if (!is_number) return std::nullopt;
    return std::string(stem.substr(0, at)) + ".md";
  }
  return std::nullopt;
}

}  // namespace dandelion
