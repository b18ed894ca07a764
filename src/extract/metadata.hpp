// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "extract/block_features.hpp"
#include "html/dom.hpp"

namespace dandelion {

// What a page says about itself, by JSON-LD (schema.org), OpenGraph, Dublin Core, <meta name>,
// microdata, the HTML Standard's own elements and what it shows beside its headline, each taken
// from the first of these that has it. All text has its white space collapsed; what is absent is
// empty.
struct PageMetadata {
  std::string canonical;
  std::string title;  // without the site's name where that can be told
  std::string byline;
  std::optional<Timestamp> published;
  std::string language;
  std::string site_name;
  std::string image;
  std::string description;
  PageKind kind = PageKind::unknown;
  bool is_teaser = false;  // it says that readers have to pay for the whole (isAccessibleForFree)
  // What it hands to its scripts as JSON, among other things: texts of the page's own tree.
  std::vector<std::string_view> script_data;
};

[[nodiscard]] PageMetadata read_metadata(const html::Node& page);

}  // namespace dandelion
