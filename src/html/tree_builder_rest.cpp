// SPDX-License-Identifier: MIT
// Raw text, templates, frames, what comes after the page's end (HTML Standard, 13.2.6.4.8 and 18 to
// 23), and foreign content (13.2.6.5).
#include <algorithm>

#include "core/text.hpp"
#include "html/byte_scan.hpp"
#include "html/tree_builder.hpp"

namespace dandelion::html {
namespace {

using Type = Token::Type;
using Kind = ElementKind;

// HTML that cannot stand in foreign content: what was open there ends.
constexpr KindSet breaks_out = {
    Tag::b_,       Tag::big_,  Tag::blockquote_, Tag::body_,  Tag::br_,   Tag::center_,
    Tag::code_,    Tag::dd_,   Tag::div_,        Tag::dl_,    Tag::dt_,   Tag::em_,
    Tag::embed_,   Tag::h1_,   Tag::h2_,         Tag::h3_,    Tag::h4_,   Tag::h5_,
    Tag::h6_,      Tag::head_, Tag::hr_,         Tag::i_,     Tag::img_,  Tag::li_,
    Tag::listing_, Tag::menu_, Tag::meta_,       Tag::nobr_,  Tag::ol_,   Tag::p_,
    Tag::pre_,     Tag::ruby_, Tag::s_,          Tag::small_, Tag::span_, Tag::strong_,
    Tag::strike_,  Tag::sub_,  Tag::sup_,        Tag::table_, Tag::tt_,   Tag::u_,
    Tag::ul_,      Tag::var_};

bool is_html_font(const Token& token) {
  return token.tag == Tag::font_ &&
         std::any_of(token.attributes.begin(), token.attributes.end(), [](const Attribute& one) {
           return one.name == "color" || one.name == "face" || one.name == "size";
         });
}

}  // namespace

TreeBuilder::Outcome TreeBuilder::text(Token& token) {
  if (token.type == Type::text) {
    insert_text(token.text);
    return Outcome::done;
  }
  open_.pop();
  mode_ = original_mode_;
  return token.type == Type::end_of_file ? Outcome::again : Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_template(Token& token) {
  switch (token.type) {
    case Type::text:
    case Type::comment:
    case Type::doctype:
      return in_body(token);
    case Type::end_tag:
      if (token.tag == Tag::template_) end_template();
      return Outcome::done;
    case Type::end_of_file:
      if (!open_.has(Tag::template_)) return Outcome::done;
      end_template();
      return Outcome::again;
    case Type::start_tag:
      break;
  }
  switch (token.tag) {
    case Tag::base_:
    case Tag::basefont_:
    case Tag::bgsound_:
    case Tag::link_:
    case Tag::meta_:
    case Tag::noframes_:
    case Tag::script_:
    case Tag::style_:
    case Tag::template_:
    case Tag::title_:
      return in_head(token);
    case Tag::caption_:
    case Tag::colgroup_:
    case Tag::tbody_:
    case Tag::tfoot_:
    case Tag::thead_:
      return in_template_as(Mode::in_table);
    case Tag::col_:
      return in_template_as(Mode::in_column_group);
    case Tag::tr_:
      return in_template_as(Mode::in_table_body);
    case Tag::td_:
    case Tag::th_:
      return in_template_as(Mode::in_row);
    default:
      return in_template_as(Mode::in_body);
  }
}

// The first element of a template says what it is a part of.
TreeBuilder::Outcome TreeBuilder::in_template_as(Mode mode) {
  if (!template_modes_.empty()) template_modes_.back() = mode;
  return go_to(mode);
}

TreeBuilder::Outcome TreeBuilder::after_body(Token& token) {
  switch (token.type) {
    case Type::text:
      if (std::all_of(token.text.begin(), token.text.end(), is_html_space)) return in_body(token);
      break;
    case Type::comment:
      append_comment(token, open_.at(0));
      return Outcome::done;
    case Type::doctype:
      return Outcome::done;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      break;
    case Type::end_tag:
      if (token.tag != Tag::html_) break;
      if (!is_fragment_) mode_ = Mode::after_after_body;
      return Outcome::done;
    case Type::end_of_file:
      return Outcome::done;
  }
  return go_to(Mode::in_body);
}

TreeBuilder::Outcome TreeBuilder::after_after_body(Token& token) {
  switch (token.type) {
    case Type::text:
      if (std::all_of(token.text.begin(), token.text.end(), is_html_space)) return in_body(token);
      break;
    case Type::comment:
      append_comment(token, document_.root());
      return Outcome::done;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      break;
    case Type::end_tag:
      break;
    case Type::doctype:
    case Type::end_of_file:
      return Outcome::done;
  }
  return go_to(Mode::in_body);
}

TreeBuilder::Outcome TreeBuilder::in_frameset(Token& token) {
  switch (token.type) {
    case Type::text:
      insert_only_space(token);
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      if (token.tag == Tag::noframes_) return in_head(token);
      in_frameset_start(token);
      return Outcome::done;
    case Type::end_tag:
      if (token.tag != Tag::frameset_ || open_.size() == 1) return Outcome::done;
      open_.pop();
      if (!is_fragment_ && !open_.current_is(Tag::frameset_)) mode_ = Mode::after_frameset;
      return Outcome::done;
    case Type::doctype:
    case Type::end_of_file:
      return Outcome::done;
  }
  return Outcome::done;
}

void TreeBuilder::in_frameset_start(Token& token) {
  if (token.tag == Tag::frameset_) insert_element(token);
  if (token.tag == Tag::frame_) {
    insert_element(token);
    open_.pop();
  }
}

TreeBuilder::Outcome TreeBuilder::after_frameset(Token& token) {
  switch (token.type) {
    case Type::text:
      insert_only_space(token);
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      return token.tag == Tag::noframes_ ? in_head(token) : Outcome::done;
    case Type::end_tag:
      if (token.tag == Tag::html_) mode_ = Mode::after_after_frameset;
      return Outcome::done;
    case Type::doctype:
    case Type::end_of_file:
      return Outcome::done;
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::after_after_frameset(Token& token) {
  switch (token.type) {
    case Type::text:
      insert_only_space(token);
      return Outcome::done;
    case Type::comment:
      append_comment(token, document_.root());
      return Outcome::done;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      return token.tag == Tag::noframes_ ? in_head(token) : Outcome::done;
    case Type::end_tag:
    case Type::doctype:
    case Type::end_of_file:
      return Outcome::done;
  }
  return Outcome::done;
}

bool TreeBuilder::goes_to_foreign_content(const Token& token) const {
  if (open_.empty() || open_.current_kind() < Kind::foreign) return false;
  if (token.type == Type::end_of_file) return false;
  const bool is_start = token.type == Type::start_tag;
  switch (open_.current_kind()) {
    case Kind::mathml_text_point:
      if (token.type == Type::text) return false;
      return !is_start || token.name == "mglyph" || token.name == "malignmark";
    case Kind::html_point:
      return !is_start && token.type != Type::text;
    case Kind::annotation_xml:
      return !is_start || token.tag != Tag::svg_;
    default:
      return true;
  }
}

TreeBuilder::Outcome TreeBuilder::foreign(Token& token) {
  switch (token.type) {
    case Type::text:
      insert_text(token.has_null ? document_.store(replace_all(
                                       token.text, std::string_view("\0", 1), "\xEF\xBF\xBD"))
                                 : token.text);
      if (!std::all_of(token.text.begin(), token.text.end(),
                       [](char c) { return is_html_space(c) || c == '\0'; })) {
        frameset_ok_ = false;
      }
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::start_tag:
      return foreign_start(token);
    case Type::end_tag:
      return foreign_end(token);
    case Type::doctype:
    case Type::end_of_file:
      return Outcome::done;
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::foreign_start(Token& token) {
  if (breaks_out.has(token.tag) || is_html_font(token)) return leave_foreign(token);
  insert_created(create_element(token, open_.current().ns));
  if (token.self_closing) open_.pop();
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::foreign_end(Token& token) {
  if (token.tag == Tag::p_ || token.tag == Tag::br_) return leave_foreign(token);
  for (std::size_t i = open_.size(); i-- > 1;) {
    if (open_.kind(i) < Kind::foreign) return process_by_mode(token);
    if (open_.at(i).name != token.name) continue;
    while (open_.size() > i)
      open_.pop();
    return Outcome::done;
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::leave_foreign(Token& token) {
  while (open_.size() > 1 &&
         (open_.current_kind() == Kind::foreign || open_.current_kind() == Kind::annotation_xml))
    open_.pop();
  return process_by_mode(token);
}

}  // namespace dandelion::html
