// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "html/serialize.hpp"

namespace dandelion {

// A folder under themes/: theme.yaml and mustache templates. docs/themes.md is its manual.
struct Theme {
  // How an article's body is written into the page.
  enum class BodyFormat {
    pretty_html,  // one tag a line, as html::prettify does
    markdown,
  };
  // What becomes of the body's links.
  enum class LinkPolicy {
    inert,  // written as <ok>, which Git hosts strip: the text stays, nothing can be clicked
    keep,
  };

  std::string name;
  BodyFormat body = BodyFormat::pretty_html;
  LinkPolicy links = LinkPolicy::inert;
  html::PrettyOptions pretty;

  // The theme's own words, by language (BCP 47, the fallback first) and name; a template gets them
  // as `word_<name>`.
  std::vector<std::pair<std::string, std::map<std::string, std::string>>> words;

  // Templates, without the line break that ends the file.
  std::string page;
  std::string index;
  std::string front;
};

// The theme's words in that language: of the tag itself, of one that it begins with (`zh-Hans` ->
// `zh`), else the first; empty where the theme has none.
[[nodiscard]] const std::map<std::string, std::string>& words_for(const Theme& theme,
                                                                  const std::string& language);

// The folders that are looked through for a theme, in order: beside the configuration, then the
// installation's own.
[[nodiscard]] std::vector<std::filesystem::path> theme_folders(
    const std::filesystem::path& config_folder);

// Reads and checks a theme: bad_input, as file:line, where theme.yaml or a template is wrong or
// names a value that does not exist; not_found with the folders looked through where there is no
// such theme.
[[nodiscard]] Result<Theme> load_theme(const std::string& name,
                                       const std::filesystem::path& config_folder);

}  // namespace dandelion
