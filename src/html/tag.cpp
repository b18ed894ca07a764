// SPDX-License-Identifier: MIT
#include "html/tag.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

namespace dandelion::html {

Tag tag_from_name(std::string_view name) {
  static const std::unordered_map<std::string_view, Tag> tags = {
#define DANDELION_TAG(name) {#name, Tag::name##_},
      DANDELION_HTML_TAGS(DANDELION_TAG)
#undef DANDELION_TAG
          {"template", Tag::template_},
  };
  const auto found = tags.find(name);
  return found == tags.end() ? Tag::unknown : found->second;
}

bool is_void(Tag tag) {
  static const TagSet tags = {
      Tag::area_,    Tag::base_,    Tag::basefont_, Tag::bgsound_, Tag::br_,       Tag::col_,
      Tag::command_, Tag::embed_,   Tag::frame_,    Tag::hr_,      Tag::image_,    Tag::img_,
      Tag::input_,   Tag::isindex_, Tag::keygen_,   Tag::link_,    Tag::menuitem_, Tag::meta_,
      Tag::nextid_,  Tag::param_,   Tag::source_,   Tag::spacer_,  Tag::track_,    Tag::wbr_};
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
