// SPDX-License-Identifier: MIT
// Inline content on its way into cmark-gfm's syntax tree, for render/markdown.cpp alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/markdown_anchors.hpp"
#include "render/markdown_tree.hpp"

namespace dandelion {

// A span or link that goes on over block boundaries: begun anew in each paragraph.
struct SpanWrapper {
  cmark_node_type type;
  cmark_syntax_extension* extension;
  std::string url;
};

// Where inline content goes: the open paragraph of a block, made when the first text arrives.
struct Inlines {
  cmark_node* block = nullptr;      // the container that a paragraph would be appended to
  cmark_node* paragraph = nullptr;  // the open one
  cmark_node* parent = nullptr;     // of the next inline node: the paragraph or a span in it
  std::vector<cmark_node*> chain;   // the wrappers' nodes in the open paragraph
  bool fixed = false;               // the block takes inlines itself, on one line: heading, cell
  bool space = false;               // white space is owed before the next text
  int breaks = 0;                   // line breaks are
  bool filled = false;              // something that shows stands in the paragraph
};

// Opens and closes paragraphs, with the spans that go on in each, and writes what is owed between
// two pieces of content.
class InlineWriter {
 public:
  explicit InlineWriter(MarkdownAnchors anchors) : anchors_(std::move(anchors)) {}

  // Writing has come to this element.
  void reach(const html::Node& element) { anchors_.reach(element); }

  void open(Inlines& inlines);
  void close(Inlines& inlines);
  // Writes what is owed before the next inline node: line breaks, or white space.
  void pay(Inlines& inlines);
  void text(Inlines& inlines, std::string_view content);

  // The spans that are open in `inlines`, begun in a block that takes inlines itself.
  void begin_wrappers(Inlines& inlines);
  // From here on a span goes on until it is ended, in the open paragraph and all that follow.
  void begin_wrapper(Inlines& inlines, SpanWrapper wrapper);
  void end_wrapper(Inlines& inlines);
  // The same for paragraphs that are yet to come.
  void push_wrapper(SpanWrapper wrapper) { wrappers_.push_back(std::move(wrapper)); }
  void pop_wrapper() { wrappers_.pop_back(); }
  [[nodiscard]] bool is_wrapped_in(cmark_node_type type) const;

 private:
  MarkdownAnchors anchors_;
  std::vector<SpanWrapper> wrappers_;
};

}  // namespace dandelion
