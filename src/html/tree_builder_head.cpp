// SPDX-License-Identifier: MIT
// The insertion modes before the body (HTML Standard, 13.2.6.4.1 to 6).
#include "html/tree_builder.hpp"

namespace dandelion::html {
namespace {

using Type = Token::Type;

constexpr KindSet head_content = {Tag::base_,     Tag::basefont_, Tag::bgsound_, Tag::link_,
                                  Tag::meta_,     Tag::noframes_, Tag::script_,  Tag::style_,
                                  Tag::template_, Tag::title_};
constexpr KindSet noscript_content = {Tag::basefont_, Tag::bgsound_,  Tag::link_,
                                      Tag::meta_,     Tag::noframes_, Tag::style_};
// End tags that begin what is not there yet; all others are nothing here.
constexpr KindSet beginning_ends = {Tag::head_, Tag::body_, Tag::html_, Tag::br_};
constexpr KindSet body_beginning_ends = {Tag::body_, Tag::html_, Tag::br_};

}  // namespace

TreeBuilder::Outcome TreeBuilder::initial(Token& token) {
  switch (token.type) {
    case Type::text:
      if (take_space(token)) return Outcome::done;
      break;
    case Type::comment:
      append_comment(token, document_.root());
      return Outcome::done;
    case Type::doctype:
      in_quirks_ = token.asks_for_quirks;
      mode_ = Mode::before_html;
      return Outcome::done;
    default:
      break;
  }
  in_quirks_ = true;
  return go_to(Mode::before_html);
}

TreeBuilder::Outcome TreeBuilder::before_html(Token& token) {
  Node* top = nullptr;
  switch (token.type) {
    case Type::doctype:
      return Outcome::done;
    case Type::comment:
      append_comment(token, document_.root());
      return Outcome::done;
    case Type::text:
      if (take_space(token)) return Outcome::done;
      break;
    case Type::start_tag:
      if (token.tag == Tag::html_) top = create_element(token, Namespace::html);
      break;
    case Type::end_tag:
      if (!beginning_ends.has(token.tag)) return Outcome::done;
      break;
    case Type::end_of_file:
      break;
  }
  const bool is_given = top != nullptr;
  if (!is_given) top = document_.create_element("html");
  append_child(document_.root(), *top);
  open_.push(*top);
  mode_ = Mode::before_head;
  return is_given ? Outcome::done : Outcome::again;
}

TreeBuilder::Outcome TreeBuilder::before_head(Token& token) {
  switch (token.type) {
    case Type::doctype:
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::text:
      if (take_space(token)) return Outcome::done;
      break;
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      if (token.tag == Tag::head_) {
        head_ = insert_element(token);
        mode_ = Mode::in_head;
        return Outcome::done;
      }
      break;
    case Type::end_tag:
      if (!beginning_ends.has(token.tag)) return Outcome::done;
      break;
    case Type::end_of_file:
      break;
  }
  head_ = insert_element("head");
  return go_to(Mode::in_head);
}

TreeBuilder::Outcome TreeBuilder::in_head(Token& token) {
  switch (token.type) {
    case Type::doctype:
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::text:
      insert_space(token);
      return token.text.empty() ? Outcome::done : leave_head();
    case Type::start_tag:
      return in_head_start(token);
    case Type::end_tag:
      if (token.tag == Tag::template_) {
        end_template();
        return Outcome::done;
      }
      if (token.tag == Tag::head_) {
        leave_head();
        return Outcome::done;
      }
      return body_beginning_ends.has(token.tag) ? leave_head() : Outcome::done;
    case Type::end_of_file:
      return leave_head();
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::in_head_start(Token& token) {
  switch (token.tag) {
    case Tag::html_:
      return in_body(token);
    case Tag::base_:
    case Tag::basefont_:
    case Tag::bgsound_:
    case Tag::link_:
    case Tag::meta_:
      insert_element(token);
      open_.pop();
      return Outcome::done;
    case Tag::title_:
      start_raw_text(token, TextKind::rcdata);
      return Outcome::done;
    case Tag::noframes_:
    case Tag::style_:
      start_raw_text(token, TextKind::rawtext);
      return Outcome::done;
    case Tag::script_:
      start_raw_text(token, TextKind::script);
      return Outcome::done;
    case Tag::noscript_:
      insert_element(token);
      mode_ = Mode::in_head_noscript;
      return Outcome::done;
    case Tag::template_:
      start_template(token);
      return Outcome::done;
    case Tag::head_:
      return Outcome::done;
    default:
      return leave_head();
  }
}

TreeBuilder::Outcome TreeBuilder::leave_head() {
  open_.pop();
  return go_to(Mode::after_head);
}

TreeBuilder::Outcome TreeBuilder::in_head_noscript(Token& token) {
  switch (token.type) {
    case Type::doctype:
      return Outcome::done;
    case Type::comment:
      return in_head(token);
    case Type::text:
      insert_space(token);
      return token.text.empty() ? Outcome::done : leave_head_noscript();
    case Type::start_tag:
      if (token.tag == Tag::html_) return in_body(token);
      if (noscript_content.has(token.tag)) return in_head(token);
      if (token.tag == Tag::head_ || token.tag == Tag::noscript_) return Outcome::done;
      return leave_head_noscript();
    case Type::end_tag:
      if (token.tag == Tag::noscript_) {
        leave_head_noscript();
        return Outcome::done;
      }
      return token.tag == Tag::br_ ? leave_head_noscript() : Outcome::done;
    case Type::end_of_file:
      return leave_head_noscript();
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::leave_head_noscript() {
  open_.pop();
  return go_to(Mode::in_head);
}

TreeBuilder::Outcome TreeBuilder::after_head(Token& token) {
  switch (token.type) {
    case Type::doctype:
      return Outcome::done;
    case Type::comment:
      insert_comment(token);
      return Outcome::done;
    case Type::text:
      insert_space(token);
      return token.text.empty() ? Outcome::done : begin_body();
    case Type::start_tag:
      return after_head_start(token);
    case Type::end_tag:
      if (token.tag == Tag::template_) return in_head(token);
      return body_beginning_ends.has(token.tag) ? begin_body() : Outcome::done;
    case Type::end_of_file:
      return begin_body();
  }
  return Outcome::done;
}

TreeBuilder::Outcome TreeBuilder::after_head_start(Token& token) {
  if (head_content.has(token.tag)) {
    open_.push(*head_);
    const Outcome outcome = in_head(token);
    if (const auto index = open_.index_of(*head_)) open_.remove(*index);
    return outcome;
  }
  switch (token.tag) {
    case Tag::html_:
      return in_body(token);
    case Tag::body_:
      insert_element(token);
      frameset_ok_ = false;
      mode_ = Mode::in_body;
      return Outcome::done;
    case Tag::frameset_:
      insert_element(token);
      mode_ = Mode::in_frameset;
      return Outcome::done;
    case Tag::head_:
      return Outcome::done;
    default:
      return begin_body();
  }
}

TreeBuilder::Outcome TreeBuilder::begin_body() {
  insert_element("body");
  return go_to(Mode::in_body);
}

void TreeBuilder::start_template(Token& token) {
  insert_element(token);
  formatting_.push_marker();
  frameset_ok_ = false;
  mode_ = Mode::in_template;
  template_modes_.push_back(Mode::in_template);
}

void TreeBuilder::end_template() {
  if (!open_.has(Tag::template_)) return;
  open_.generate_all_implied_end_tags();
  open_.pop_until(Tag::template_);
  formatting_.clear_to_last_marker();
  if (!template_modes_.empty()) template_modes_.pop_back();
  reset_insertion_mode();
}

// An element that holds nothing but text.
void TreeBuilder::start_raw_text(Token& token, TextKind kind) {
  insert_element(token);
  tokenizer_.read_as(kind);
  original_mode_ = mode_;
  mode_ = Mode::text;
}

}  // namespace dandelion::html
