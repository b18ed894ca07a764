// SPDX-License-Identifier: MIT
// The insertion mode "in body" (HTML Standard, 13.2.6.4.7) but for formatting elements.
#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "html/byte_scan.hpp"
#include "html/tree_builder.hpp"

namespace dandelion::html {
namespace {

using Type = Token::Type;

constexpr KindSet headings = {Tag::h1_, Tag::h2_, Tag::h3_, Tag::h4_, Tag::h5_, Tag::h6_};
constexpr KindSet list_items = {Tag::li_};
constexpr KindSet definitions = {Tag::dd_, Tag::dt_};
constexpr KindSet not_in_the_way = {Tag::address_, Tag::div_, Tag::p_};

}  // namespace

TreeBuilder::Outcome TreeBuilder::in_body(Token& token) {
  switch (token.type) {
    case Type::text:
      return in_body_text(token);
    case Type::start_tag:
      return in_body_start(token);
    case Type::end_tag:
      return in_body_end(token);
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::doctype:
      return Outcome::done;
    case Type::end_of_file:
      return in_body_end_of_file(token);
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_body_text(Token& token) {
  std::string_view text = token.text;
  if (token.has_null) text = document_.store(replace_all(text, std::string_view("\0", 1), ""));
  if (text.empty()) return Outcome::done;
  reconstruct_formatting();
  insert_text(text);
  if (frameset_ok_ && !std::all_of(text.begin(), text.end(), is_html_space)) frameset_ok_ = false;
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_body_end_of_file(Token& token) {
  return template_modes_.empty() ? Outcome::done : in_template(token);
}

TreeBuilder::Outcome TreeBuilder::in_body_start(Token& token) {
  switch (token.tag) {
    case Tag::address_:
    case Tag::article_:
    case Tag::aside_:
    case Tag::blockquote_:
    case Tag::center_:
    case Tag::details_:
    case Tag::dialog_:
    case Tag::dir_:
    case Tag::div_:
    case Tag::dl_:
    case Tag::fieldset_:
    case Tag::figcaption_:
    case Tag::figure_:
    case Tag::footer_:
    case Tag::header_:
    case Tag::hgroup_:
    case Tag::main_:
    case Tag::menu_:
    case Tag::nav_:
    case Tag::ol_:
    case Tag::p_:
    case Tag::search_:
    case Tag::section_:
    case Tag::summary_:
    case Tag::ul_:
      start_block(token);
      break;
    case Tag::h1_:
    case Tag::h2_:
    case Tag::h3_:
    case Tag::h4_:
    case Tag::h5_:
    case Tag::h6_:
      start_heading(token);
      break;
    case Tag::li_:
      start_list_item(token, list_items);
      break;
    case Tag::dd_:
    case Tag::dt_:
      start_list_item(token, definitions);
      break;
    case Tag::a_:
      start_link(token);
      break;
    case Tag::b_:
    case Tag::big_:
    case Tag::code_:
    case Tag::em_:
    case Tag::font_:
    case Tag::i_:
    case Tag::s_:
    case Tag::small_:
    case Tag::strike_:
    case Tag::strong_:
    case Tag::tt_:
    case Tag::u_:
      start_formatting(token);
      break;
    case Tag::area_:
    case Tag::br_:
    case Tag::embed_:
    case Tag::img_:
    case Tag::keygen_:
    case Tag::wbr_:
      start_void(token);
      break;
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
    case Tag::unknown:
    case Tag::span_:
      reconstruct_formatting();
      insert_element(token);
      break;
    default:
      return in_body_start_rare(token);
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_body_start_rare(Token& token) {
  switch (token.tag) {
    case Tag::html_:
      if (!open_.has(Tag::template_)) merge_attributes(open_.at(0), token);
      break;
    case Tag::body_:
      body_again(token);
      break;
    case Tag::frameset_:
      frameset_in_body(token);
      break;
    case Tag::pre_:
    case Tag::listing_:
      start_preformatted(token);
      break;
    case Tag::form_:
      start_form(token);
      break;
    case Tag::plaintext_:
      close_p_in_button_scope();
      insert_element(token);
      tokenizer_.read_as(TextKind::plain);
      break;
    case Tag::button_:
      start_button(token);
      break;
    case Tag::nobr_:
      start_nobr(token);
      break;
    case Tag::applet_:
    case Tag::marquee_:
    case Tag::object_:
      reconstruct_formatting();
      insert_element(token);
      formatting_.push_marker();
      frameset_ok_ = false;
      break;
    case Tag::table_:
      start_table(token);
      break;
    case Tag::input_:
      start_input(token);
      break;
    case Tag::param_:
    case Tag::source_:
    case Tag::track_:
      insert_element(token);
      open_.pop();
      break;
    case Tag::hr_:
      start_rule(token);
      break;
    case Tag::image_:
      token.tag = Tag::img_;
      token.name = "img";
      return Outcome::again;
    case Tag::textarea_:
      start_textarea(token);
      break;
    case Tag::xmp_:
      close_p_in_button_scope();
      reconstruct_formatting();
      frameset_ok_ = false;
      start_raw_text(token, TextKind::rawtext);
      break;
    case Tag::iframe_:
      frameset_ok_ = false;
      start_raw_text(token, TextKind::rawtext);
      break;
    case Tag::noembed_:
      start_raw_text(token, TextKind::rawtext);
      break;
    case Tag::select_:
      start_select(token);
      break;
    case Tag::optgroup_:
    case Tag::option_:
      start_option(token);
      break;
    case Tag::rb_:
    case Tag::rtc_:
    case Tag::rp_:
    case Tag::rt_:
      start_ruby_part(token);
      break;
    case Tag::math_:
      start_foreign(token, Namespace::mathml);
      break;
    case Tag::svg_:
      start_foreign(token, Namespace::svg);
      break;
    case Tag::caption_:
    case Tag::col_:
    case Tag::colgroup_:
    case Tag::frame_:
    case Tag::head_:
    case Tag::tbody_:
    case Tag::td_:
    case Tag::tfoot_:
    case Tag::th_:
    case Tag::thead_:
    case Tag::tr_:
      break;
    default:
      reconstruct_formatting();
      insert_element(token);
      break;
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_body_end(Token& token) {
  switch (token.tag) {
    case Tag::address_:
    case Tag::article_:
    case Tag::aside_:
    case Tag::blockquote_:
    case Tag::button_:
    case Tag::center_:
    case Tag::details_:
    case Tag::dialog_:
    case Tag::dir_:
    case Tag::div_:
    case Tag::dl_:
    case Tag::fieldset_:
    case Tag::figcaption_:
    case Tag::figure_:
    case Tag::footer_:
    case Tag::header_:
    case Tag::hgroup_:
    case Tag::listing_:
    case Tag::main_:
    case Tag::menu_:
    case Tag::nav_:
    case Tag::ol_:
    case Tag::pre_:
    case Tag::search_:
    case Tag::section_:
    case Tag::summary_:
    case Tag::ul_:
      end_block(token.tag);
      break;
    case Tag::p_:
      end_p();
      break;
    case Tag::li_:
      end_list_item(token.tag, Scope::list_item);
      break;
    case Tag::dd_:
    case Tag::dt_:
      end_list_item(token.tag, Scope::ordinary);
      break;
    case Tag::h1_:
    case Tag::h2_:
    case Tag::h3_:
    case Tag::h4_:
    case Tag::h5_:
    case Tag::h6_:
      end_heading(token.tag);
      break;
    case Tag::a_:
    case Tag::b_:
    case Tag::big_:
    case Tag::code_:
    case Tag::em_:
    case Tag::font_:
    case Tag::i_:
    case Tag::nobr_:
    case Tag::s_:
    case Tag::small_:
    case Tag::strike_:
    case Tag::strong_:
    case Tag::tt_:
    case Tag::u_:
      end_formatting(token);
      break;
    case Tag::form_:
      end_form();
      break;
    case Tag::body_:
      end_body();
      break;
    case Tag::html_:
      return end_html();
    case Tag::applet_:
    case Tag::marquee_:
    case Tag::object_:
      end_scoped(token.tag);
      break;
    case Tag::template_:
      end_template();
      break;
    case Tag::br_:
      end_br();
      break;
    default:
      end_ordinary(token);
      break;
  }
  return Outcome::done;
}

void TreeBuilder::body_again(const Token& token) {
  if (open_.size() == 1 || !open_.is(1, Tag::body_) || open_.has(Tag::template_)) return;
  frameset_ok_ = false;
  merge_attributes(open_.at(1), token);
}

void TreeBuilder::frameset_in_body(const Token& token) {
  if (open_.size() == 1 || !open_.is(1, Tag::body_) || !frameset_ok_) return;
  remove(open_.at(1));
  while (open_.size() > 1)
    open_.pop();
  insert_element(token);
  mode_ = Mode::in_frameset;
}

void TreeBuilder::start_block(const Token& token) {
  close_p_in_button_scope();
  insert_element(token);
}

void TreeBuilder::start_heading(const Token& token) {
  close_p_in_button_scope();
  if (open_.current_is_one_of(headings)) open_.pop();
  insert_element(token);
}

void TreeBuilder::start_preformatted(const Token& token) {
  start_block(token);
  skips_line_break_ = true;
  frameset_ok_ = false;
}

void TreeBuilder::start_form(const Token& token) {
  const bool in_template = open_.has(Tag::template_);
  if (form_ != nullptr && !in_template) return;
  close_p_in_button_scope();
  Node* form = insert_element(token);
  if (!in_template) form_ = form;
}

// Closes the item that stands open, if nothing but <address>, <div> and <p> is in the way.
void TreeBuilder::start_list_item(const Token& token, const KindSet& siblings) {
  frameset_ok_ = false;
  for (std::size_t i = open_.size(); i-- > 0;) {
    if (open_.is_one_of(i, siblings)) {
      const Tag tag = open_.at(i).tag;
      open_.generate_implied_end_tags(tag);
      open_.pop_until(tag);
      break;
    }
    if (open_.is_special(i) && !open_.is_one_of(i, not_in_the_way)) break;
  }
  start_block(token);
}

void TreeBuilder::start_button(const Token& token) {
  if (open_.has_in_scope(Tag::button_)) {
    open_.generate_implied_end_tags();
    open_.pop_until(Tag::button_);
  }
  reconstruct_formatting();
  insert_element(token);
  frameset_ok_ = false;
}

void TreeBuilder::start_table(const Token& token) {
  if (!in_quirks_) close_p_in_button_scope();
  insert_element(token);
  frameset_ok_ = false;
  mode_ = Mode::in_table;
}

void TreeBuilder::start_void(const Token& token) {
  reconstruct_formatting();
  insert_element(token);
  open_.pop();
  frameset_ok_ = false;
}

void TreeBuilder::start_input(const Token& token) {
  reconstruct_formatting();
  const Node* input = insert_element(token);
  open_.pop();
  if (!equals_ignoring_case(input->attribute_or_empty("type"), "hidden")) frameset_ok_ = false;
}

void TreeBuilder::start_rule(const Token& token) {
  close_p_in_button_scope();
  insert_element(token);
  open_.pop();
  frameset_ok_ = false;
}

void TreeBuilder::start_textarea(Token& token) {
  start_raw_text(token, TextKind::rcdata);
  skips_line_break_ = true;
  frameset_ok_ = false;
}

void TreeBuilder::start_select(const Token& token) {
  reconstruct_formatting();
  insert_element(token);
  frameset_ok_ = false;
  const bool in_table = mode_ == Mode::in_table || mode_ == Mode::in_caption ||
                        mode_ == Mode::in_table_body || mode_ == Mode::in_row ||
                        mode_ == Mode::in_cell;
  mode_ = in_table ? Mode::in_select_in_table : Mode::in_select;
}

void TreeBuilder::start_option(const Token& token) {
  if (open_.current_is(Tag::option_)) open_.pop();
  reconstruct_formatting();
  insert_element(token);
}

void TreeBuilder::start_ruby_part(const Token& token) {
  const bool is_inner = token.tag == Tag::rp_ || token.tag == Tag::rt_;
  if (open_.has_in_scope(Tag::ruby_))
    open_.generate_implied_end_tags(is_inner ? Tag::rtc_ : Tag::unknown);
  insert_element(token);
}

void TreeBuilder::start_foreign(const Token& token, Namespace ns) {
  reconstruct_formatting();
  insert_created(create_element(token, ns));
  if (token.self_closing) open_.pop();
}

void TreeBuilder::end_body() {
  if (open_.has_in_scope(Tag::body_)) mode_ = Mode::after_body;
}

TreeBuilder::Outcome TreeBuilder::end_html() {
  if (!open_.has_in_scope(Tag::body_)) return Outcome::done;
  return go_to(Mode::after_body);
}

void TreeBuilder::end_block(Tag tag) {
  if (!open_.has_in_scope(tag)) return;
  open_.generate_implied_end_tags();
  open_.pop_until(tag);
}

void TreeBuilder::end_form() {
  if (open_.has(Tag::template_)) {
    end_block(Tag::form_);
    return;
  }
  const Node* form = std::exchange(form_, nullptr);
  if (form == nullptr || !open_.has_in_scope(*form)) return;
  open_.generate_implied_end_tags();
  if (const auto index = open_.index_of(*form)) open_.remove(*index);
}

void TreeBuilder::end_p() {
  if (!open_.has_in_scope(Tag::p_, Scope::button)) insert_element("p");
  close_p();
}

void TreeBuilder::end_list_item(Tag tag, Scope scope) {
  if (!open_.has_in_scope(tag, scope)) return;
  open_.generate_implied_end_tags(tag);
  open_.pop_until(tag);
}

void TreeBuilder::end_heading(Tag tag) {
  if (!open_.has_one_in_scope(headings)) return;
  open_.generate_implied_end_tags(tag);
  while (open_.size() > 1) {
    const bool found = open_.current_is_one_of(headings);
    open_.pop();
    if (found) return;
  }
}

void TreeBuilder::end_scoped(Tag tag) {
  if (!open_.has_in_scope(tag)) return;
  end_block(tag);
  formatting_.clear_to_last_marker();
}

// </br> is taken for <br>, its attributes dropped.
void TreeBuilder::end_br() {
  reconstruct_formatting();
  insert_element("br");
  open_.pop();
  frameset_ok_ = false;
}

void TreeBuilder::end_ordinary(const Token& token) {
  for (std::size_t i = open_.size(); i-- > 1;) {
    const bool found =
        open_.is(i, token.tag) && (token.tag != Tag::unknown || open_.at(i).name == token.name);
    if (found) {
      const Node* element = &open_.at(i);
      open_.generate_implied_end_tags(token.tag);
      while (open_.size() > 1) {
        const bool last = &open_.current() == element;
        open_.pop();
        if (last) break;
      }
      return;
    }
    if (open_.is_special(i)) return;
  }
}

void TreeBuilder::close_p_in_button_scope() {
  if (open_.has_in_scope(Tag::p_, Scope::button)) close_p();
}

void TreeBuilder::close_p() {
  open_.generate_implied_end_tags(Tag::p_);
  open_.pop_until(Tag::p_);
}

}  // namespace dandelion::html
