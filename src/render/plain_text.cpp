// SPDX-License-Identifier: MIT
#include "core/text.hpp"
#include "render/markdown.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

bool ends_line(const Node& node) {
  return node.is_element() && (html::is_block(node.tag) || node.tag == Tag::br_);
}

// Gathers a block's text and adds it, its white space collapsed, where the block ends.
class PlainText {
 public:
  void add(std::string_view text) { line_ += text; }

  void begin_item() {
    end_block();
    line_ = "- ";
    bare_ = line_.size();
  }

  void end_block() {
    const std::string clean = line_.size() > bare_ ? collapse_space(line_) : std::string();
    line_.clear();
    bare_ = 0;
    if (clean.empty() || clean == "-") return;
    if (!text_.empty()) text_ += "\n\n";
    text_ += clean;
  }

  std::string take() {
    end_block();
    return std::move(text_);
  }

 private:
  std::string text_;
  std::string line_;
  std::size_t bare_ = 0;  // length of a mark that is no text yet
};

}  // namespace

std::string to_plain_text(const Node& body) {
  PlainText text;
  const Node* at = &body;
  for (;;) {
    if (at->is_text()) {
      text.add(at->text);
    } else if (at->is_element(Tag::li_)) {
      text.begin_item();
    } else if (ends_line(*at)) {
      text.end_block();
    }
    if (at->first_child != nullptr) {
      at = at->first_child;
      continue;
    }
    while (at != &body && at->next == nullptr) {
      at = at->parent;
      if (ends_line(*at)) text.end_block();
    }
    if (at == &body) return text.take();
    if (ends_line(*at)) text.end_block();
    at = at->next;
  }
}

}  // namespace dandelion
