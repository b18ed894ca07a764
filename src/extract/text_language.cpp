// SPDX-License-Identifier: MIT
#include "extract/text_language.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/text.hpp"

namespace dandelion {
namespace {

constexpr std::size_t most_letters = 1'000;
constexpr std::size_t fewest_letters = 20;
constexpr std::size_t most_bytes = 4'000;

enum class Script : std::uint8_t {
  none,
  latin,
  han,
  kana,
  hangul,
  arabic,
  cyrillic,
  thai,
  hebrew,
  greek,
  burmese,
  khmer,
  lao,
  georgian,
  armenian,
  tibetan,
  devanagari,
  count
};

struct Range {
  char32_t first;
  char32_t last;
  Script script;
};

// By first character; of the blocks of Unicode, those with the letters of living languages.
constexpr Range ranges[] = {{0x41, 0x5A, Script::latin},        {0x61, 0x7A, Script::latin},
                            {0xC0, 0x24F, Script::latin},       {0x370, 0x3FF, Script::greek},
                            {0x400, 0x52F, Script::cyrillic},   {0x531, 0x58F, Script::armenian},
                            {0x5D0, 0x5EA, Script::hebrew},     {0x620, 0x6D5, Script::arabic},
                            {0x904, 0x97F, Script::devanagari}, {0xE01, 0xE4E, Script::thai},
                            {0xE81, 0xEDF, Script::lao},        {0xF00, 0xFFF, Script::tibetan},
                            {0x1000, 0x109F, Script::burmese},  {0x10A0, 0x10FF, Script::georgian},
                            {0x1780, 0x17D3, Script::khmer},    {0x1E00, 0x1EFF, Script::latin},
                            {0x3041, 0x30FF, Script::kana},     {0x3400, 0x9FFF, Script::han},
                            {0xAC00, 0xD7A3, Script::hangul},   {0x20000, 0x323AF, Script::han}};

Script script_of(char32_t c) {
  const auto* after = std::upper_bound(std::begin(ranges), std::end(ranges), c,
                                       [](char32_t at, const Range& r) { return at < r.first; });
  if (after == std::begin(ranges)) return Script::none;
  const Range& range = *std::prev(after);
  return c <= range.last ? range.script : Script::none;
}

// Letters that one of the languages of a script has and the others lack.
struct Counts {
  std::array<std::size_t, static_cast<std::size_t>(Script::count)> of{};
  std::size_t letters = 0;
  std::size_t simplified = 0;
  std::size_t traditional = 0;
  std::size_t persian = 0;
  std::size_t urdu = 0;
  std::size_t uyghur = 0;
  std::size_t arabic_only = 0;
  std::size_t ukrainian = 0;
  std::size_t kazakh = 0;
  std::size_t russian = 0;
  std::size_t vietnamese = 0;
  std::size_t turkish = 0;
  std::size_t azerbaijani = 0;
  std::size_t polish = 0;

  std::size_t& operator[](Script script) { return of[static_cast<std::size_t>(script)]; }
};

bool is_one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

// Frequent characters that the reform of 1956 changed, in both forms.
constexpr std::u32string_view simplified_forms =
    U"们这说国对时会来个为学过发样还经见问门书东车长张马关开实现动进运远边让认识话请谁觉应"
    U"战业产华报导乐亲议员单双压厂历县变号听响园场坏块坚处备头夺奋妇孙宁宝审宪宾层岁岛币师"
    U"帮带庆库异弃总党军区广记论评网热闻体";
constexpr std::u32string_view traditional_forms =
    U"們這說國對時會來個為學過發樣還經見問門書東車長張馬關開實現動進運遠邊讓認識話請誰覺應"
    U"戰業產華報導樂親議員單雙壓廠歷縣變號聽響園場壞塊堅處備頭奪奮婦孫寧寶審憲賓層歲島幣師"
    U"幫帶慶庫異棄總黨軍區廣記論評網熱聞體";

void count_distinctive(Counts& counts, Script script, char32_t c) {
  switch (script) {
    case Script::han:
      counts.simplified += is_one_of(c, simplified_forms) ? 1 : 0;
      counts.traditional += is_one_of(c, traditional_forms) ? 1 : 0;
      break;
    case Script::arabic:
      counts.persian += is_one_of(c, U"پچژگک") ? 1 : 0;
      counts.urdu += is_one_of(c, U"ٹڈڑےںھ") ? 1 : 0;
      counts.uyghur += is_one_of(c, U"ەېۇۆۈۋڭ") ? 1 : 0;
      counts.arabic_only += is_one_of(c, U"ةىيك") ? 1 : 0;
      break;
    case Script::cyrillic:
      counts.ukrainian += is_one_of(c, U"їєґЇЄҐ") ? 1 : 0;
      counts.kazakh += is_one_of(c, U"әғқңөұүӘҒҚҢӨҰҮ") ? 1 : 0;
      counts.russian += is_one_of(c, U"ыэъЫЭЪ") ? 1 : 0;
      break;
    case Script::latin:
      counts.vietnamese += (c >= 0x1EA0 && c <= 0x1EF9) || is_one_of(c, U"ơưƠƯđĐ") ? 1 : 0;
      counts.turkish += is_one_of(c, U"ğışİĞŞ") ? 1 : 0;
      counts.azerbaijani += is_one_of(c, U"əƏ") ? 1 : 0;
      counts.polish += is_one_of(c, U"łąężśŁŻŚ") ? 1 : 0;
      break;
    default:
      break;
  }
}

Counts count_scripts(std::string_view text) {
  Counts counts;
  while (!text.empty() && counts.letters < most_letters) {
    const CodePoint c = read_utf8(text);
    text.remove_prefix(c.length);
    const Script script = script_of(c.value);
    if (script == Script::none) continue;
    ++counts.letters;
    ++counts[script];
    count_distinctive(counts, script, c.value);
  }
  return counts;
}

std::string chinese(const Counts& counts) {
  if (counts.simplified > 3 * counts.traditional) return "zh-Hans";
  if (counts.traditional > 3 * counts.simplified) return "zh-Hant";
  return "zh";
}

std::string arabic_script(const Counts& counts) {
  // Of its own letters each of these has some in a hundred.
  const std::size_t few = counts.letters / 100;
  if (counts.uyghur > 5 * few) return "ug";
  if (counts.urdu > 2 * few) return "ur";
  if (counts.persian > 2 * few && counts.arabic_only <= counts.persian) return "fa";
  return counts.persian <= few ? "ar" : "";
}

std::string cyrillic(const Counts& counts) {
  const std::size_t few = counts.letters / 200;
  if (counts.ukrainian > few) return counts.russian <= few ? "uk" : "";
  if (counts.kazakh > few) return "";
  return counts.russian > few ? "ru" : "";
}

// Of their own letters these have several in a hundred, and a text with some foreign names has not.
std::string latin(const Counts& counts) {
  const std::size_t some = counts.letters / 50;
  if (counts.vietnamese > 4 * some) return "vi";
  if (counts.polish > 2 * some && counts.turkish + counts.vietnamese == 0) return "pl";
  return counts.turkish > 2 * some && counts.azerbaijani == 0 ? "tr" : "";
}

// Not written in anything but Latin: a page of another script is in another language.
bool is_latin_language(std::string_view primary) {
  static constexpr std::string_view languages[] = {
      "ca", "cs", "da", "de", "en", "es", "et", "eu", "fi", "fr", "ga", "gl",
      "hr", "hu", "id", "is", "it", "lt", "lv", "ms", "nb", "nl", "nn", "no",
      "pl", "pt", "ro", "sk", "sl", "sq", "sv", "tl", "tr", "vi"};
  return std::find(std::begin(languages), std::end(languages), primary) != std::end(languages);
}

std::string beginning_of(const html::Node& body) {
  std::string text;
  for (const html::Node* at = &body; at != nullptr && text.size() < most_bytes;
       at = html::next_in_tree(*at, body)) {
    if (at->is_text()) text += at->text.substr(0, most_bytes);
  }
  return text;
}

}  // namespace

std::string language_of_script(std::string_view text) {
  Counts counts = count_scripts(text);
  if (counts.letters < fewest_letters) return {};
  const auto leads = [&counts](std::size_t some) { return 2 * some > counts.letters; };
  if (leads(counts[Script::han] + counts[Script::kana]))
    return 20 * counts[Script::kana] > counts.letters ? "ja" : chinese(counts);
  if (leads(counts[Script::hangul] + counts[Script::han]) && counts[Script::hangul] > 0)
    return "ko";
  if (leads(counts[Script::arabic])) return arabic_script(counts);
  if (leads(counts[Script::cyrillic])) return cyrillic(counts);
  if (leads(counts[Script::latin])) return latin(counts);
  struct Told {
    Script script;
    const char* language;
  };
  static constexpr Told alone[] = {{Script::thai, "th"},     {Script::hebrew, "he"},
                                   {Script::greek, "el"},    {Script::burmese, "my"},
                                   {Script::khmer, "km"},    {Script::lao, "lo"},
                                   {Script::georgian, "ka"}, {Script::armenian, "hy"},
                                   {Script::tibetan, "bo"},  {Script::devanagari, "hi"}};
  for (const Told& told : alone) {
    if (leads(counts[told.script])) return told.language;
  }
  return {};
}

std::string settle_language(std::string_view declared, const html::Node& body) {
  const std::string primary = ascii_lower(declared.substr(0, declared.find('-')));
  const bool open = declared.empty() || equals_ignoring_case(declared, "zh");
  if (!open && !is_latin_language(primary)) return std::string(declared);
  std::string told = language_of_script(beginning_of(body));
  // Letters tell less of a Latin language than its page does.
  if (!declared.empty() && is_latin_language(told)) return std::string(declared);
  if (told.empty() || (primary == "zh" && told != "zh-Hant")) return std::string(declared);
  return told;
}

}  // namespace dandelion
