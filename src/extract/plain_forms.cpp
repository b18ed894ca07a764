// SPDX-License-Identifier: MIT
#include "extract/plain_forms.hpp"

#include "extract/code_listings.hpp"
#include "extract/embeds.hpp"
#include "extract/formulas.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

// Most boxes of a page have none, and need no closer look.
bool has_data(const Node& element) {
  for (const html::Attribute& attribute : element.attributes) {
    if (attribute.name.starts_with("data-")) return true;
  }
  return false;
}

// What stands in the element's place; nullptr where that is still the element itself.
Node* plain_form(Document& document, Node& element) {
  switch (element.tag) {
    case Tag::math_:
    case Tag::img_:
      return write_formula(document, element);
    case Tag::span_:
      return has_data(element) ? write_formula(document, element) : nullptr;
    case Tag::div_:
      return has_data(element) ? settle_embed(document, element) : nullptr;
    case Tag::script_:
      if (Node* formula = write_formula(document, element)) return formula;
      return settle_embed(document, element);
    case Tag::pre_:
      settle_code(document, element);
      return nullptr;
    case Tag::table_:
      return settle_code_table(document, element);
    case Tag::blockquote_:
    case Tag::object_:
    case Tag::embed_:
    case Tag::unknown:
      return settle_embed(document, element);
    default:
      return nullptr;
  }
}

}  // namespace

void write_plainly(Document& document, Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    Node* form = at->is_element() ? plain_form(document, *at) : nullptr;
    at =
        form == nullptr ? html::next_in_tree(*at, root) : html::next_skipping_children(*form, root);
  }
}

}  // namespace dandelion
