// SPDX-License-Identifier: MIT
#include "render/theme.hpp"

#include <yaml-cpp/yaml.h>

#include "core/files.hpp"
#include "core/text.hpp"
#include "render/template_values.hpp"

namespace dandelion {
namespace {

constexpr std::size_t max_theme_file_bytes = 1U << 20;

std::string at_mark(const std::filesystem::path& file, const YAML::Mark& mark) {
  return fmt::format("{}:{}:{}", file.string(), mark.line + 1, mark.column + 1);
}

// Reads theme.yaml; throws YAML::Exception, which load_theme catches, and collects what it does not
// like.
class ThemeReader {
 public:
  ThemeReader(Theme& theme, std::filesystem::path file) : theme_(theme), file_(std::move(file)) {}

  Result<void> read(const YAML::Node& root) {
    if (!root.IsMap())
      return fail(ErrorKind::bad_input, "{}: expected `key: value` lines", file_.string());
    for (const auto& item : root) {
      if (auto done = key(item.first, item.second); !done) return done;
    }
    return {};
  }

 private:
  [[nodiscard]] tl::unexpected<Error> wrong(const YAML::Node& node, std::string_view what) const {
    return fail(ErrorKind::bad_input, "{}: {}", at_mark(file_, node.Mark()), what);
  }

  Result<void> key(const YAML::Node& name_node, const YAML::Node& value) {
    const auto name = name_node.as<std::string>();
    static constexpr std::array<std::string_view, 6> known = {"description", "body", "links",
                                                              "drop_attributes", "around"};
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
    const auto policy = value.as<std::string>();
    if (policy != "inert" && policy != "keep") return wrong(value, "links is inert or keep");
    theme_.links = policy == "keep" ? Theme::LinkPolicy::keep : Theme::LinkPolicy::inert;
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

Result<void> read_settings(Theme& theme, const std::filesystem::path& file) {
  auto text = read_file(file, max_theme_file_bytes);
  if (!text) return tl::unexpected(text.error());
  try {
    return ThemeReader(theme, file).read(YAML::Load(*text));
  } catch (const YAML::Exception& problem) {
    return fail(ErrorKind::bad_input, "{}: {}", at_mark(file, problem.mark), problem.msg);
  }
}

Result<std::string> read_template(const std::filesystem::path& file, TemplateKind kind,
                                  const Theme& theme) {
  auto text = read_file(file, max_theme_file_bytes);
  if (!text) return text;
  // Editors end a file with a line break; the page is to end where the template's text does.
  if (text->ends_with('\n')) text->pop_back();
  std::vector<std::string> words;
  for (const auto& [name, word] : words_for(theme, {}))
    words.push_back(name);
  if (auto checked = check_template(*text, kind, file.string(), words); !checked) {
    return tl::unexpected(checked.error());
  }
  return text;
}

}  // namespace

const std::map<std::string, std::string>& words_for(const Theme& theme,
                                                    const std::string& language) {
  static const std::map<std::string, std::string> none;
  if (theme.words.empty()) return none;
  for (std::string tag = language; !tag.empty();
       tag.resize(tag.rfind('-') == std::string::npos ? 0 : tag.rfind('-'))) {
    for (const auto& [name, words] : theme.words) {
      if (equals_ignoring_case(name, tag)) return words;
    }
  }
  return theme.words.front().second;
}

std::vector<std::filesystem::path> theme_folders(const std::filesystem::path& config_folder) {
  return {config_folder / "themes", data_folder() / "themes"};
}

Result<Theme> load_theme(const std::string& name, const std::filesystem::path& config_folder) {
  if (safe_path_segment(name) != name) {
    return fail(ErrorKind::bad_input, "theme '{}': a theme's name is the name of a folder", name);
  }
  std::string looked;
  for (const auto& folder : theme_folders(config_folder)) {
    const auto home = folder / name;
    std::error_code ignored;
    if (!std::filesystem::exists(home / "theme.yaml", ignored)) {
      looked += (looked.empty() ? "" : ", ") + folder.string();
      continue;
    }
    Theme theme;
    theme.name = name;
    if (auto read = read_settings(theme, home / "theme.yaml"); !read)
      return tl::unexpected(read.error());
    auto page = read_template(home / "page.md", TemplateKind::page, theme);
    if (!page) return tl::unexpected(page.error());
    auto index = read_template(home / "index.md", TemplateKind::index, theme);
    if (!index) return tl::unexpected(index.error());
    auto front = read_template(home / "front.md", TemplateKind::front, theme);
    if (!front) return tl::unexpected(front.error());
    theme.page = std::move(*page);
    theme.index = std::move(*index);
    theme.front = std::move(*front);
    return theme;
  }
  return fail(ErrorKind::not_found, "there is no theme '{}' (looked in {})", name, looked);
}

}  // namespace dandelion
