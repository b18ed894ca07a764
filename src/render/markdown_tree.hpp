// SPDX-License-Identifier: MIT
// cmark-gfm's syntax tree, for render/markdown.cpp alone.
#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include "core/handle.hpp"

// The extensions' node types: exported by the library, declared only in headers that are not
// installed.
extern "C" {
extern cmark_node_type CMARK_NODE_TABLE;
extern cmark_node_type CMARK_NODE_TABLE_ROW;
extern cmark_node_type CMARK_NODE_TABLE_CELL;
extern cmark_node_type CMARK_NODE_STRIKETHROUGH;
}

namespace dandelion::markdown_tree {

using CmarkNode = Handle<cmark_node, cmark_node_free>;
using CmarkText = Handle<char, std::free>;

struct Extensions {
  cmark_syntax_extension* table;
  cmark_syntax_extension* strikethrough;
};

[[nodiscard]] const Extensions& extensions();

// A new last child. Where cmark does not let this parent hold that kind of node, the parent itself:
// what the node would hold goes beside it.
cmark_node* append(cmark_node* parent, cmark_node_type type,
                   cmark_syntax_extension* extension = nullptr);

// Text that is escaped as Markdown needs it.
void append_text(cmark_node* parent, std::string_view text);

// A reference to a footnote. The library's own node for it is made by its parser alone.
void append_reference(cmark_node* parent, int number);

// The address of a link or picture, without what Markdown could not hold: blanks and brackets as
// %XX.
void set_address(cmark_node* node, std::string_view url);

// A tag that stands in the Markdown as it is.
void append_tag(cmark_node* parent, std::string_view tag);

void append_html_block(cmark_node* parent, std::string_view html);

// Takes the node out and frees it where it holds nothing. Whether it did.
bool drop_if_empty(cmark_node* node);

// Puts something that shows nothing in front of a node that would be read as one with what stands
// before it.
void insert_nothing_before(cmark_node* node);

// The writer misplaces what follows an item that begins with a list, and an item that begins with a
// rule would be read as a rule.
void begin_with_text(cmark_node* item);

// Whether the place where inline content goes lies within a span or link of this kind.
[[nodiscard]] bool lies_in(cmark_node* at, cmark_node_type type);

// Writes spans that Markdown's own signs would not be read as (CommonMark 6.2: `**中文。**字`,
// spans that touch or begin and end together) as <strong>, <em> and <del> instead.
void settle_spans(cmark_node* root);

}  // namespace dandelion::markdown_tree
