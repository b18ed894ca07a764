// SPDX-License-Identifier: MIT
#include "extract/visible_metadata.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/text.hpp"
#include "extract/name_weights.hpp"
#include "extract/page_sources.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

constexpr std::size_t longest_line = 240;  // bytes; what is longer is the text itself
constexpr std::size_t longest_name = 90;
constexpr std::ptrdiff_t lines_behind = 20;
constexpr std::ptrdiff_t lines_before = 6;

// --- Dates

// Reads a line from left to right; each `take` moves on only where it found what it is for.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  void next() { text_.remove_prefix(read_utf8(text_).length); }

  void skip_space() {
    while (const std::size_t length = leading_space(text_))
      text_.remove_prefix(length);
  }

  // A number of at most `most` digits that no further digit follows.
  std::optional<int> number(std::size_t most) {
    std::size_t digits = 0;
    int value = 0;
    for (; digits < text_.size() && is_digit(text_[digits]); ++digits) {
      if (digits == most) return std::nullopt;
      value = value * 10 + (text_[digits] - '0');
    }
    if (digits == 0) return std::nullopt;
    text_.remove_prefix(digits);
    return value;
  }

  bool word(std::string_view wanted) {
    if (!text_.starts_with(wanted)) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }

  template <std::size_t N>
  bool any_word(const std::array<std::string_view, N>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [this](std::string_view one) { return word(one); });
  }

  // Letters of any script up to what is none.
  std::string_view letters() {
    std::size_t end = 0;
    while (end < text_.size() &&
           (is_ascii_letter(text_[end]) || static_cast<unsigned char>(text_[end]) >= 0x80))
      ++end;
    const std::string_view found = text_.substr(0, end);
    text_.remove_prefix(end);
    return found;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  [[nodiscard]] bool at_digit() const { return !text_.empty() && is_digit(text_.front()); }

 private:
  std::string_view text_;
};

constexpr std::array<std::string_view, 6> after_year = {"-", "/", ".", "年", "년", "．"};
constexpr std::array<std::string_view, 6> after_month = {"-", "/", ".", "月", "월", "．"};
constexpr std::array<std::string_view, 3> after_day = {"日", "일", "."};
constexpr std::array<std::string_view, 6> after_hour = {":", "：", "时", "時", "點", "点"};
constexpr std::array<std::string_view, 4> after_minute = {":", "：", "分", "분"};

struct Era {
  std::string_view name;
  int year_zero;  // of the common era
};
constexpr Era eras[] = {
    {"民國", 1911}, {"民国", 1911}, {"令和", 2018}, {"平成", 1988}, {"昭和", 1925}};

struct MonthName {
  std::string_view begins;  // in lower case
  int month;
};
// What the months' names begin with, in the languages whose dates have names: English, German,
// French, Spanish, Portuguese, Italian, Turkish, Russian.
constexpr MonthName month_names[] = {
    {"jan", 1},  {"ene", 1},  {"gen", 1},  {"ocak", 1}, {"янв", 1},  {"feb", 2},  {"fév", 2},
    {"fev", 2},  {"şub", 2},  {"фев", 2},  {"mar", 3},  {"mär", 3},  {"mrz", 3},  {"мар", 3},
    {"apr", 4},  {"avr", 4},  {"abr", 4},  {"nis", 4},  {"апр", 4},  {"may", 5},  {"mai", 5},
    {"mag", 5},  {"мая", 5},  {"май", 5},  {"jun", 6},  {"juin", 6}, {"giu", 6},  {"haz", 6},
    {"июн", 6},  {"jul", 7},  {"juil", 7}, {"lug", 7},  {"tem", 7},  {"июл", 7},  {"aug", 8},
    {"ago", 8},  {"aoû", 8},  {"ağu", 8},  {"авг", 8},  {"sep", 9},  {"set", 9},  {"eyl", 9},
    {"сен", 9},  {"oct", 10}, {"okt", 10}, {"out", 10}, {"ott", 10}, {"eki", 10}, {"окт", 10},
    {"nov", 11}, {"kas", 11}, {"ноя", 11}, {"dec", 12}, {"dez", 12}, {"déc", 12}, {"dic", 12},
    {"ara", 12}, {"дек", 12}};

std::optional<int> month_by_name(std::string_view name) {
  constexpr std::size_t longest = 20;
  if (name.size() < 3 || name.size() > longest) return std::nullopt;
  const std::string lower = ascii_lower(name);
  for (const MonthName& month : month_names) {
    if (lower.starts_with(month.begins)) return month.month;
  }
  return std::nullopt;
}

std::optional<Timestamp> make_time(int year, int month, int day) {
  constexpr int first_year = 1990;
  constexpr int last_year = 2100;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (year < first_year || year > last_year || !date.ok()) return std::nullopt;
  return Timestamp{std::chrono::sys_days{date}};
}

// The time of day behind a date, nothing where none stands there.
std::chrono::seconds time_of_day(Reader at) {
  at.skip_space();
  const auto hour = at.number(2);
  if (!hour || *hour > 23 || !at.any_word(after_hour)) return {};
  at.skip_space();
  const auto minute = at.number(2);
  if (!minute || *minute > 59) return std::chrono::hours{*hour};
  const auto time = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  if (!at.any_word(after_minute)) return time;
  const auto second = at.number(2);
  return second && *second < 60 ? time + std::chrono::seconds{*second} : time;
}

// Year, month and day as numbers, behind the era's name where it has one.
std::optional<Timestamp> numbered_date(Reader at) {
  int year_zero = 0;
  for (const Era& era : eras) {
    if (at.word(era.name)) year_zero = era.year_zero;
  }
  at.skip_space();
  const bool first_of_era = year_zero != 0 && at.word("元");
  const auto year = first_of_era ? std::optional(1) : at.number(year_zero != 0 ? 3 : 4);
  if (!year || !at.any_word(after_year)) return std::nullopt;
  at.skip_space();
  const auto month = at.number(2);
  if (!month || !at.any_word(after_month)) return std::nullopt;
  at.skip_space();
  const auto day = at.number(2);
  if (!day) return std::nullopt;
  static_cast<void>(at.any_word(after_day));
  const auto date = make_time(year_zero + *year, *month, *day);
  return date ? std::optional(*date + time_of_day(at)) : std::nullopt;
}

void skip_marks(Reader& at) {
  bool moved = true;
  while (moved) {
    at.skip_space();
    moved = at.word(",") || at.word(".") || at.word("de ") || at.word("del ");
  }
}

std::optional<int> day_number(Reader& at) {
  const auto day = at.number(2);
  static_cast<void>(at.any_word(std::array<std::string_view, 4>{"st", "nd", "rd", "th"}));
  return day;
}

// "Sep 7, 2019" and "7 September 2019".
std::optional<Timestamp> named_date(Reader at) {
  std::optional<int> month;
  std::optional<int> day;
  if (at.at_digit()) {
    day = day_number(at);
    skip_marks(at);
    month = month_by_name(at.letters());
  } else {
    month = month_by_name(at.letters());
    skip_marks(at);
    day = day_number(at);
  }
  if (!month || !day) return std::nullopt;
  skip_marks(at);
  const auto year = at.number(4);
  return year ? make_time(*year, *month, *day) : std::nullopt;
}

// --- Names

constexpr std::array<std::string_view, 27> author_labels = {
    "作者",   "文章作者", "撰文",    "撰稿",    "记者",  "記者",   "本报记者", "本報記者", "采写",
    "採寫",   "文",       "執筆",    "著者",    "글",    "автор",  "Автор",    "АВТОР",    "بقلم",
    "الكاتب", "نویسنده",  "نويسنده", "Tác giả", "Autor", "Auteur", "Author",   "كتبت",     "كتب"};

constexpr std::array<std::string_view, 9> behind_label = {"：", ":",  "/",  "／", "｜",
                                                          "|",  "丨", "＝", "="};

// Where names end and the next label of the same line begins.
constexpr std::string_view next_labels[] = {"来源", "來源", "编辑", "編輯", "责编", "責編", "责任",
                                            "責任", "出处", "出處", "发布", "發佈", "发表", "时间",
                                            "時間", "日期", "摄影", "攝影", "校对", "阅读", "浏览",
                                            "字号", "更新", "http", "@"};

// What stands where a name would, and is none.
constexpr std::string_view placeholders[] = {
    "未知",     "佚名",     "匿名", "不详", "网络",   "網絡",    "本站",  "admin",
    "网络整理", "本站原创", "无",   "name", "author", "unknown", "staff", "written by"};

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > longest_name) return false;
  for (const std::string_view mark : {"。", "，", "！", "？", "!", "?", ":", "："}) {
    if (name.find(mark) != std::string_view::npos) return false;
  }
  const bool letters = std::any_of(name.begin(), name.end(), [](char c) {
    return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  });
  const bool digits = std::any_of(name.begin(), name.end(), Reader::is_digit);
  return letters && !digits &&
         std::none_of(std::begin(placeholders), std::end(placeholders),
                      [name](std::string_view none) { return equals_ignoring_case(name, none); });
}

std::string clean_names(std::string_view text) {
  std::size_t end = text.size();
  for (const std::string_view mark : {"|", "｜", "丨", "/", "（", "(", "）", ")", "【", "[", "】"})
    end = std::min(end, text.find(mark));
  for (const std::string_view label : next_labels)
    end = std::min(end, text.find(label));
  end = std::min(end, text.find_first_of("0123456789"));
  std::string names = collapse_space(text.substr(0, end));
  while (!names.empty() && std::string_view(",;-").find(names.back()) != std::string_view::npos)
    names = std::string(trim(std::string_view(names).substr(0, names.size() - 1)));
  return is_name(names) ? names : std::string();
}

// What stands behind one of the labels and its colon; nullopt where the line has none. Empty: the
// name stands in the next line.
std::optional<std::string_view> behind_author_label(std::string_view line) {
  if (equals_ignoring_case(line, "by")) return std::string_view();
  for (const std::string_view label : author_labels) {
    const auto at = line.find(label);
    if (at == std::string_view::npos) continue;
    // A short label in the middle of a word or sentence is no label.
    const std::string_view before = line.substr(0, at);
    const bool begins = before.empty() || before.ends_with(' ') || before.ends_with("\u00a0") ||
                        before.ends_with("（") || before.ends_with("(") || before.ends_with("【") ||
                        before.ends_with("　") || before.ends_with("|");
    if (!begins) continue;
    std::string_view rest = trim(line.substr(at + label.size()));
    for (const std::string_view mark : behind_label) {
      if (rest.starts_with(mark)) return trim(rest.substr(mark.size()));
    }
  }
  return std::nullopt;
}

// "By Jane Roe", "Von Anna Lee": two to six words, the first of them with a capital.
std::string behind_by(std::string_view line) {
  const bool is_german = line.starts_with("Von ");
  const bool is_labelled = is_german || equals_ignoring_case(line.substr(0, 3), "by ");
  if (line.size() > longest_name || !is_labelled) return {};
  const std::string_view names = trim(line.substr(is_german ? 4 : 3));
  const auto words = 1 + std::count(names.begin(), names.end(), ' ');
  const bool capital = !names.empty() && names.front() >= 'A' && names.front() <= 'Z';
  return capital && words >= 2 && words <= 6 ? clean_names(names) : std::string();
}

// --- Labels of dates

constexpr std::array<std::string_view, 34> date_labels = {
    "发布时间",    "发布日期",  "发表时间",       "发表于",       "发布于",          "出版时间",
    "發佈時間",    "發布時間",  "發佈日期",       "發布日期",     "發表時間",        "發表於",
    "發佈於",      "發布於",    "刊登日期",       "公開日",       "掲載日",          "投稿日",
    "配信日",      "등록",      "입력",           "게시일",       "published",       "posted on",
    "publié",      "publicado", "veröffentlicht", "Опубликовано", "Дата публикации", "yayınlanma",
    "تاريخ النشر", "نشر في",    "تاریخ انتشار",   "ngày đăng"};

// What stands behind a label that the line begins with. Several things in one line are usual where
// a label's letters make no sentence's word: there it may follow a space.
std::optional<std::string_view> behind_date_label(std::string_view line) {
  for (const std::string_view label : date_labels) {
    if (line.size() >= label.size() && equals_ignoring_case(line.substr(0, label.size()), label))
      return line.substr(label.size());
    const auto at = is_ascii_letter(label.front()) ? std::string_view::npos : line.find(label);
    if (at == std::string_view::npos) continue;
    const std::string_view before = line.substr(0, at);
    if (before.ends_with(' ') || before.ends_with("　")) return line.substr(at + label.size());
  }
  return std::nullopt;
}

// --- Where they stand

bool is_silent(const Node& element) {
  static const html::TagSet tags = {Tag::script_, Tag::style_,    Tag::template_, Tag::head_,
                                    Tag::select_, Tag::textarea_, Tag::noscript_, Tag::iframe_};
  return tags.has(element.tag) || element.ns != html::Namespace::html;
}

bool is_heading(const Node& node) {
  return node.is_element() && node.tag >= Tag::h1_ && node.tag <= Tag::h3_;
}

// Whether a text says what the title says: a cut or a site's name at its end are no difference.
bool reads_like(std::string_view text, std::string_view title) {
  constexpr std::size_t shortest = 12;
  if (title.empty()) return false;
  if (text == title) return true;
  return std::min(text.size(), title.size()) >= shortest &&
         (text.starts_with(title) || title.starts_with(text));
}

struct Lines {
  std::vector<const Node*> texts;  // not blank, in tree order
  std::ptrdiff_t title = -1;       // the line that the title's heading begins at
};

Lines collect_lines(const Node& page, std::string_view title) {
  Lines lines;
  std::ptrdiff_t outside_heading = -1;
  const Node* at = &page;
  while (at != nullptr) {
    if (at->is_element() && (is_silent(*at) || is_comments(*at))) {
      at = html::next_skipping_children(*at, page);
      continue;
    }
    const auto here = static_cast<std::ptrdiff_t>(lines.texts.size());
    if (lines.title < 0 && is_heading(*at) &&
        reads_like(collapse_space(html::text_content(*at)), title))
      lines.title = here;
    if (at->is_text() && !is_blank(at->text)) {
      if (outside_heading < 0 && at->text.size() < 2 * title.size() + longest_line &&
          reads_like(collapse_space(at->text), title))
        outside_heading = here;
      lines.texts.push_back(at);
    }
    at = html::next_in_tree(*at, page);
  }
  if (lines.title < 0) lines.title = outside_heading;
  return lines;
}

bool is_named_author(const Node& text) {
  const Node* element = text.parent;
  for (int up = 0; up < 3 && element != nullptr && element->is_element(); ++up) {
    bool found = false;
    each_name_word(element->attribute_or_empty("class").substr(0, longest_line),
                   [&found](std::string_view word) {
                     found = found || word == "author" || word == "byline" || word == "zuozhe";
                   });
    if (found) return true;
    element = element->parent;
  }
  return false;
}

std::string names_of(const std::vector<const Node*>& texts, std::size_t at) {
  const std::string line = collapse_space(texts[at]->text);
  if (const auto behind = behind_author_label(line)) {
    if (!behind->empty()) return clean_names(*behind);
    const bool has_next = at + 1 < texts.size() && texts[at + 1]->text.size() <= longest_line;
    return has_next ? clean_names(collapse_space(texts[at + 1]->text)) : std::string();
  }
  if (std::string names = behind_by(line); !names.empty()) return names;
  return is_named_author(*texts[at]) && !find_date(line) ? clean_names(line) : std::string();
}

}  // namespace

std::optional<Timestamp> find_date(std::string_view line) {
  bool after_digit = false;
  bool after_letter = false;
  for (Reader at(line.substr(0, longest_line)); !at.at_end(); at.next()) {
    const bool digit = at.at_digit();
    if (!after_digit) {
      if (const auto date = numbered_date(at)) return date;
      if (!after_letter || digit) {
        if (const auto date = named_date(at)) return date;
      }
    }
    Reader ahead = at;
    after_letter = !digit && !ahead.letters().empty();
    after_digit = digit;
  }
  return std::nullopt;
}

namespace {

std::optional<Timestamp> labelled_date(const std::vector<const Node*>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i]->text.size() > longest_line) continue;
    const std::string line = collapse_space(texts[i]->text);
    const auto behind = behind_date_label(line);
    if (!behind) continue;
    if (const auto date = find_date(*behind)) return date;
    const bool has_next = i + 1 < texts.size() && texts[i + 1]->text.size() <= longest_line;
    if (const auto date = has_next ? find_date(texts[i + 1]->text) : std::nullopt) return date;
  }
  return std::nullopt;
}

bool is_named_date(const Node& element) {
  static constexpr std::array<std::string_view, 7> words = {
      "date", "time", "pubtime", "pubdate", "datetime", "published", "shijian"};
  bool found = false;
  for (const std::string_view name : {"class", "id"}) {
    each_name_word(element.attribute_or_empty(name).substr(0, longest_line),
                   [&found](std::string_view word) {
                     found = found || std::find(words.begin(), words.end(), word) != words.end();
                   });
  }
  return found;
}

// Behind the title, since many pages begin with today's. Where there are several they are those of
// comments, or of other articles.
std::optional<Timestamp> only_named_date(const Lines& lines) {
  std::optional<Timestamp> found;
  for (std::size_t i = static_cast<std::size_t>(lines.title + 1); i < lines.texts.size(); ++i) {
    const Node* text = lines.texts[i];
    if (text->text.size() > longest_name || !is_named_date(*text->parent)) continue;
    const auto date = find_date(text->text);
    if (date && found && *date != *found) return std::nullopt;
    if (date) found = date;
  }
  return found;
}

}  // namespace

std::string find_names(std::string_view line) {
  const std::string text = collapse_space(line);
  if (const auto behind = behind_author_label(text)) return clean_names(*behind);
  return behind_by(text);
}

namespace {

void read_beside_title(const Lines& lines, VisibleMetadata& visible) {
  const auto look_at = [&](std::ptrdiff_t i) {
    const auto at = static_cast<std::size_t>(i);
    if (!visible.published) visible.published = find_date(lines.texts[at]->text);
    if (visible.byline.empty()) visible.byline = names_of(lines.texts, at);
  };
  const auto end = std::min<std::ptrdiff_t>(lines.title + lines_behind,
                                            static_cast<std::ptrdiff_t>(lines.texts.size()));
  for (std::ptrdiff_t i = lines.title + 1; i < end; ++i) {
    if (lines.texts[static_cast<std::size_t>(i)]->text.size() > longest_line) break;
    look_at(i);
  }
  for (std::ptrdiff_t i = lines.title - 1;
       i >= std::max<std::ptrdiff_t>(0, lines.title - lines_before); --i) {
    if (lines.texts[static_cast<std::size_t>(i)]->text.size() <= longest_line) look_at(i);
  }
}

}  // namespace

VisibleMetadata read_visible_metadata(const Node& page, std::string_view title) {
  VisibleMetadata visible;
  const Lines lines = collect_lines(page, title);
  if (lines.title >= 0) read_beside_title(lines, visible);
  if (!visible.published) visible.published = labelled_date(lines.texts);
  if (!visible.published && lines.title >= 0) visible.published = only_named_date(lines);
  return visible;
}

}  // namespace dandelion
