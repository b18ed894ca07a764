// SPDX-License-Identifier: MIT
#include "render/theme.hpp"

#include <array>

#include "core/files.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "render/style_sheet.hpp"
#include "render/template_values.hpp"
#include "render/yaml_file.hpp"

namespace dandelion {
namespace {

constexpr int max_partials = 100;  // in one template, so that two that name each other end
constexpr std::size_t max_assets = 100;

struct TemplateFile {
  std::string_view name;
  TemplateKind kind;
  bool required = false;
};

constexpr std::array<TemplateFile, 11> template_files = {{{"page.md", TemplateKind::page, true},
                                                          {"index.md", TemplateKind::index, true},
                                                          {"front.md", TemplateKind::front, true},
                                                          {"archive.md", TemplateKind::archive},
                                                          {"page.html", TemplateKind::page},
                                                          {"index.html", TemplateKind::index},
                                                          {"front.html", TemplateKind::front},
                                                          {"archive.html", TemplateKind::archive},
                                                          {"search.html", TemplateKind::search},
                                                          {"404.html", TemplateKind::not_found},
                                                          {"feed.xml", TemplateKind::feed}}};

// Reads theme.yaml.
class ThemeReader {
 public:
  ThemeReader(Theme& theme, std::filesystem::path file) : theme_(theme), file_(std::move(file)) {}

  Result<void> read() {
    return read_yaml_map(file_, [this](const YAML::Node& name, const YAML::Node& value) {
      return key(name, value);
    });
  }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(const YAML::Node& node, std::string_view what) const {
    return wrong_at(file_, node.Mark(), what);
  }

  Result<void> key(const YAML::Node& name_node, const YAML::Node& value) {
    const auto name = name_node.as<std::string>();
    static constexpr std::array<std::string_view, 6> known = {"description",     "body",   "links",
                                                              "drop_attributes", "around", "words"};
    if (name == "description") return {};
    if (name == "body") return body(value);
    if (name == "links") return links(value);
    if (name == "drop_attributes") return drop_attributes(value);
    if (name == "around") return around(value);
    if (name == "words") return words(value);
    const std::string near = nearest_word(name, known.data(), known.size());
    return wrong(
        name_node,
        fmt::format("unknown key '{}'{}", name,
                    near.empty()
                        ? "; known are description, body, links, drop_attributes, around, words"
                        : fmt::format(" (did you mean '{}'?)", near)));
  }

  Result<void> body(const YAML::Node& value) {
    const auto format = value.as<std::string>();
    if (format != "pretty-html" && format != "markdown")
      return wrong(value, "body is pretty-html or markdown");
    theme_.body =
        format == "markdown" ? Theme::BodyFormat::markdown : Theme::BodyFormat::pretty_html;
    return {};
  }

  Result<void> links(const YAML::Node& value) {
    constexpr std::string_view expected = "links is inert, text, keep, or {archive: https://…}";
    if (value.IsMap()) {
      if (value.size() != 1 || !value["archive"]) return wrong(value, expected);
      theme_.archive_prefix = value["archive"].as<std::string>();
      if (!theme_.archive_prefix.starts_with("http")) return wrong(value, expected);
      theme_.links = LinkPolicy::archive;
      return {};
    }
    const auto policy = value.as<std::string>();
    if (policy != "inert" && policy != "keep" && policy != "text") return wrong(value, expected);
    theme_.links = policy == "keep"   ? LinkPolicy::keep
                   : policy == "text" ? LinkPolicy::text
                                      : LinkPolicy::inert;
    return {};
  }

  Result<void> drop_attributes(const YAML::Node& value) {
    if (!value.IsMap()) return wrong(value, "expected `element: [attribute, …]` lines");
    for (const auto& item : value) {
      if (!item.second.IsSequence())
        return wrong(item.second, "expected a list of attribute names");
      auto& names = theme_.pretty.drop_attributes[item.first.as<std::string>()];
      for (const auto& name : item.second)
        names.insert(name.as<std::string>());
    }
    return {};
  }

  Result<void> around(const YAML::Node& value) {
    if (!value.IsMap()) return wrong(value, "expected `element: {before: …, after: …}` lines");
    for (const auto& item : value) {
      if (!item.second.IsMap()) return wrong(item.second, "expected {before: …, after: …}");
      html::Surround& surround = theme_.pretty.around[item.first.as<std::string>()];
      for (const auto& side : item.second) {
        const auto name = side.first.as<std::string>();
        if (name != "before" && name != "after")
          return wrong(side.first, "expected `before` or `after`");
        (name == "before" ? surround.before : surround.after) = side.second.as<std::string>();
      }
    }
    return {};
  }

  Result<void> words(const YAML::Node& value) {
    if (!value.IsMap()) return wrong(value, "expected `language: {name: word, …}` lines");
    for (const auto& item : value) {
      if (!item.second.IsMap()) return wrong(item.second, "expected {name: word, …}");
      auto& [language, named] = theme_.words.emplace_back();
      language = item.first.as<std::string>();
      for (const auto& word : item.second)
        named[word.first.as<std::string>()] = word.second.as<std::string>();
      // A word that one language lacks would silently be missing from its pages.
      if (named.size() != theme_.words.front().second.size()) {
        return wrong(item.second, fmt::format("'{}' does not have the same words as '{}'", language,
                                              theme_.words.front().first));
      }
    }
    return {};
  }

  Theme& theme_;
  std::filesystem::path file_;
};

// Reads one theme's folder.
class ThemeFolder {
 public:
  ThemeFolder(Theme& theme, std::filesystem::path home) : theme_(theme), home_(std::move(home)) {}

  Result<void> read() {
    if (auto settings = ThemeReader(theme_, home_ / "theme.yaml").read(); !settings)
      return settings;
    for (const auto& [name, word] : words_for(theme_, {}))
      words_.push_back(name);
    for (const TemplateFile& file : template_files) {
      std::error_code ignored;
      if (!file.required && !std::filesystem::exists(home_ / file.name, ignored)) continue;
      auto text = expanded(std::string(file.name), file.kind);
      if (!text) return tl::unexpected(text.error());
      theme_.templates[std::string(file.name)] = std::move(*text);
    }
    if (auto whole = check_formats(); !whole) return whole;
    if (theme_.has("search.html")) {
      auto script = read_file(data_folder() / "search.js", max_theme_file_bytes);
      if (!script) return tl::unexpected(script.error());
      theme_.search_script = std::move(*script);
    }
    return read_assets();
  }

 private:
  // HTML pages lead to each other: all of them, or none.
  [[nodiscard]] Result<void> check_formats() const {
    if (!theme_.has("page.html")) return {};
    for (const char* name : {"index.html", "front.html", "archive.html", "archive.md"}) {
      if (!theme_.has(name))
        return fail(ErrorKind::bad_input, "{}: a theme with page.html also needs {}",
                    home_.string(), name);
    }
    return {};
  }

  [[nodiscard]] Result<std::string> read_checked(const std::string& name, TemplateKind kind) const {
    auto text = read_file(home_ / name, max_theme_file_bytes);
    if (!text) return text;
    // Editors end a file with a line break; the page is to end where the template's text does.
    if (text->ends_with('\n')) text->pop_back();
    if (auto checked = check_template(*text, kind, (home_ / name).string(), words_); !checked)
      return tl::unexpected(checked.error());
    return text;
  }

  // The file with its partials, `{{> head.html}}`, filled in.
  [[nodiscard]] Result<std::string> expanded(const std::string& name, TemplateKind kind) const {
    auto text = read_checked(name, kind);
    if (!text) return text;
    for (int filled = 0;; ++filled) {
      const auto open = text->find("{{>");
      if (open == std::string::npos) return text;
      const auto close = text->find("}}", open);
      const std::string partial(trim(std::string_view(*text).substr(open + 3, close - open - 3)));
      if (filled == max_partials || safe_path_segment(partial) != partial) {
        return fail(ErrorKind::bad_input, "{}: '{}' is no file that a template can take in",
                    (home_ / name).string(), partial);
      }
      auto inner = read_checked(partial, kind);
      if (!inner) return inner;
      text->replace(open, close + 2 - open, *inner);
    }
  }

  Result<void> read_assets() {
    std::error_code ignored;
    if (std::filesystem::exists(home_ / "style.css", ignored)) {
      auto style = read_file(home_ / "style.css", max_theme_file_bytes);
      if (!style) return tl::unexpected(style.error());
      theme_.style = compact_style(*style);
    }
    for (const auto& entry : std::filesystem::directory_iterator(home_ / "assets", ignored)) {
      const std::string name = entry.path().filename().string();
      if (safe_path_segment(name) != name) {
        return fail(ErrorKind::bad_input, "{}: not a name for a file of the mirror",
                    entry.path().string());
      }
      auto content = read_file(entry.path(), max_theme_file_bytes);
      if (!content) return tl::unexpected(content.error());
      theme_.assets.push_back({name, std::move(*content)});
      if (theme_.assets.size() > max_assets)
        return fail(ErrorKind::bad_input, "{}: more than {} files", home_.string(), max_assets);
    }
    std::sort(theme_.assets.begin(), theme_.assets.end(),
              [](const ThemeAsset& a, const ThemeAsset& b) { return a.name < b.name; });
    return {};
  }

  Theme& theme_;
  std::filesystem::path home_;
  std::vector<std::string> words_;
};

std::string fingerprint_of(const Theme& theme, const std::filesystem::path& home) {
  std::string all = read_file(home / "theme.yaml", max_theme_file_bytes).value_or(std::string());
  const auto add = [&all](std::string_view text) {
    all.append(std::to_string(text.size())).append(":").append(text);
  };
  for (const auto& [name, text] : theme.templates) {
    add(name);
    add(text);
  }
  add(theme.style);
  for (const ThemeAsset& asset : theme.assets) {
    add(asset.name);
    add(asset.content);
  }
  for (const Language& language : theme.languages.all()) {
    add(language.tag);
    add(language.date);
    for (const std::string& month : language.months)
      add(month);
    for (const auto& [name, word] : language.words)
      add(word);
  }
  return sha256_hex(all);
}

const std::map<std::string, std::string>* own_words(const Theme& theme,
                                                    const std::string& language) {
  if (theme.words.empty()) return nullptr;
  for (std::string tag = language; !tag.empty();
       tag.resize(tag.rfind('-') == std::string::npos ? 0 : tag.rfind('-'))) {
    for (const auto& [name, words] : theme.words) {
      if (equals_ignoring_case(name, tag)) return &words;
    }
  }
  return &theme.words.front().second;
}

}  // namespace

std::map<std::string, std::string> words_for(const Theme& theme, const std::string& language) {
  std::map<std::string, std::string> words;
  if (const auto* own = own_words(theme, language)) words = *own;
  if (!theme.languages.all().empty()) {
    for (const auto& word : theme.languages.find(language).words)
      words.insert(word);
  }
  return words;
}

std::vector<std::filesystem::path> theme_folders(const std::filesystem::path& config_folder) {
  return {config_folder / "themes", data_folder() / "themes"};
}

Result<Theme> load_theme(const std::string& name, const std::filesystem::path& config_folder) {
  if (safe_path_segment(name) != name) {
    return fail(ErrorKind::bad_input, "theme '{}': a theme's name is the name of a folder", name);
  }
  const auto folders = theme_folders(config_folder);
  std::string looked;
  for (const auto& folder : folders) {
    const auto home = folder / name;
    std::error_code ignored;
    if (!std::filesystem::exists(home / "theme.yaml", ignored)) {
      looked += (looked.empty() ? "" : ", ") + folder.string();
      continue;
    }
    Theme theme;
    theme.name = name;
    auto languages = Languages::load({folders[0] / "languages", folders[1] / "languages"});
    if (!languages) return tl::unexpected(languages.error());
    theme.languages = std::move(*languages);
    if (auto read = ThemeFolder(theme, home).read(); !read) return tl::unexpected(read.error());
    theme.fingerprint = fingerprint_of(theme, home);
    return theme;
  }
  return fail(ErrorKind::not_found, "there is no theme '{}' (looked in {})", name, looked);
}

}  // namespace dandelion
