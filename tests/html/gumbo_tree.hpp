// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <gumbo.h>

#include "core/text.hpp"
#include "html/dom.hpp"

namespace dandelion::html {

inline void append_gumbo_children(Document& document, const GumboVector& children, Node& parent) {
  for (unsigned int i = 0; i < children.length; ++i) {
    const auto& from = *static_cast<const GumboNode*>(children.data[i]);
    if (from.type != GUMBO_NODE_ELEMENT && from.type != GUMBO_NODE_TEMPLATE) continue;
    const GumboElement& element = from.v.element;
    GumboStringPiece name = element.original_tag;
    gumbo_tag_from_original_text(&name);
    Node* node = document.create_element(element.tag == GUMBO_TAG_UNKNOWN
                                             ? ascii_lower({name.data, name.length})
                                             : gumbo_normalized_tagname(element.tag));
    if (element.tag_namespace == GUMBO_NAMESPACE_SVG) node->ns = Namespace::svg;
    if (element.tag_namespace == GUMBO_NAMESPACE_MATHML) node->ns = Namespace::mathml;
    for (unsigned int a = 0; a < element.attributes.length; ++a) {
      const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[a]);
      document.set_attribute(*node, attribute.name, attribute.value);
    }
    append_child(parent, *node);
    append_gumbo_children(document, element.children, *node);
  }
}

// The elements of a fragment as Gumbo reads it: a parser that shares nothing with ours, to ask
// whether something that is written means the same to others. For texts that are not deep.
inline Document parse_by_gumbo(std::string_view text) {
  Document document;
  GumboOptions options = kGumboDefaultOptions;
  options.fragment_context = GUMBO_TAG_BODY;
  GumboOutput* output = gumbo_parse_with_options(&options, text.data(), text.size());
  append_gumbo_children(document, output->root->v.element.children, document.root());
  gumbo_destroy_output(&options, output);
  return document;
}

}  // namespace dandelion::html
