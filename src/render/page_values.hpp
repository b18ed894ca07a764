// SPDX-License-Identifier: MIT
// The values that templates of more than one kind get. Inside render/ only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "render/page.hpp"
#include "render/template_text.hpp"

namespace dandelion {

// One page that is being written.
struct PageView {
  const Theme& theme;
  const SiteContext& site;
  const Language& language;  // of the words around the text
  std::string language_tag;  // as asked for: "zh-Hans" where the words are those of "zh"
  PageFormat format = PageFormat::markdown;
  std::string path;      // of the file itself, relative to the mirror's root
  bool is_lone = false;  // there is no mirror around it

  // The way from this file to another of the mirror, given by its Markdown file, ready to stand in
  // the format's links.
  [[nodiscard]] std::string way_to(std::string_view markdown_path) const;
  // The same for a file that is the same in every format.
  [[nodiscard]] std::string way_to_file(std::string_view path) const;
};

// An address ready for a link in that format: between Markdown's parentheses, in HTML's quotes.
[[nodiscard]] std::string link_target(std::string_view address, PageFormat format);

// The Content-Security-Policy of a page: nothing but what it needs.
[[nodiscard]] std::string content_policy(const PageView& view);

void set_common(TemplateData& values, const PageView& view);
// nullopt stands for a page without a date: `name` and `name`_text count as absent.
void set_date(TemplateData& values, const std::string& name, const std::optional<Timestamp>& time,
              const Language& language);
[[nodiscard]] TemplateData entry_data(const IndexEntry& entry, const PageView& view);
[[nodiscard]] TemplateData entries_data(const std::vector<IndexEntry>& entries,
                                        const PageView& view);

// Files that stand at fixed places.
constexpr std::string_view front_path = "README.md";
constexpr std::string_view archive_path = "archive/README.md";
constexpr std::string_view feed_path = "feed.xml";

// The same with the front pages' own names: README.md is index.html there.
[[nodiscard]] std::string file_in_format(std::string_view markdown_path, PageFormat format);

}  // namespace dandelion
