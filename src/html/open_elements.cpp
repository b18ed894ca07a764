// SPDX-License-Identifier: MIT
#include "html/open_elements.hpp"

#include <algorithm>
#include <cassert>

#include "core/text.hpp"

namespace dandelion::html {
namespace {

using Kind = ElementKind;

constexpr auto foreign_points = {Kind::mathml_text_point, Kind::html_point, Kind::annotation_xml};

constexpr KindSet scope_ends[] = {
    {{Tag::applet_, Tag::caption_, Tag::html_, Tag::table_, Tag::td_, Tag::th_, Tag::marquee_,
      Tag::object_, Tag::template_},
     foreign_points},
    {{Tag::applet_, Tag::caption_, Tag::html_, Tag::table_, Tag::td_, Tag::th_, Tag::marquee_,
      Tag::object_, Tag::template_, Tag::ol_, Tag::ul_},
     foreign_points},
    {{Tag::applet_, Tag::caption_, Tag::html_, Tag::table_, Tag::td_, Tag::th_, Tag::marquee_,
      Tag::object_, Tag::template_, Tag::button_},
     foreign_points},
    {{Tag::html_, Tag::table_, Tag::template_}},
};

bool ends_scope(Kind kind, Scope scope) {
  if (scope == Scope::select)
    return kind != kind_of(Tag::option_) && kind != kind_of(Tag::optgroup_);
  return scope_ends[static_cast<std::size_t>(scope)].has(kind);
}

constexpr KindSet special = {
    {Tag::address_,   Tag::applet_,   Tag::area_,     Tag::article_,    Tag::aside_,
     Tag::base_,      Tag::basefont_, Tag::bgsound_,  Tag::blockquote_, Tag::body_,
     Tag::br_,        Tag::button_,   Tag::caption_,  Tag::center_,     Tag::col_,
     Tag::colgroup_,  Tag::dd_,       Tag::details_,  Tag::dir_,        Tag::div_,
     Tag::dl_,        Tag::dt_,       Tag::embed_,    Tag::fieldset_,   Tag::figcaption_,
     Tag::figure_,    Tag::footer_,   Tag::form_,     Tag::frame_,      Tag::frameset_,
     Tag::h1_,        Tag::h2_,       Tag::h3_,       Tag::h4_,         Tag::h5_,
     Tag::h6_,        Tag::head_,     Tag::header_,   Tag::hgroup_,     Tag::hr_,
     Tag::html_,      Tag::iframe_,   Tag::img_,      Tag::input_,      Tag::keygen_,
     Tag::li_,        Tag::link_,     Tag::listing_,  Tag::main_,       Tag::marquee_,
     Tag::menu_,      Tag::meta_,     Tag::nav_,      Tag::noembed_,    Tag::noframes_,
     Tag::noscript_,  Tag::object_,   Tag::ol_,       Tag::p_,          Tag::param_,
     Tag::plaintext_, Tag::pre_,      Tag::script_,   Tag::search_,     Tag::section_,
     Tag::select_,    Tag::source_,   Tag::style_,    Tag::summary_,    Tag::table_,
     Tag::tbody_,     Tag::td_,       Tag::template_, Tag::textarea_,   Tag::tfoot_,
     Tag::th_,        Tag::thead_,    Tag::title_,    Tag::tr_,         Tag::track_,
     Tag::ul_,        Tag::wbr_,      Tag::xmp_},
    foreign_points};

constexpr KindSet implied_ends = {Tag::dd_, Tag::dt_, Tag::li_, Tag::optgroup_, Tag::option_,
                                  Tag::p_,  Tag::rb_, Tag::rp_, Tag::rt_,       Tag::rtc_};
constexpr KindSet more_implied_ends = {Tag::caption_, Tag::colgroup_, Tag::tbody_, Tag::td_,
                                       Tag::tfoot_,   Tag::th_,       Tag::thead_, Tag::tr_};

// Whether the MathML element says that it holds HTML (13.2.6, "HTML integration point").
bool holds_html(const Node& annotation_xml) {
  const std::string_view encoding = annotation_xml.attribute_or_empty("encoding");
  return equals_ignoring_case(encoding, "text/html") ||
         equals_ignoring_case(encoding, "application/xhtml+xml");
}

}  // namespace

ElementKind kind_of(const Node& element) {
  const std::string_view name = element.name;
  switch (element.ns) {
    case Namespace::html:
      return kind_of(element.tag);
    case Namespace::svg:
      return name == "foreignobject" || name == "desc" || name == "title" ? Kind::html_point
                                                                          : Kind::foreign;
    case Namespace::mathml:
      if (name == "mi" || name == "mo" || name == "mn" || name == "ms" || name == "mtext")
        return Kind::mathml_text_point;
      if (name == "annotation-xml")
        return holds_html(element) ? Kind::html_point : Kind::annotation_xml;
      return Kind::foreign;
  }
  return Kind::foreign;
}

void OpenElements::push(Node& element) {
  const Kind kind = kind_of(element);
  nodes_.push_back(&element);
  kinds_.push_back(kind);
  ++counts_[static_cast<std::size_t>(kind)];
}

void OpenElements::pop() {
  assert(!empty());
  --counts_[static_cast<std::size_t>(kinds_.back())];
  nodes_.pop_back();
  kinds_.pop_back();
}

void OpenElements::pop_until(Tag tag) {
  while (size() > 1) {
    const bool found = current_is(tag);
    pop();
    if (found) return;
  }
}

void OpenElements::clear_back_to(const KindSet& tags) {
  while (size() > 1 && !current_is_one_of(tags))
    pop();
}

void OpenElements::generate_implied_end_tags(Tag except) {
  while (size() > 1 && current_is_one_of(implied_ends) && !current_is(except))
    pop();
}

void OpenElements::generate_all_implied_end_tags() {
  while (size() > 1 && (current_is_one_of(implied_ends) || current_is_one_of(more_implied_ends)))
    pop();
}

bool OpenElements::is_special(std::size_t index) const {
  return special.has(kinds_[index]);
}

bool OpenElements::has_in_scope(Tag tag, Scope scope) const {
  if (!has(tag)) return false;
  for (std::size_t i = size(); i-- > 0;) {
    if (is(i, tag)) return true;
    if (ends_scope(kinds_[i], scope)) return false;
  }
  return false;
}

bool OpenElements::has_one_in_scope(const KindSet& tags, Scope scope) const {
  for (std::size_t i = size(); i-- > 0;) {
    if (is_one_of(i, tags)) return true;
    if (ends_scope(kinds_[i], scope)) return false;
  }
  return false;
}

bool OpenElements::has_in_scope(const Node& element) const {
  for (std::size_t i = size(); i-- > 0;) {
    if (nodes_[i] == &element) return true;
    if (ends_scope(kinds_[i], Scope::ordinary)) return false;
  }
  return false;
}

std::optional<std::size_t> OpenElements::index_of(const Node& element) const {
  for (std::size_t i = size(); i-- > 0;) {
    if (nodes_[i] == &element) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> OpenElements::last_index_of(Tag tag) const {
  if (!has(tag)) return std::nullopt;
  for (std::size_t i = size(); i-- > 0;) {
    if (is(i, tag)) return i;
  }
  return std::nullopt;
}

void OpenElements::remove(std::size_t index) {
  --counts_[static_cast<std::size_t>(kinds_[index])];
  nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(index));
  kinds_.erase(kinds_.begin() + static_cast<std::ptrdiff_t>(index));
}

void OpenElements::insert(std::size_t index, Node& element) {
  const Kind kind = kind_of(element);
  nodes_.insert(nodes_.begin() + static_cast<std::ptrdiff_t>(index), &element);
  kinds_.insert(kinds_.begin() + static_cast<std::ptrdiff_t>(index), kind);
  ++counts_[static_cast<std::size_t>(kind)];
}

void OpenElements::replace(std::size_t index, Node& element) {
  --counts_[static_cast<std::size_t>(kinds_[index])];
  nodes_[index] = &element;
  kinds_[index] = kind_of(element);
  ++counts_[static_cast<std::size_t>(kinds_[index])];
}

}  // namespace dandelion::html
