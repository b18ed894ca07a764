// SPDX-License-Identifier: MIT
#include "render/markdown_anchors.hpp"

#include <algorithm>

namespace dandelion {
namespace {

using html::Node;

constexpr std::size_t longest_name = 200;

// Names that need no escape, whatever reads them.
bool is_plain(std::string_view name) {
  return !name.empty() && name.size() <= longest_name &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>' ||
                  c == '&' || c == '`' || c == '\'' || c == '|' || c == '\\' || c == 0x7F;
         });
}

}  // namespace

MarkdownAnchors::MarkdownAnchors(const std::vector<const Node*>& links,
                                 const Footnotes& footnotes) {
  for (const Node* link : links) {
    const std::string_view name = link->attribute_or_empty("href").substr(1);
    if (is_plain(name) && !footnotes.links.contains(link)) wanted_.insert(name);
  }
}

void MarkdownAnchors::reach(const Node& element) {
  if (wanted_.empty()) return;
  for (const std::string_view attribute : {"id", "name"}) {
    const std::string_view name = element.attribute_or_empty(attribute);
    if (!name.empty() && wanted_.erase(name) != 0)
      owed_.append("<a name=\"").append(name).append("\"></a>");
  }
}

void MarkdownAnchors::settle(cmark_node* parent) {
  if (owed_.empty() || markdown_tree::lies_in(parent, CMARK_NODE_LINK)) return;
  markdown_tree::append_tag(parent, owed_);
  owed_.clear();
}

}  // namespace dandelion
