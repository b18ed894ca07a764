// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "html/dom.hpp"
#include "html/formatting_list.hpp"
#include "html/open_elements.hpp"
#include "html/tokenizer.hpp"

namespace dandelion::html {

// Builds a page's tree from its tokens (HTML Standard, 13.2.6), scripting off. The functions stand
// in files by groups of insertion modes: tree_builder_head.cpp, _body.cpp, _formatting.cpp,
// _table.cpp and _rest.cpp.
//
// Where it departs from the Standard, so that no page takes more than linear time and memory:
// - At most `max_depth` elements are open, as in browsers; what is nested deeper becomes a sibling.
// - Formatting elements are made anew at most `copies_left_` times; see also FormattingList.
// - A page ends behind `max_nodes` (html/parse.hpp), a tag's attributes behind the tokenizer's
//   `max_attributes`, which is the most that <html> and <body> take from tags that come again, too.
// The content of a <template> hangs under it as other children do. Names of foreign elements and
// attributes stay in lower case. Control characters were replaced before (parse.cpp).
class TreeBuilder {
 public:
  static constexpr std::size_t max_depth = 512;

  // `page` as Tokenizer takes it.
  TreeBuilder(Document& document, std::span<char> page);

  void build_page();
  // As the inner HTML of a <body>; the nodes hang under the document's root.
  void build_fragment();

 private:
  enum class Mode : std::uint8_t {
    initial,
    before_html,
    before_head,
    in_head,
    in_head_noscript,
    after_head,
    in_body,
    text,
    in_table,
    in_table_text,
    in_caption,
    in_column_group,
    in_table_body,
    in_row,
    in_cell,
    in_select,
    in_select_in_table,
    in_template,
    after_body,
    in_frameset,
    after_frameset,
    after_after_body,
    after_after_frameset,
    count
  };
  // Whether a token is dealt with, or goes to the mode that is now set.
  enum class Outcome : std::uint8_t { done, again };
  using ModeFunction = Outcome (TreeBuilder::*)(Token&);

  // Where a node goes: last under `parent`, or before `before`.
  struct Place {
    Node* parent;
    Node* before;
  };

  void run();
  [[nodiscard]] bool goes_to_foreign_content(const Token& token) const;
  Outcome process_by_mode(Token& token);

  // tree_builder_head.cpp: what stands before the body.
  Outcome initial(Token& token);
  Outcome before_html(Token& token);
  Outcome before_head(Token& token);
  Outcome in_head(Token& token);
  Outcome in_head_start(Token& token);
  Outcome leave_head();
  Outcome in_head_noscript(Token& token);
  Outcome leave_head_noscript();
  Outcome after_head(Token& token);
  Outcome after_head_start(Token& token);
  Outcome begin_body();
  void start_template(Token& token);
  void end_template();
  void start_raw_text(Token& token, TextKind kind);

  // tree_builder_body.cpp
  Outcome in_body(Token& token);
  Outcome in_body_text(Token& token);
  Outcome in_body_start(Token& token);
  Outcome in_body_start_rare(Token& token);
  Outcome in_body_end(Token& token);
  Outcome in_body_end_of_file(Token& token);
  void body_again(const Token& token);
  void frameset_in_body(const Token& token);
  void start_block(const Token& token);
  void start_heading(const Token& token);
  void start_preformatted(const Token& token);
  void start_form(const Token& token);
  void start_list_item(const Token& token, const KindSet& siblings);
  void start_button(const Token& token);
  void start_table(const Token& token);
  void start_void(const Token& token);
  void start_input(const Token& token);
  void start_rule(const Token& token);
  void start_textarea(Token& token);
  void start_select(const Token& token);
  void start_option(const Token& token);
  void start_ruby_part(const Token& token);
  void start_foreign(const Token& token, Namespace ns);
  void end_body();
  Outcome end_html();
  void end_block(Tag tag);
  void end_form();
  void end_p();
  void end_list_item(Tag tag, Scope scope);
  void end_heading(Tag tag);
  void end_scoped(Tag tag);
  void end_br();
  void end_ordinary(const Token& token);
  void close_p_in_button_scope();
  void close_p();

  // tree_builder_formatting.cpp
  void start_formatting(const Token& token);
  void start_link(const Token& token);
  void start_nobr(const Token& token);
  void end_formatting(const Token& token);
  void adopt(const Token& token);
  bool adopt_once(const Token& token);
  Node* reparent_between(std::size_t formatting, std::size_t furthest, std::size_t& bookmark);
  void reconstruct_formatting();
  Node* copy_of(const Node& element);

  // tree_builder_table.cpp
  Outcome in_table(Token& token);
  Outcome in_table_start(Token& token);
  Outcome in_table_end(Token& token);
  Outcome in_table_otherwise(Token& token);
  Outcome in_table_text(Token& token);
  void flush_table_text();
  Outcome in_caption(Token& token);
  bool leave_caption();
  Outcome in_column_group(Token& token);
  Outcome in_table_body(Token& token);
  Outcome leave_table_body();
  Outcome in_row(Token& token);
  bool leave_row();
  Outcome in_cell(Token& token);
  Outcome leave_cell();
  Outcome in_select(Token& token);
  Outcome in_select_start(Token& token);
  void in_select_end(Token& token);
  void leave_select();
  Outcome in_select_in_table(Token& token);

  // tree_builder_rest.cpp: raw text, templates, frames, what comes after, foreign content.
  Outcome text(Token& token);
  Outcome in_template(Token& token);
  Outcome in_template_as(Mode mode);
  Outcome after_body(Token& token);
  Outcome after_after_body(Token& token);
  Outcome in_frameset(Token& token);
  void in_frameset_start(Token& token);
  Outcome after_frameset(Token& token);
  Outcome after_after_frameset(Token& token);
  Outcome foreign(Token& token);
  Outcome foreign_start(Token& token);
  Outcome foreign_end(Token& token);
  Outcome leave_foreign(Token& token);

  // tree_builder.cpp: what they are made of.
  [[nodiscard]] Place place_for_node() const { return place_for_node(open_.current()); }
  [[nodiscard]] Place place_for_node(Node& target) const;
  static void insert_at(const Place& place, Node& node);
  Node* create_element(const Token& token, Namespace ns);
  Node* insert_element(const Token& token) {
    return insert_created(create_element(token, Namespace::html));
  }
  Node* insert_element(std::string_view name) {
    return insert_created(document_.create_element(name));
  }
  Node* insert_created(Node* element);
  // The texts they point to live as long as the Document.
  [[nodiscard]] std::span<Attribute> stored(std::span<const Attribute> attributes);
  void insert_text(std::string_view text);
  void append_to(Node& text_node, std::string_view more);
  void insert_comment(const Token& token);
  void append_comment(const Token& token, Node& parent);
  void insert_space(Token& token);
  static bool take_space(Token& token);
  void insert_only_space(const Token& token);
  void merge_attributes(Node& element, const Token& token);
  void reset_insertion_mode();
  [[nodiscard]] Mode mode_for(std::size_t index) const;
  Outcome go_to(Mode mode);

  Document& document_;
  Tokenizer tokenizer_;
  OpenElements open_;
  FormattingList formatting_;
  std::vector<Mode> template_modes_;
  Mode mode_ = Mode::initial;
  Mode original_mode_ = Mode::initial;
  Node* head_ = nullptr;
  Node* form_ = nullptr;
  bool is_fragment_ = false;
  bool in_quirks_ = false;
  bool frameset_ok_ = true;
  bool foster_parenting_ = false;
  bool skips_line_break_ = false;
  std::size_t copies_left_;
  std::vector<std::string_view> table_text_;
  // Texts that came in parts, and how much memory each has: so that appending takes linear time.
  std::unordered_map<const Node*, std::size_t> capacities_;
};

}  // namespace dandelion::html
