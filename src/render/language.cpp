// SPDX-License-Identifier: MIT
#include "render/language.hpp"

#include <array>

#include "core/text.hpp"
#include "render/yaml_file.hpp"

namespace dandelion {
namespace {

constexpr std::string_view fallback_tag = "en";

class LanguageReader {
 public:
  LanguageReader(Language& language, const std::filesystem::path& file)
      : language_(language), file_(file) {}

  Result<void> read(const YAML::Node& name_node, const YAML::Node& value) {
    const auto name = name_node.as<std::string>();
    if (name == "name") {
      language_.name = value.as<std::string>();
    } else if (name == "direction") {
      const auto direction = value.as<std::string>();
      if (direction != "ltr" && direction != "rtl")
        return wrong_at(file_, value.Mark(), "direction is ltr or rtl");
      language_.right_to_left = direction == "rtl";
    } else if (name == "date") {
      language_.date = value.as<std::string>();
    } else if (name == "month") {
      language_.month = value.as<std::string>();
    } else if (name == "months") {
      for (const auto& month : value)
        language_.months.push_back(month.as<std::string>());
      if (language_.months.size() != 12)
        return wrong_at(file_, value.Mark(), "expected the names of twelve months");
    } else if (name == "words") {
      return words(value);
    } else {
      return wrong_at(
          file_, name_node.Mark(),
          fmt::format("unknown key '{}'; known are name, direction, date, month, months, words",
                      name));
    }
    return {};
  }

 private:
  Result<void> words(const YAML::Node& value) {
    if (!value.IsMap()) return wrong_at(file_, value.Mark(), "expected `name: word` lines");
    for (const auto& word : value)
      language_.words[word.first.as<std::string>()] = word.second.as<std::string>();
    return {};
  }

  Language& language_;
  const std::filesystem::path& file_;
};

Result<Language> read_language(const std::filesystem::path& file) {
  Language language;
  language.tag = file.stem().string();
  LanguageReader reader(language, file);
  auto read = read_yaml_map(file, [&reader](const YAML::Node& name, const YAML::Node& value) {
    return reader.read(name, value);
  });
  if (!read) return tl::unexpected(read.error());
  if (language.months.empty() || language.date.empty() || language.month.empty())
    return fail(ErrorKind::bad_input, "{}: it needs `date`, `month` and `months`", file.string());
  return language;
}

// The same words as English, or a page of that language would have holes.
Result<void> compare(const Language& language, const Language& english,
                     const std::filesystem::path& file) {
  for (const auto& [name, word] : english.words) {
    if (!language.words.contains(name))
      return fail(ErrorKind::bad_input, "{}: the word '{}' is missing", file.string(), name);
  }
  for (const auto& [name, word] : language.words) {
    if (!english.words.contains(name))
      return fail(ErrorKind::bad_input, "{}: there is no word '{}'", file.string(), name);
  }
  return {};
}

std::string filled(const Language& language, std::string_view pattern, int year, unsigned month,
                   unsigned day) {
  std::string text = replace_all(pattern, "{yyyy}", std::to_string(year));
  text = replace_all(text, "{month}", language.month_name(month));
  text = replace_all(text, "{mm}", fmt::format("{:02}", month));
  text = replace_all(text, "{m}", std::to_string(month));
  text = replace_all(text, "{dd}", fmt::format("{:02}", day));
  return replace_all(text, "{d}", std::to_string(day));
}

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

}  // namespace

std::string Language::format_date(Timestamp time) const {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time));
  return filled(*this, date, static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                static_cast<unsigned>(day.day()));
}

std::string Language::format_month(int year, unsigned month_of_year) const {
  return filled(*this, month, year, month_of_year, 1);
}

Result<Languages> Languages::load(const std::vector<std::filesystem::path>& folders) {
  std::map<std::string, std::pair<Language, std::filesystem::path>> found;
  for (const auto& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().extension() != ".yaml" || found.contains(entry.path().stem().string()))
        continue;
      auto language = read_language(entry.path());
      if (!language) return tl::unexpected(language.error());
      found.emplace(language->tag, std::pair(*language, entry.path()));
    }
  }
  const auto english = found.find(std::string(fallback_tag));
  if (english == found.end()) {
    return fail(ErrorKind::not_found, "there is no languages/en.yaml in {}",
                folders.empty() ? std::string("any folder") : folders.back().string());
  }
  Languages languages;
  for (const auto& [tag, language] : found) {
    if (auto same = compare(language.first, english->second.first, language.second); !same)
      return tl::unexpected(same.error());
    languages.languages_.push_back(language.first);
  }
  return languages;
}

const Language& Languages::find(std::string_view tag) const {
  const std::string lower = ascii_lower(tag);
  std::string wanted = lower == "zh-tw" || lower == "zh-hk" || lower == "zh-mo" ? "zh-hant" : lower;
  for (; !wanted.empty();
       wanted.resize(wanted.rfind('-') == std::string::npos ? 0 : wanted.rfind('-'))) {
    for (const Language& language : languages_) {
      if (equals_ignoring_case(language.tag, wanted)) return language;
    }
  }
  return *std::find_if(languages_.begin(), languages_.end(),
                       [](const Language& language) { return language.tag == fallback_tag; });
}

std::vector<std::string> Languages::word_names() const {
  std::vector<std::string> names;
  for (const auto& [name, word] : find(fallback_tag).words)
    names.push_back(name);
  return names;
}

std::string_view direction_of(std::string_view tag) {
  // ISO 15924 scripts and ISO 639 languages that are written from right to left.
  static constexpr std::array<std::string_view, 8> scripts = {"arab", "hebr", "syrc", "thaa",
                                                              "nkoo", "adlm", "rohg", "mand"};
  static constexpr std::array<std::string_view, 16> languages = {
      "ar", "fa", "he", "iw",  "ur",  "ps",  "sd",  "ug",
      "yi", "ji", "dv", "ckb", "arz", "syr", "nqo", "prs"};
  if (tag.empty()) return "auto";
  const std::string lower = ascii_lower(tag);
  std::string_view rest = lower;
  const std::string_view language = rest.substr(0, rest.find('-'));
  while (rest.find('-') != std::string_view::npos) {
    rest.remove_prefix(rest.find('-') + 1);
    const std::string_view part = rest.substr(0, rest.find('-'));
    if (part.size() == 4) return is_one_of(part, scripts) ? "rtl" : "ltr";
  }
  return is_one_of(language, languages) ? "rtl" : "ltr";
}

}  // namespace dandelion
