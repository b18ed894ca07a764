// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "html/dom.hpp"

namespace dandelion {

// What a page shows its readers beside the headline, for pages that say nothing to machines.
struct VisibleMetadata {
  std::optional<Timestamp> published;
  std::string byline;  // names alone, without "By" or "作者："; may be empty
};

// Looks at the lines around the one that reads like `title`, up to where the text begins. A date
// is also looked for behind a label that says what it is ("发布时间："), wherever that stands, and
// then behind the title in an element that is named as a date's, where there is only one.
[[nodiscard]] VisibleMetadata read_visible_metadata(const html::Node& page, std::string_view title);

// The first date in a line, with the time of day where one follows it: "2019-09-07 09:59",
// "2019年9月7日 9时59分", "民國108年9月7日", "令和元年9月7日", "2019. 9. 7.", "Sep 7, 2019",
// "7 сентября 2019". As its place shows it: taken as UTC.
[[nodiscard]] std::optional<Timestamp> find_date(std::string_view line);

// The names that a line gives as its text's authors: "作者：张三", "文/李四", "By Jane Roe". Empty
// where it gives none.
[[nodiscard]] std::string find_names(std::string_view line);

}  // namespace dandelion
