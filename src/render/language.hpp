// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"

namespace dandelion {

// The words around the articles in one language: a file <tag>.yaml under themes/languages/.
struct Language {
  std::string tag;   // BCP 47
  std::string name;  // as its readers call it
  bool right_to_left = false;
  std::string date;                          // pattern with {d}, {dd}, {m}, {mm}, {yyyy}, {month}
  std::string month;                         // the same for a month alone
  std::vector<std::string> months;           // twelve
  std::map<std::string, std::string> words;  // by name; a template gets them as word_<name>

  // "24 November 2026", as the language writes it. The day is UTC's.
  [[nodiscard]] std::string format_date(Timestamp time) const;
  // "November 2026".
  [[nodiscard]] std::string format_month(int year, unsigned month_of_year) const;
  // 1 to 12.
  [[nodiscard]] const std::string& month_name(unsigned number) const { return months[number - 1]; }
};

class Languages {
 public:
  // Every language file of the folders; where two have one tag the earlier folder's counts. English
  // must be among them, and each file must have the words that English has: bad_input, with file
  // and line, where not.
  [[nodiscard]] static Result<Languages> load(const std::vector<std::filesystem::path>& folders);

  // The language of that tag, of one that it begins with (`es-MX` -> `es`; `zh-TW`, `zh-HK` and
  // `zh-MO` are written in traditional characters, so `zh-Hant`), else English.
  [[nodiscard]] const Language& find(std::string_view tag) const;

  // English's, which every language has.
  [[nodiscard]] std::vector<std::string> word_names() const;

  [[nodiscard]] const std::vector<Language>& all() const { return languages_; }

 private:
  std::vector<Language> languages_;  // by tag
};

// Where a text in that language begins: "ltr", "rtl", or "auto" where the tag is empty. By the
// script in the tag, else by the language.
[[nodiscard]] std::string_view direction_of(std::string_view tag);

}  // namespace dandelion
