// SPDX-License-Identifier: MIT
#include "html/parse.hpp"

#include <array>
#include <new>
#include <string>
#include <vector>

#include <gumbo.h>

#include "core/text.hpp"

namespace dandelion::html {
namespace {

// Gumbo allocates from the document's arena and frees nothing: its strings become ours without a
// copy, and its own recursive clean-up, which a deeply nested page drives over the end of the
// stack, is never run.
void* allocate(void* arena, std::size_t size) {
  return static_cast<std::pmr::memory_resource*>(arena)->allocate(size, alignof(std::max_align_t));
}
void keep(void* /*arena*/, void* /*memory*/) {}

const Tag* tags_by_gumbo() {
  static const auto table = [] {
    std::array<Tag, GUMBO_TAG_LAST + 1> tags{};
    for (int i = 0; i < GUMBO_TAG_LAST; ++i) {
      tags.at(static_cast<std::size_t>(i)) =
          tag_from_name(gumbo_normalized_tagname(static_cast<GumboTag>(i)));
    }
    return tags;
  }();
  return table.data();
}

std::string_view element_name(Document& document, const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  if (piece.data == nullptr) return "span";
  return document.store(ascii_lower({piece.data, piece.length}));
}

std::span<Attribute> attributes_of(Document& document, const GumboVector& from) {
  if (from.length == 0) return {};
  auto* memory = static_cast<Attribute*>(
      document.arena()->allocate(from.length * sizeof(Attribute), alignof(Attribute)));
  for (unsigned int i = 0; i < from.length; ++i) {
    const auto* attribute = static_cast<const GumboAttribute*>(from.data[i]);
    new (memory + i) Attribute{attribute->name, attribute->value};
  }
  return {memory, from.length};
}

const GumboVector* children_of(const GumboNode& node) {
  switch (node.type) {
    case GUMBO_NODE_DOCUMENT:
      return &node.v.document.children;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE:
      return &node.v.element.children;
    default:
      return nullptr;
  }
}

Node* convert_one(Document& document, const GumboNode& from) {
  Node* node = document.allocate_node();
  switch (from.type) {
    case GUMBO_NODE_DOCUMENT:
      node->type = NodeType::document;
      break;
    case GUMBO_NODE_ELEMENT:
    case GUMBO_NODE_TEMPLATE: {
      const GumboElement& element = from.v.element;
      node->type = NodeType::element;
      node->ns = element.tag_namespace == GUMBO_NAMESPACE_HTML  ? Namespace::html
                 : element.tag_namespace == GUMBO_NAMESPACE_SVG ? Namespace::svg
                                                                : Namespace::mathml;
      node->name = element_name(document, element);
      node->tag = element.tag == GUMBO_TAG_UNKNOWN ? tag_from_name(node->name)
                                                   : tags_by_gumbo()[element.tag];
      node->attributes = attributes_of(document, element.attributes);
      break;
    }
    case GUMBO_NODE_COMMENT:
      node->type = NodeType::comment;
      node->text = from.v.text.text;
      break;
    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_CDATA:
    case GUMBO_NODE_WHITESPACE:
      node->text = from.v.text.text;
      break;
  }
  return node;
}

// Copies the tree with a stack of its own: a hostile page nests deeper than the thread's stack
// reaches.
void convert_children(Document& document, const GumboNode& top, Node& into) {
  struct Level {
    const GumboVector* children;
    unsigned int next_child;
    Node* parent;
  };
  std::vector<Level> levels{{children_of(top), 0, &into}};
  while (!levels.empty()) {
    Level& level = levels.back();
    if (level.next_child == level.children->length) {
      levels.pop_back();
      continue;
    }
    const auto* from = static_cast<const GumboNode*>(level.children->data[level.next_child++]);
    Node* node = convert_one(document, *from);
    append_child(*level.parent, *node);
    const GumboVector* children = children_of(*from);
    if (children != nullptr && children->length > 0) levels.push_back({children, 0, node});
  }
}

Document parse_as(std::string_view text, bool fragment) {
  Document document;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = keep;
  options.userdata = document.arena();
  options.max_errors = 0;
  if (fragment) options.fragment_context = GUMBO_TAG_BODY;
  const GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
  convert_children(document, fragment ? *output->root : *output->document, document.root());
  return document;
}

}  // namespace

Document parse(std::string_view text) {
  return parse_as(text, false);
}

Document parse_fragment(std::string_view text) {
  return parse_as(text, true);
}

}  // namespace dandelion::html
