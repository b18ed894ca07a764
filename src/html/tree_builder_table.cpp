// SPDX-License-Identifier: MIT
// Tables and <select> (HTML Standard, 13.2.6.4.9 to 17; <select> as it was until 2024: what it
// holds other than options never reaches a reader here).
#include <algorithm>

#include "core/text.hpp"
#include "html/byte_scan.hpp"
#include "html/tree_builder.hpp"

namespace dandelion::html {
namespace {

using Type = Token::Type;

constexpr KindSet text_holders = {Tag::table_, Tag::tbody_, Tag::template_,
                                  Tag::tfoot_, Tag::thead_, Tag::tr_};
constexpr KindSet table_context = {Tag::table_, Tag::template_, Tag::html_};
constexpr KindSet body_context = {Tag::tbody_, Tag::tfoot_, Tag::thead_, Tag::template_,
                                  Tag::html_};
constexpr KindSet row_context = {Tag::tr_, Tag::template_, Tag::html_};
constexpr KindSet sections = {Tag::tbody_, Tag::tfoot_, Tag::thead_};
constexpr KindSet cells = {Tag::td_, Tag::th_};
// Start tags of what a table is made of.
constexpr KindSet table_structure = {Tag::caption_, Tag::col_,   Tag::colgroup_,
                                     Tag::tbody_,   Tag::td_,    Tag::tfoot_,
                                     Tag::th_,      Tag::thead_, Tag::tr_};
constexpr KindSet outside_body = {Tag::caption_, Tag::col_,   Tag::colgroup_,
                                  Tag::tbody_,   Tag::tfoot_, Tag::thead_};
// End tags that are nothing in these modes.
constexpr KindSet no_ends_in_table = {Tag::body_, Tag::caption_, Tag::col_, Tag::colgroup_,
                                      Tag::html_, Tag::tbody_,   Tag::td_,  Tag::tfoot_,
                                      Tag::th_,   Tag::thead_,   Tag::tr_};
constexpr KindSet no_ends_in_caption = {Tag::body_,  Tag::col_, Tag::colgroup_, Tag::html_,
                                        Tag::tbody_, Tag::td_,  Tag::tfoot_,    Tag::th_,
                                        Tag::thead_, Tag::tr_};
constexpr KindSet no_ends_in_body = {Tag::body_, Tag::caption_, Tag::col_, Tag::colgroup_,
                                     Tag::html_, Tag::td_,      Tag::th_,  Tag::tr_};
constexpr KindSet no_ends_in_row = {Tag::body_, Tag::caption_, Tag::col_, Tag::colgroup_,
                                    Tag::html_, Tag::td_,      Tag::th_};
constexpr KindSet no_ends_in_cell = {Tag::body_, Tag::caption_, Tag::col_, Tag::colgroup_,
                                     Tag::html_};
constexpr KindSet ends_around_cell = {Tag::table_, Tag::tbody_, Tag::tfoot_, Tag::thead_, Tag::tr_};
constexpr KindSet leaves_select = {Tag::caption_, Tag::table_, Tag::tbody_, Tag::tfoot_,
                                   Tag::thead_,   Tag::tr_,    Tag::td_,    Tag::th_};

bool starts(const Token& token, const KindSet& tags) {
  return token.type == Type::start_tag && tags.has(token.tag);
}
bool ends(const Token& token, const KindSet& tags) {
  return token.type == Type::end_tag && tags.has(token.tag);
}
bool starts(const Token& token, Tag tag) {
  return token.type == Type::start_tag && token.tag == tag;
}
bool ends(const Token& token, Tag tag) {
  return token.type == Type::end_tag && token.tag == tag;
}

bool is_hidden(const Token& token) {
  return std::any_of(token.attributes.begin(), token.attributes.end(), [](const Attribute& one) {
    return one.name == "type" && equals_ignoring_case(one.value, "hidden");
  });
}

}  // namespace

TreeBuilder::Outcome TreeBuilder::in_table(Token& token) {
  switch (token.type) {
    case Type::text:
      if (!open_.current_is_one_of(text_holders)) return in_table_otherwise(token);
      original_mode_ = mode_;
      return go_to(Mode::in_table_text);
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::doctype:
      return Outcome::done;
    case Type::start_tag:
      return in_table_start(token);
    case Type::end_tag:
      return in_table_end(token);
    case Type::end_of_file:
      return in_body(token);
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_table_start(Token& token) {
  switch (token.tag) {
    case Tag::caption_:
      open_.clear_back_to(table_context);
      formatting_.push_marker();
      insert_element(token);
      mode_ = Mode::in_caption;
      return Outcome::done;
    case Tag::colgroup_:
      open_.clear_back_to(table_context);
      insert_element(token);
      mode_ = Mode::in_column_group;
      return Outcome::done;
    case Tag::col_:
      open_.clear_back_to(table_context);
      insert_element("colgroup");
      return go_to(Mode::in_column_group);
    case Tag::tbody_:
    case Tag::tfoot_:
    case Tag::thead_:
      open_.clear_back_to(table_context);
      insert_element(token);
      mode_ = Mode::in_table_body;
      return Outcome::done;
    case Tag::td_:
    case Tag::th_:
    case Tag::tr_:
      open_.clear_back_to(table_context);
      insert_element("tbody");
      return go_to(Mode::in_table_body);
    case Tag::table_:
      if (!open_.has_in_scope(Tag::table_, Scope::table)) return Outcome::done;
      open_.pop_until(Tag::table_);
      reset_insertion_mode();
      return Outcome::again;
    case Tag::style_:
    case Tag::script_:
    case Tag::template_:
      return in_head(token);
    case Tag::input_:
      if (!is_hidden(token)) return in_table_otherwise(token);
      insert_element(token);
      open_.pop();
      return Outcome::done;
    case Tag::form_:
      if (form_ != nullptr || open_.has(Tag::template_)) return Outcome::done;
      form_ = insert_element(token);
      open_.pop();
      return Outcome::done;
    default:
      return in_table_otherwise(token);
  }
}

TreeBuilder::Outcome TreeBuilder::in_table_end(Token& token) {
  if (token.tag == Tag::table_) {
    if (!open_.has_in_scope(Tag::table_, Scope::table)) return Outcome::done;
    open_.pop_until(Tag::table_);
    reset_insertion_mode();
    return Outcome::done;
  }
  if (no_ends_in_table.has(token.tag)) return Outcome::done;
  if (token.tag == Tag::template_) return in_head(token);
  return in_table_otherwise(token);
}

// What does not belong in a table goes in front of it.
TreeBuilder::Outcome TreeBuilder::in_table_otherwise(Token& token) {
  foster_parenting_ = true;
  const Outcome outcome = in_body(token);
  foster_parenting_ = false;
  return outcome;
}

TreeBuilder::Outcome TreeBuilder::in_table_text(Token& token) {
  if (token.type != Type::text) {
    flush_table_text();
    return go_to(original_mode_);
  }
  std::string_view text = token.text;
  if (token.has_null) text = document_.store(replace_all(text, std::string_view("\0", 1), ""));
  if (!text.empty()) table_text_.push_back(text);
  return Outcome::done;
}

void TreeBuilder::flush_table_text() {
  const bool is_space = std::all_of(
      table_text_.begin(), table_text_.end(),
      [](std::string_view text) { return std::all_of(text.begin(), text.end(), is_html_space); });
  for (const std::string_view text : table_text_) {
    if (is_space) {
      insert_text(text);
      continue;
    }
    Token token;
    token.type = Type::text;
    token.text = text;
    in_table_otherwise(token);
  }
  table_text_.clear();
}

TreeBuilder::Outcome TreeBuilder::in_caption(Token& token) {
  if (ends(token, Tag::caption_)) {
    leave_caption();
    return Outcome::done;
  }
  if (starts(token, table_structure) || ends(token, Tag::table_))
    return leave_caption() ? Outcome::again : Outcome::done;
  if (ends(token, no_ends_in_caption)) return Outcome::done;
  return in_body(token);
}

bool TreeBuilder::leave_caption() {
  if (!open_.has_in_scope(Tag::caption_, Scope::table)) return false;
  open_.generate_implied_end_tags();
  open_.pop_until(Tag::caption_);
  formatting_.clear_to_last_marker();
  mode_ = Mode::in_table;
  return true;
}

TreeBuilder::Outcome TreeBuilder::in_column_group(Token& token) {
  switch (token.type) {
    case Type::text:
      if (!open_.current_is(Tag::colgroup_)) {
        insert_only_space(token);
        return Outcome::done;
      }
      insert_space(token);
      if (token.text.empty()) return Outcome::done;
      break;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::doctype:
      return Outcome::done;
    case Type::end_of_file:
      return in_body(token);
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      if (token.tag == Tag::template_) return in_head(token);
      if (token.tag != Tag::col_) break;
      insert_element(token);
      open_.pop();
      return Outcome::done;
    case Type::end_tag:
      if (token.tag == Tag::col_) return Outcome::done;
      if (token.tag == Tag::template_) return in_head(token);
      break;
  }
  if (!open_.current_is(Tag::colgroup_)) return Outcome::done;
  open_.pop();
  mode_ = Mode::in_table;
  return ends(token, Tag::colgroup_) ? Outcome::done : Outcome::again;
}

TreeBuilder::Outcome TreeBuilder::in_table_body(Token& token) {
  if (starts(token, Tag::tr_)) {
    open_.clear_back_to(body_context);
    insert_element(token);
    mode_ = Mode::in_row;
    return Outcome::done;
  }
  if (starts(token, cells)) {
    open_.clear_back_to(body_context);
    insert_element("tr");
    return go_to(Mode::in_row);
  }
  if (ends(token, sections)) {
    if (open_.has_in_scope(token.tag, Scope::table)) leave_table_body();
    return Outcome::done;
  }
  if (starts(token, outside_body) || ends(token, Tag::table_)) {
    return open_.has_one_in_scope(sections, Scope::table) ? leave_table_body() : Outcome::done;
  }
  if (ends(token, no_ends_in_body)) return Outcome::done;
  return in_table(token);
}

TreeBuilder::Outcome TreeBuilder::leave_table_body() {
  open_.clear_back_to(body_context);
  if (open_.size() > 1) open_.pop();
  return go_to(Mode::in_table);
}

TreeBuilder::Outcome TreeBuilder::in_row(Token& token) {
  if (starts(token, cells)) {
    open_.clear_back_to(row_context);
    insert_element(token);
    mode_ = Mode::in_cell;
    formatting_.push_marker();
    return Outcome::done;
  }
  if (ends(token, Tag::tr_)) {
    leave_row();
    return Outcome::done;
  }
  if (starts(token, outside_body) || starts(token, Tag::tr_) || ends(token, Tag::table_))
    return leave_row() ? Outcome::again : Outcome::done;
  if (ends(token, sections)) {
    const bool leaves = open_.has_in_scope(token.tag, Scope::table) && leave_row();
    return leaves ? Outcome::again : Outcome::done;
  }
  if (ends(token, no_ends_in_row)) return Outcome::done;
  return in_table(token);
}

bool TreeBuilder::leave_row() {
  if (!open_.has_in_scope(Tag::tr_, Scope::table)) return false;
  open_.clear_back_to(row_context);
  if (open_.size() > 1) open_.pop();
  mode_ = Mode::in_table_body;
  return true;
}

TreeBuilder::Outcome TreeBuilder::in_cell(Token& token) {
  if (ends(token, cells)) {
    if (!open_.has_in_scope(token.tag, Scope::table)) return Outcome::done;
    open_.generate_implied_end_tags();
    open_.pop_until(token.tag);
    formatting_.clear_to_last_marker();
    mode_ = Mode::in_row;
    return Outcome::done;
  }
  if (starts(token, table_structure))
    return open_.has_one_in_scope(cells, Scope::table) ? leave_cell() : Outcome::done;
  if (ends(token, no_ends_in_cell)) return Outcome::done;
  if (ends(token, ends_around_cell))
    return open_.has_in_scope(token.tag, Scope::table) ? leave_cell() : Outcome::done;
  return in_body(token);
}

TreeBuilder::Outcome TreeBuilder::leave_cell() {
  open_.generate_implied_end_tags();
  while (open_.size() > 1) {
    const bool found = open_.current_is_one_of(cells);
    open_.pop();
    if (found) break;
  }
  formatting_.clear_to_last_marker();
  return go_to(Mode::in_row);
}

TreeBuilder::Outcome TreeBuilder::in_select(Token& token) {
  switch (token.type) {
    case Type::text:
      insert_text(token.has_null
                      ? document_.store(replace_all(token.text, std::string_view("\0", 1), ""))
                      : token.text);
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::doctype:
      return Outcome::done;
    case Type::start_tag:
      return in_select_start(token);
    case Type::end_tag:
      in_select_end(token);
      return Outcome::done;
    case Type::end_of_file:
      return in_body(token);
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_select_start(Token& token) {
  switch (token.tag) {
    case Tag::html_:
      return in_body(token);
    case Tag::option_:
      if (open_.current_is(Tag::option_)) open_.pop();
      insert_element(token);
      return Outcome::done;
    case Tag::optgroup_:
    case Tag::hr_:
      if (open_.current_is(Tag::option_)) open_.pop();
      if (open_.current_is(Tag::optgroup_)) open_.pop();
      insert_element(token);
      if (token.tag == Tag::hr_) open_.pop();
      return Outcome::done;
    case Tag::select_:
      if (open_.has_in_scope(Tag::select_, Scope::select)) leave_select();
      return Outcome::done;
    case Tag::input_:
    case Tag::keygen_:
    case Tag::textarea_:
      if (!open_.has_in_scope(Tag::select_, Scope::select)) return Outcome::done;
      leave_select();
      return Outcome::again;
    case Tag::script_:
    case Tag::template_:
      return in_head(token);
    default:
      return Outcome::done;
  }
}

void TreeBuilder::in_select_end(Token& token) {
  const std::size_t top = open_.size() - 1;
  switch (token.tag) {
    case Tag::optgroup_:
      if (top > 0 && open_.is(top, Tag::option_) && open_.is(top - 1, Tag::optgroup_)) open_.pop();
      if (open_.current_is(Tag::optgroup_)) open_.pop();
      break;
    case Tag::option_:
      if (open_.current_is(Tag::option_)) open_.pop();
      break;
    case Tag::select_:
      if (open_.has_in_scope(Tag::select_, Scope::select)) leave_select();
      break;
    case Tag::template_:
      end_template();
      break;
    default:
      break;
  }
}

void TreeBuilder::leave_select() {
  open_.pop_until(Tag::select_);
  reset_insertion_mode();
}

TreeBuilder::Outcome TreeBuilder::in_select_in_table(Token& token) {
  const bool leaves = starts(token, leaves_select) ||
                      (ends(token, leaves_select) && open_.has_in_scope(token.tag, Scope::table));
  if (ends(token, leaves_select) && !leaves) return Outcome::done;
  if (!leaves) return in_select(token);
  if (open_.has(Tag::select_)) {
    leave_select();
  } else {
    reset_insertion_mode();
  }
  return Outcome::again;
}

}  // namespace dandelion::html
