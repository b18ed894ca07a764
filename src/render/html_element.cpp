// SPDX-License-Identifier: MIT
#include "render/html_element.hpp"

#include <algorithm>
#include <array>

#include "core/clock.hpp"
#include "core/text.hpp"

namespace dandelion {

using html::Node;
using html::Tag;
using html::TagSet;

namespace {

// What link_footnotes gives an element.
bool is_of_footnote(std::string_view name, std::string_view value) {
  if (name == "role")
    return value == "doc-noteref" || value == "doc-backlink" || value == "doc-endnotes";
  return value.starts_with("fn-") || value.starts_with("fnref-");
}

}  // namespace

int heading_level(Tag tag) {
  return tag >= Tag::h1_ && tag <= Tag::h6_ ? 1 + static_cast<int>(tag) - static_cast<int>(Tag::h1_)
                                            : 0;
}

bool is_text_block(Tag tag) {
  static const TagSet tags = {Tag::p_,          Tag::blockquote_, Tag::ul_,     Tag::ol_,
                              Tag::dl_,         Tag::pre_,        Tag::table_,  Tag::figure_,
                              Tag::figcaption_, Tag::hr_,         Tag::details_};
  return tags.has(tag);
}

bool is_endnotes(const Node& node) {
  return node.is_element(Tag::section_) && node.attribute_or_empty("role") == "doc-endnotes";
}

std::string_view inline_name(Tag tag) {
  switch (tag) {
    case Tag::strike_:
    case Tag::s_:
      return "s";
    case Tag::tt_:
    case Tag::code_:
      return "code";
    case Tag::acronym_:
    case Tag::abbr_:
      return "abbr";
    case Tag::rb_:
      return {};
    default:
      break;
  }
  static constexpr std::array<std::pair<Tag, std::string_view>, 26> names = {
      {{Tag::a_, "a"},       {Tag::em_, "em"},     {Tag::i_, "i"},         {Tag::strong_, "strong"},
       {Tag::b_, "b"},       {Tag::u_, "u"},       {Tag::del_, "del"},     {Tag::ins_, "ins"},
       {Tag::sub_, "sub"},   {Tag::sup_, "sup"},   {Tag::small_, "small"}, {Tag::mark_, "mark"},
       {Tag::kbd_, "kbd"},   {Tag::samp_, "samp"}, {Tag::var_, "var"},     {Tag::q_, "q"},
       {Tag::cite_, "cite"}, {Tag::dfn_, "dfn"},   {Tag::time_, "time"},   {Tag::ruby_, "ruby"},
       {Tag::rt_, "rt"},     {Tag::rp_, "rp"},     {Tag::bdi_, "bdi"},     {Tag::bdo_, "bdo"},
       {Tag::summary_, {}},  {Tag::data_, {}}}};
  for (const auto& [known, name] : names) {
    if (known == tag) return name;
  }
  return {};
}

bool keeps_attribute(const Node& element, std::string_view name) {
  if (name == "lang" || name == "dir") return true;
  switch (element.tag) {
    case Tag::a_:
      return name == "href" || name == "rel" || name == "referrerpolicy" || name == "id" ||
             name == "role";
    case Tag::td_:
    case Tag::th_:
      return name == "colspan" || name == "rowspan" || name == "scope";
    case Tag::ol_:
      return name == "start" || name == "reversed";
    case Tag::li_:
      return name == "value" || name == "id";
    case Tag::time_:
      return name == "datetime";
    case Tag::abbr_:
    case Tag::acronym_:
    case Tag::dfn_:
      return name == "title";
    default:
      return false;
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 6 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_valid_value(const Node& element, std::string_view name, std::string_view value) {
  if (name == "dir") return value == "ltr" || value == "rtl" || value == "auto";
  if (name == "lang") return !trim(value).empty() && value.find(' ') == std::string_view::npos;
  if (name == "id" || name == "role") return is_of_footnote(name, value);
  if (name == "scope")
    return element.tag == Tag::th_ &&
           (value == "row" || value == "col" || value == "rowgroup" || value == "colgroup");
  if (name == "colspan" || name == "rowspan" || name == "start" || name == "value")
    return is_number(value) && value != "0";
  if (name == "datetime") return parse_iso8601(value).has_value();
  return true;
}

}  // namespace dandelion
