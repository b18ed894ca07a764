// SPDX-License-Identifier: MIT
#include "render/markdown.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/text.hpp"
#include "html/code.hpp"
#include "html/serialize.hpp"
#include "render/footnotes.hpp"
#include "render/markdown_inlines.hpp"
#include "render/markdown_source.hpp"
#include "render/markdown_table.hpp"
#include "render/markdown_tree.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using namespace markdown_tree;

// What is nested deeper is taken as the text it holds; no article is.
constexpr int max_depth = 300;
// Of quotes and lists in each other; what reads Markdown slows down with each.
constexpr int max_containers = 24;
// In bytes: a <pre> with longer lines is running text, not a layout.
constexpr std::size_t widest_layout = 160;

// Builds the syntax tree from the DOM. Runs of inline content between blocks become paragraphs.
class MarkdownBuilder {
 public:
  MarkdownBuilder(const Node& body, const std::map<std::string, std::string>& rename,
                  const std::vector<const Node*>& links, Footnotes footnotes)
      : body_(body),
        rename_(rename),
        around_blocks_(inlines_around_blocks(body)),
        footnotes_(std::move(footnotes)),
        lines_(MarkdownAnchors(links, footnotes_)) {}

  // nullopt where a note is nowhere referred to in what was written, as where the reference stands
  // in a table that stays HTML: GFM would drop the note.
  std::optional<std::string> build() {
    const CmarkNode document(cmark_node_new(CMARK_NODE_DOCUMENT));
    // An article may be a list, or a quote.
    if (body_.is_element() && html::is_block(body_.tag)) {
      block_element(body_, document.get(), 0);
    } else {
      blocks(body_, document.get(), 0);
    }
    std::string text = written(document.get());
    if (referred_to_ != footnotes_.references.size()) return std::nullopt;
    for (std::size_t i = 0; i < footnotes_.notes.size(); ++i) {
      const CmarkNode note(cmark_node_new(CMARK_NODE_DOCUMENT));
      blocks(*footnotes_.notes[i], note.get(), 0);
      const bool begins_with_text =
          cmark_node_get_type(cmark_node_first_child(note.get())) == CMARK_NODE_PARAGRAPH;
      text += "\n" + footnote_definition(i + 1, written(note.get()), begins_with_text);
    }
    return text;
  }

 private:
  static std::string written(cmark_node* document) {
    settle_spans(document);
    const CmarkText text(cmark_render_commonmark(document, CMARK_OPT_DEFAULT, 0));
    return text.get();
  }

  [[nodiscard]] std::string_view written_name(const Node& node) const {
    if (rename_.empty()) return node.name;
    const auto found = rename_.find(std::string(node.name));
    return found == rename_.end() ? node.name : std::string_view(found->second);
  }

  [[nodiscard]] Tag written_tag(const Node& node) const {
    return rename_.empty() ? node.tag : html::tag_from_name(written_name(node));
  }

  void blocks(const Node& parent, cmark_node* into, int depth) {
    Inlines inlines;
    inlines.block = into;
    block_children(parent, into, inlines, depth);
    lines_.close(inlines);
  }

  void block_children(const Node& parent, cmark_node* into, Inlines& inlines, int depth) {
    for (const Node* child = parent.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        lines_.text(inlines, text_of(*child));
      } else if (child->is_element()) {
        element(*child, into, inlines, depth + 1);
      }
    }
  }

  void element(const Node& node, cmark_node* into, Inlines& inlines, int depth) {
    if (is_left_out(node)) return;
    lines_.reach(node);
    if (depth > max_depth) {
      lines_.text(inlines, html::text_content(node));
      return;
    }
    if (html::is_block(node.tag)) {
      lines_.close(inlines);
      block_element(node, into, depth);
      return;
    }
    if (!around_blocks_.contains(&node)) {
      inline_element(node, inlines, depth);
      return;
    }
    const SpanWrapper wrapper = wrapper_of(node);
    if (wrapper.type == CMARK_NODE_NONE || lines_.is_wrapped_in(wrapper.type)) {
      block_children(node, into, inlines, depth);
    } else {
      // Each of the blocks with its share of the span.
      lines_.begin_wrapper(inlines, wrapper);
      block_children(node, into, inlines, depth);
      lines_.end_wrapper(inlines);
    }
  }

  [[nodiscard]] SpanWrapper wrapper_of(const Node& node) const {
    if (footnotes_.unwrapped.contains(&node)) return {CMARK_NODE_NONE, nullptr, {}};
    switch (written_tag(node)) {
      case Tag::a_:
        if (const auto href = node.attribute("href"))
          return {CMARK_NODE_LINK, nullptr, std::string(trim(*href))};
        return {CMARK_NODE_NONE, nullptr, {}};
      case Tag::em_:
      case Tag::i_:
      case Tag::cite_:
        return {CMARK_NODE_EMPH, nullptr, {}};
      case Tag::strong_:
      case Tag::b_:
        return {CMARK_NODE_STRONG, nullptr, {}};
      case Tag::del_:
      case Tag::s_:
      case Tag::strike_:
        return {CMARK_NODE_STRIKETHROUGH, extensions().strikethrough, {}};
      default:
        return {CMARK_NODE_NONE, nullptr, {}};
    }
  }

  void block_element(const Node& node, cmark_node* into, int depth) {
    const Tag tag = written_tag(node);
    switch (tag) {
      case Tag::h1_:
      case Tag::h2_:
      case Tag::h3_:
      case Tag::h4_:
      case Tag::h5_:
      case Tag::h6_:
        heading(node, into, 1 + static_cast<int>(tag) - static_cast<int>(Tag::h1_), depth);
        break;
      case Tag::hr_:
        append(into, CMARK_NODE_THEMATIC_BREAK);
        break;
      case Tag::blockquote_:
        quote(node, into, depth);
        break;
      case Tag::ul_:
      case Tag::ol_:
      case Tag::menu_:
      case Tag::dir_:
        list(node, into, tag == Tag::ol_, depth);
        break;
      case Tag::pre_:
      case Tag::listing_:
        code_block(node, into, depth);
        break;
      case Tag::table_:
        table(node, into, depth);
        break;
      case Tag::dl_:
        append_html_block(into, html::to_html_block(node, rename_));
        break;
      case Tag::details_:
        details(node, into, depth);
        break;
      case Tag::figcaption_:
        caption(node, into, depth);
        break;
      default:
        blocks(node, into, depth);
        break;
    }
  }

  // An empty container would be written as a sign without anything behind it.
  void contained_blocks(const Node& node, cmark_node* container, int depth) {
    ++containers_;
    blocks(node, container, depth);
    --containers_;
    drop_if_empty(container);
  }

  void quote(const Node& node, cmark_node* into, int depth) {
    if (containers_ >= max_containers) {
      blocks(node, into, depth);
    } else {
      contained_blocks(node, append(into, CMARK_NODE_BLOCK_QUOTE), depth);
    }
  }

  void heading(const Node& node, cmark_node* into, int level, int depth) {
    // A heading that holds blocks is a box that is styled as one.
    if (around_blocks_.contains(&node) || has_block_child(node)) {
      blocks(node, into, depth);
      return;
    }
    cmark_node* block = append(into, CMARK_NODE_HEADING);
    cmark_node_set_heading_level(block, level);
    inline_content(node, block, depth);
    drop_if_empty(block);
  }

  // The node's content as inlines of a block that takes nothing else.
  void inline_content(const Node& node, cmark_node* block, int depth) {
    Inlines inlines;
    inlines.block = inlines.paragraph = inlines.parent = block;
    inlines.fixed = true;
    lines_.reach(node);
    lines_.begin_wrappers(inlines);
    inline_children(node, inlines, depth);
    lines_.close(inlines);
  }

  void caption(const Node& node, cmark_node* into, int depth) {
    if (lines_.is_wrapped_in(CMARK_NODE_EMPH)) {
      blocks(node, into, depth);
      return;
    }
    lines_.push_wrapper({CMARK_NODE_EMPH, nullptr, {}});
    blocks(node, into, depth);
    lines_.pop_wrapper();
  }

  void details(const Node& node, cmark_node* into, int depth) {
    std::string head = node.attribute("open") ? "<details open>" : "<details>";
    const Node* summary = node.first_element();
    if (summary != nullptr && summary->is_element(Tag::summary_)) {
      head += "\n" + html::to_html_block(*summary, rename_);
    } else {
      summary = nullptr;
    }
    append_html_block(into, head);
    Inlines inlines;
    inlines.block = into;
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child == summary) continue;
      if (child->is_text()) {
        lines_.text(inlines, child->text);
      } else if (child->is_element()) {
        element(*child, into, inlines, depth + 1);
      }
    }
    lines_.close(inlines);
    append_html_block(into, "</details>");
  }

  void list(const Node& node, cmark_node* into, bool ordered, int depth) {
    if (containers_ >= max_containers) {
      blocks(node, into, depth);
      return;
    }
    cmark_node* block = append(into, CMARK_NODE_LIST);
    cmark_node_set_list_type(block, ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
    if (ordered) {
      const std::string start(node.attribute_or_empty("start"));
      char* end = nullptr;
      const long first = std::strtol(start.c_str(), &end, 10);
      const bool is_number = end != start.c_str() && first >= 0 && first < 1000000;
      cmark_node_set_list_start(block, is_number ? static_cast<int>(first) : 1);
    }
    bool tight = true;
    ++containers_;
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (!child->is_element() && (!child->is_text() || is_blank(child->text))) continue;
      if (is_left_out(*child)) continue;
      cmark_node* made = append(block, CMARK_NODE_ITEM);
      item(*child, made, depth);
      if (drop_if_empty(made)) continue;
      begin_with_text(made);
      int paragraphs = 0;
      for (cmark_node* at = cmark_node_first_child(made); at != nullptr; at = cmark_node_next(at)) {
        paragraphs += cmark_node_get_type(at) == CMARK_NODE_PARAGRAPH ? 1 : 0;
      }
      tight = tight && paragraphs < 2;
    }
    --containers_;
    cmark_node_set_list_tight(block, tight ? 1 : 0);
    drop_if_empty(block);
  }

  void item(const Node& child, cmark_node* into, int depth) {
    if (child.is_element(Tag::li_)) {
      lines_.reach(child);
      blocks(child, into, depth + 1);
      return;
    }
    Inlines inlines;
    inlines.block = into;
    if (child.is_text()) {
      lines_.text(inlines, child.text);
    } else {
      element(child, into, inlines, depth + 1);
    }
    lines_.close(inlines);
  }

  void code_block(const Node& node, cmark_node* into, int depth) {
    bool has_links = false;
    for (const Node* at = html::next_in_tree(node, node); at != nullptr;
         at = html::next_in_tree(*at, node)) {
      // Some pages write whole articles in <pre>.
      if (at->is_element(Tag::img_) || at->is_element(Tag::p_)) {
        blocks(node, into, depth);
        return;
      }
      has_links = has_links || at->is_element(Tag::a_);
    }
    std::string code = html::code_text(node);
    if (is_blank(code)) return;
    if (has_links) {
      linked_text(node, code, into, depth);
      return;
    }
    if (!code.ends_with('\n')) code += '\n';
    cmark_node* block = append(into, CMARK_NODE_CODE_BLOCK);
    cmark_node_set_literal(block, code.c_str());
    if (const std::string language = html::code_language(node); !language.empty()) {
      cmark_node_set_fence_info(block, language.c_str());
      return;
    }
    cmark_node* before = cmark_node_previous(block);
    if (before != nullptr && cmark_node_get_type(before) == CMARK_NODE_CODE_BLOCK)
      insert_nothing_before(block);
  }

  // Code cannot hold links, and what is laid out in lines, as RFCs are, cannot do without them.
  void linked_text(const Node& node, std::string_view code, cmark_node* into, int depth) {
    if (longest_line(code) <= widest_layout) {
      append_html_block(into, html::to_html_block(node, rename_));
    } else {
      blocks(node, into, depth);
    }
  }

  void table(const Node& node, cmark_node* into, int depth) {
    const TableGrid grid = grid_of(node);
    if (grid.kind == TableGrid::Kind::layout) {
      blocks(node, into, depth);
      return;
    }
    if (grid.kind == TableGrid::Kind::complex) {
      append_html_block(into, html::to_html_block(node, rename_));
      return;
    }
    cmark_syntax_extension* extension = extensions().table;
    cmark_node* block = append(into, CMARK_NODE_TABLE, extension);
    cmark_gfm_extensions_set_table_columns(block, static_cast<std::uint16_t>(grid.columns));
    std::vector<std::uint8_t> alignments = grid.alignments;
    cmark_gfm_extensions_set_table_alignments(block, static_cast<std::uint16_t>(grid.columns),
                                              alignments.data());
    bool header = true;
    in_cell_ = true;
    for (const Node* row : grid.rows) {
      cmark_node* line = append(block, CMARK_NODE_TABLE_ROW, extension);
      if (header) cmark_gfm_extensions_set_table_row_is_header(line, 1);
      header = false;
      for (const Node* cell = row->first_element(); cell != nullptr; cell = cell->next_element()) {
        inline_content(*cell, append(line, CMARK_NODE_TABLE_CELL, extension), depth);
      }
    }
    in_cell_ = false;
  }

  void inline_children(const Node& node, Inlines& inlines, int depth) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        lines_.text(inlines, text_of(*child));
      } else if (child->is_element() && depth < max_depth) {
        inline_element(*child, inlines, depth + 1);
      } else if (child->is_element()) {
        lines_.text(inlines, html::text_content(*child));
      }
    }
  }

  void inline_element(const Node& node, Inlines& inlines, int depth) {
    if (is_left_out(node)) return;
    lines_.reach(node);
    if (const auto found = footnotes_.numbers.find(&node); found != footnotes_.numbers.end()) {
      reference(found->second, inlines);
      return;
    }
    const Tag tag = written_tag(node);
    if (html::is_block(node.tag)) {
      // A block within a heading or cell: a line of its own.
      if (inlines.filled) inlines.breaks = 1;
      inline_children(node, inlines, depth);
      if (inlines.filled) inlines.breaks = 1;
      return;
    }
    if (tagged_elements().has(tag) && !footnotes_.unwrapped.contains(&node)) {
      tagged_element(node, inlines, depth);
      return;
    }
    switch (tag) {
      case Tag::br_:
        ++inlines.breaks;
        break;
      case Tag::img_:
        image(node, inlines);
        break;
      case Tag::code_:
      case Tag::samp_:
      case Tag::tt_:
        code(node, inlines, depth);
        break;
      default:
        span(node, wrapper_of(node), inlines, depth);
        break;
    }
  }

  // ---- footnotes

  [[nodiscard]] bool is_left_out(const Node& node) const {
    return footnotes_.left_out.contains(&node);
  }

  [[nodiscard]] std::string_view text_of(const Node& node) const {
    if (is_left_out(node)) return {};
    const auto found = footnotes_.shortened.find(&node);
    return found == footnotes_.shortened.end() ? node.text : found->second;
  }

  void reference(int number, Inlines& inlines) {
    lines_.pay(inlines);
    append_reference(inlines.parent, number);
    inlines.filled = true;
    ++referred_to_;
  }

  // Spans take no white space at their ends into themselves: Markdown would not read them as spans.
  void span(const Node& node, const SpanWrapper& wrapper, Inlines& inlines, int depth) {
    const Content content = wrapper.type == CMARK_NODE_NONE ? Content{} : content_of(node);
    if (!content.any) {
      inline_children(node, inlines, depth);
      return;
    }
    if (content.begins_with_space) inlines.space = true;
    lines_.pay(inlines);
    if (lies_in(inlines.parent, wrapper.type)) {
      inline_children(node, inlines, depth);
      return;
    }
    cmark_node* outer = inlines.parent;
    cmark_node* inner = append(outer, wrapper.type, wrapper.extension);
    if (inner != outer && wrapper.type == CMARK_NODE_LINK) set_address(inner, wrapper.url);
    inlines.parent = inner;
    inline_children(node, inlines, depth);
    inlines.parent = outer;
    if (inner != outer) drop_if_empty(inner);
  }

  void image(const Node& node, Inlines& inlines) {
    const std::string source(trim(node.attribute_or_empty("src")));
    // An address that is the picture itself would be read as a wall of signs.
    if (source.empty() || source.starts_with("data:")) return;
    lines_.pay(inlines);
    inlines.filled = true;
    cmark_node* picture = append(inlines.parent, CMARK_NODE_IMAGE);
    if (picture == inlines.parent) return;
    set_address(picture, source);
    if (const std::string alt = collapse_space(node.attribute_or_empty("alt")); !alt.empty())
      append_text(picture, alt);
  }

  void code(const Node& node, Inlines& inlines, int depth) {
    const std::string literal = collapse_space(html::text_content(node));
    // What is more than text in it, and bars in a table's cell, a code span cannot hold.
    const bool plain =
        node.first_element() == nullptr && (!in_cell_ || literal.find('|') == std::string::npos);
    if (!plain) {
      tagged_element(node, inlines, depth);
      return;
    }
    if (literal.empty()) return;
    if (leading_space(html::text_content(node)) != 0) inlines.space = true;
    lines_.pay(inlines);
    inlines.filled = true;
    // Two code spans that touch would be read as one.
    cmark_node* before = cmark_node_last_child(inlines.parent);
    if (before != nullptr && cmark_node_get_type(before) == CMARK_NODE_CODE) {
      tagged_element(node, inlines, depth);
      return;
    }
    cmark_node* made = append(inlines.parent, CMARK_NODE_CODE);
    if (made != inlines.parent) cmark_node_set_literal(made, literal.c_str());
  }

  void tagged_element(const Node& node, Inlines& inlines, int depth) {
    const Content content = content_of(node);
    if (!content.any) {
      inline_children(node, inlines, depth);
      return;
    }
    if (content.begins_with_space) inlines.space = true;
    lines_.pay(inlines);
    const std::string name(node.name);
    append_tag(inlines.parent, "<" + name + ">");
    inlines.filled = true;
    inline_children(node, inlines, depth);
    append_tag(inlines.parent, "</" + name + ">");
  }

  const Node& body_;
  const std::map<std::string, std::string>& rename_;
  std::unordered_set<const Node*> around_blocks_;
  const Footnotes footnotes_;
  std::size_t referred_to_ = 0;  // references written
  InlineWriter lines_;
  int containers_ = 0;
  bool in_cell_ = false;
};

}  // namespace

std::string to_markdown(const Node& body, const std::map<std::string, std::string>& rename) {
  static_cast<void>(extensions());
  const std::vector<const Node*> links = links_within(body);
  if (auto text = MarkdownBuilder(body, rename, links, find_footnotes(body, links)).build())
    return std::move(*text);
  return MarkdownBuilder(body, rename, links, {}).build().value_or(std::string());
}

}  // namespace dandelion
