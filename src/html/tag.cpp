// SPDX-License-Identifier: MIT
#include "html/tag.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace dandelion::html {
namespace {

constexpr std::size_t tag_count = static_cast<std::size_t>(Tag::count);

constexpr std::array<std::string_view, tag_count> names = {
    "",
#define DANDELION_TAG(name) #name,
    DANDELION_HTML_TAGS(DANDELION_TAG)
#undef DANDELION_TAG
        "template",
};

constexpr std::size_t longest_name =
    std::max_element(names.begin(), names.end(), [](auto a, auto b) { return a.size() < b.size(); })
        -> size();

// An open hash table that the compiler fills: every element of a page is looked up in it.
constexpr std::size_t slot_count = 1024;

constexpr std::size_t slot_of(std::string_view name) {
  std::uint32_t hash = 0;
  for (const char c : name)
    hash = hash * 37 + static_cast<unsigned char>(c);
  return (hash ^ (hash >> 10U)) % slot_count;
}

constexpr auto slots = [] {
  std::array<Tag, slot_count> table{};
  for (std::size_t tag = 1; tag < tag_count; ++tag) {
    std::size_t slot = slot_of(names[tag]);
    while (table[slot] != Tag::unknown)
      slot = (slot + 1) % slot_count;
    table[slot] = static_cast<Tag>(tag);
  }
  return table;
}();

}  // namespace

Tag tag_from_name(std::string_view name) {
  if (name.size() > longest_name) return Tag::unknown;
  for (std::size_t slot = slot_of(name); slots[slot] != Tag::unknown;
       slot = (slot + 1) % slot_count) {
    if (names[static_cast<std::size_t>(slots[slot])] == name) return slots[slot];
  }
  return Tag::unknown;
}

bool is_void(Tag tag) {
  static const TagSet tags = {
      Tag::area_,  Tag::base_,  Tag::basefont_, Tag::bgsound_, Tag::br_,    Tag::col_,
      Tag::embed_, Tag::frame_, Tag::hr_,       Tag::img_,     Tag::input_, Tag::keygen_,
      Tag::link_,  Tag::meta_,  Tag::param_,    Tag::source_,  Tag::track_, Tag::wbr_};
  return tags.has(tag);
}

bool is_block(Tag tag) {
  static const TagSet tags = {
      Tag::address_,    Tag::article_, Tag::aside_,     Tag::blockquote_, Tag::body_,
      Tag::caption_,    Tag::center_,  Tag::dd_,        Tag::details_,    Tag::dialog_,
      Tag::dir_,        Tag::div_,     Tag::dl_,        Tag::dt_,         Tag::fieldset_,
      Tag::figcaption_, Tag::figure_,  Tag::footer_,    Tag::form_,       Tag::h1_,
      Tag::h2_,         Tag::h3_,      Tag::h4_,        Tag::h5_,         Tag::h6_,
      Tag::header_,     Tag::hgroup_,  Tag::hr_,        Tag::html_,       Tag::legend_,
      Tag::li_,         Tag::listing_, Tag::main_,      Tag::menu_,       Tag::nav_,
      Tag::ol_,         Tag::p_,       Tag::plaintext_, Tag::pre_,        Tag::search_,
      Tag::section_,    Tag::summary_, Tag::table_,     Tag::tbody_,      Tag::td_,
      Tag::tfoot_,      Tag::th_,      Tag::thead_,     Tag::tr_,         Tag::ul_,
      Tag::xmp_};
  return tags.has(tag);
}

}  // namespace dandelion::html
