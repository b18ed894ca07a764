// SPDX-License-Identifier: MIT
#include "render/markdown_inlines.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace dandelion {
namespace {

using namespace markdown_tree;

void begin(Inlines& inlines, const SpanWrapper& wrapper) {
  cmark_node* node = append(inlines.parent, wrapper.type, wrapper.extension);
  if (node != inlines.parent && !wrapper.url.empty()) set_address(node, wrapper.url);
  inlines.chain.push_back(node);
  inlines.parent = node;
}

}  // namespace

void InlineWriter::open(Inlines& inlines) {
  if (inlines.paragraph != nullptr) return;
  inlines.paragraph = append(inlines.block, CMARK_NODE_PARAGRAPH);
  inlines.parent = inlines.paragraph;
  begin_wrappers(inlines);
}

void InlineWriter::close(Inlines& inlines) {
  for (; !inlines.chain.empty(); inlines.chain.pop_back())
    drop_if_empty(inlines.chain.back());
  if (inlines.paragraph != nullptr && !inlines.fixed) drop_if_empty(inlines.paragraph);
  inlines.paragraph = inlines.parent = nullptr;
  inlines.space = inlines.filled = false;
  inlines.breaks = 0;
}

void InlineWriter::pay(Inlines& inlines) {
  if (inlines.breaks > 0 && inlines.filled) {
    const bool in_span = inlines.parent != inlines.paragraph && inlines.chain.empty();
    if (inlines.fixed) {
      append_tag(inlines.parent, "<br>");
    } else if (inlines.breaks > 1 && !in_span) {
      close(inlines);
      open(inlines);
    } else {
      append(inlines.parent, CMARK_NODE_LINEBREAK);
    }
  } else if (inlines.space && inlines.filled) {
    append_text(inlines.parent, " ");
  }
  inlines.breaks = 0;
  inlines.space = false;
  open(inlines);
  anchors_.settle(inlines.parent);
}

void InlineWriter::text(Inlines& inlines, std::string_view content) {
  // White space that a span begins with has been written in front of it.
  const bool begins_span =
      inlines.parent != inlines.paragraph && cmark_node_first_child(inlines.parent) == nullptr;
  if (leading_space(content) != 0 && !begins_span) inlines.space = true;
  if (is_blank(content)) return;
  open(inlines);
  std::string words;
  if (inlines.space && inlines.breaks == 0 && inlines.filled) {
    words = " ";
    inlines.space = false;
  }
  pay(inlines);
  words += collapse_space(content);
  append_text(inlines.parent, words);
  inlines.filled = true;
  inlines.space = trim(content).end() != content.end();
}

void InlineWriter::begin_wrappers(Inlines& inlines) {
  for (const SpanWrapper& wrapper : wrappers_)
    begin(inlines, wrapper);
}

void InlineWriter::begin_wrapper(Inlines& inlines, SpanWrapper wrapper) {
  wrappers_.push_back(std::move(wrapper));
  if (inlines.paragraph == nullptr) return;
  pay(inlines);
  begin(inlines, wrappers_.back());
}

void InlineWriter::end_wrapper(Inlines& inlines) {
  wrappers_.pop_back();
  if (inlines.paragraph == nullptr || inlines.chain.empty()) return;
  drop_if_empty(inlines.chain.back());
  inlines.chain.pop_back();
  inlines.parent = inlines.chain.empty() ? inlines.paragraph : inlines.chain.back();
}

bool InlineWriter::is_wrapped_in(cmark_node_type type) const {
  return std::any_of(wrappers_.begin(), wrappers_.end(),
                     [type](const SpanWrapper& wrapper) { return wrapper.type == type; });
}

}  // namespace dandelion
