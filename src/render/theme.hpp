// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "html/serialize.hpp"
#include "render/body.hpp"
#include "render/language.hpp"

namespace dandelion {

// What a template is for: it decides which values it gets.
enum class TemplateKind { page, index, front, archive, search, not_found, feed };

// A file of a theme that goes into the mirror as it is.
struct ThemeAsset {
  std::string name;  // its file name
  std::string content;
};

// A folder under themes/: theme.yaml, mustache templates, a style sheet, assets. docs/themes.md is
// its manual.
struct Theme {
  // How an article's body is written into a Markdown page. HTML pages get it as to_html_text
  // writes it.
  enum class BodyFormat {
    pretty_html,  // one tag a line, as html::prettify does
    markdown,
  };

  std::string name;
  BodyFormat body = BodyFormat::pretty_html;
  LinkPolicy links = LinkPolicy::inert;
  std::string archive_prefix;  // with LinkPolicy::archive
  html::PrettyOptions pretty;

  // The theme's own words, by language (BCP 47, the fallback first) and name, in front of those of
  // `languages`.
  std::vector<std::pair<std::string, std::map<std::string, std::string>>> words;
  Languages languages;

  // The templates by file name ("page.html"), partials filled in, without the line break that ends
  // the file. page.md, index.md and front.md are always there.
  std::map<std::string, std::string> templates;
  std::string style;  // style.css, without comments and needless white space; may be empty
  std::vector<ThemeAsset> assets;
  std::string search_script;  // where there is a search.html

  // SHA-256 of all that decides how a page looks: where it changes, every page is written anew.
  std::string fingerprint;

  [[nodiscard]] bool has(const std::string& file) const { return templates.contains(file); }
};

// The theme's words in that language: its own of the tag itself, of one that it begins with
// (`zh-Hans` -> `zh`), else its first; and the language's for all that it does not name.
[[nodiscard]] std::map<std::string, std::string> words_for(const Theme& theme,
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
