// SPDX-License-Identifier: MIT
#include "render/markdown_source.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"

namespace dandelion {

using html::Node;
using html::Tag;

const html::TagSet& tagged_elements() {
  static const html::TagSet tags = {Tag::sub_, Tag::sup_, Tag::ruby_, Tag::rt_,  Tag::rp_,
                                    Tag::kbd_, Tag::q_,   Tag::mark_, Tag::ins_, Tag::rb_};
  return tags;
}

std::unordered_set<const Node*> inlines_around_blocks(const Node& body) {
  std::unordered_set<const Node*> found;
  for (const Node* at = html::next_in_tree(body, body); at != nullptr;
       at = html::next_in_tree(*at, body)) {
    if (!at->is_element() || !html::is_block(at->tag)) continue;
    for (const Node* up = at->parent; up != nullptr && up != &body && !html::is_block(up->tag);
         up = up->parent) {
      if (!found.insert(up).second) break;
    }
  }
  return found;
}

Content content_of(const Node& node) {
  Content content;
  for (const Node* at = html::next_in_tree(node, node); at != nullptr;
       at = html::next_in_tree(*at, node)) {
    if (at->is_element(Tag::img_)) content.any = true;
    if (at->is_text() && !at->text.empty()) {
      if (leading_space(at->text) != 0) content.begins_with_space = true;
      content.any = content.any || !is_blank(at->text);
    }
    if (content.any) break;
  }
  return content;
}

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    longest = std::max(longest, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

bool has_block_child(const Node& node) {
  for (const Node* child = node.first_element(); child != nullptr; child = child->next_element()) {
    if (html::is_block(child->tag) && child->tag != Tag::div_ && child->tag != Tag::p_) return true;
  }
  return false;
}

std::string footnote_definition(std::size_t number, std::string_view markdown,
                                bool begins_with_text) {
  std::string text = fmt::format("[^{}]:{}", number, begins_with_text ? " " : "\n");
  bool indent = !begins_with_text;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    if (indent && end != 0) text += "    ";
    indent = true;
    text.append(markdown.substr(0, end)).append("\n");
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
  }
  return text;
}

}  // namespace dandelion
