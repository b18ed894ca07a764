// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <memory>
#include <string>
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

  // Templates, without the line break that ends the file.
  std::string page;
  std::string index;
  std::string front;
};

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
