// SPDX-License-Identifier: MIT
#include "extract/embedded_article.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "extract/name_weights.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

using nlohmann::json;

constexpr std::size_t max_read_bytes = 16U << 20;
constexpr std::size_t max_levels = 64;
constexpr std::size_t most_texts = 20'000;
constexpr std::size_t least_inner_bytes = 200;  // of JSON in a string of JSON
// How far above a text the object may stand that names the page's title.
constexpr std::size_t title_levels = 4;
// Above this a text is an article of its own, not one of an article's paragraphs.
constexpr std::size_t whole_article_bytes = 1'500;
constexpr std::size_t least_article_bytes = 300;
constexpr std::size_t max_name_bytes = 64;
constexpr std::string_view post_name = "cooked";  // Discourse's, of each post of a topic

bool is_text_name(std::string_view name) {
  static const std::set<std::string, std::less<>> names = {
      "articlebody",  "articlecontent", "article_content",
      "body",         "bodyhtml",       "body_html",
      "content",      "contenthtml",    "content_html",
      "cooked",       "fulltext",       "full_text",
      "html",         "paragraph",      "paragraphs",
      "post_content", "postcontent",    "rendered",
      "text"};
  return names.contains(name);
}

bool is_certain_name(std::string_view name) {
  return name == "articlebody" || name == post_name;
}

bool is_title_name(std::string_view name) {
  return name == "title" || name == "headline" || name == "name" || name == "fancy_title";
}

// Of what stands beside an article, or is none. Names of data are not those of elements: "posts"
// and "items" speak against an element's text (extract/name_weights.hpp), not against what data
// hold.
bool is_beside(std::string_view name) {
  static const std::set<std::string, std::less<>> words = {
      "ads",         "advertisement",  "comment", "comments",     "consent",  "cookie",
      "cookies",     "dictionary",     "footer",  "i18n",         "labels",   "legal",
      "locale",      "locales",        "menu",    "messages",     "nav",      "navigation",
      "newsletter",  "newsletters",    "popular", "privacy",      "promo",    "recirculation",
      "recommended", "related",        "replies", "reply",        "reviews",  "sidebar",
      "strings",     "suggested",      "terms",   "translations", "trending", "widgets",
      "recommend",   "recommendations"};
  bool beside = false;
  each_name_word(name, [&](std::string_view word) { beside = beside || words.contains(word); });
  return beside;
}

bool is_html(std::string_view text) {
  return text.find("</") != std::string_view::npos || text.find("<br") != std::string_view::npos;
}

// What is not between < and >.
std::size_t text_bytes(std::string_view text) {
  if (!is_html(text)) return text.size();
  std::size_t bytes = 0;
  bool in_tag = false;
  for (const char c : text) {
    if (c == '<') in_tag = true;
    if (!in_tag) ++bytes;
    if (c == '>') in_tag = false;
  }
  return bytes;
}

struct FoundText {
  std::string text;
  std::string path;  // names of what holds it, without places in lists
  std::string name;
  std::size_t level = 0;
  bool is_titled = false;
};

// Gathers a document's texts without building it: pages carry whole databases.
class TextReader : public json::json_sax_t {
 public:
  TextReader(std::string_view title, std::vector<FoundText>& found, std::vector<std::string>& inner)
      : title_(title), found_(found), inner_(inner) {}

  bool key(std::string& name) override {
    levels_.back().name = ascii_lower(std::string_view(name).substr(0, max_name_bytes));
    levels_.back().is_beside = levels_.back().inherits_beside || is_beside(name);
    return true;
  }
  bool string(std::string& value) override {
    if (levels_.empty() || levels_.back().is_beside) return true;
    Level& level = levels_.back();
    const std::string_view text = trim(value);
    if (is_title_name(level.name) && is_title(text)) level.is_titled = true;
    if (text.size() >= least_inner_bytes && (text.front() == '{' || text.front() == '[')) {
      inner_.push_back(std::move(value));
    } else if (!text.empty() && is_text_name(level.name) && found_.size() < most_texts) {
      found_.push_back({std::move(value), path(), level.name, levels_.size(), false});
    }
    return true;
  }
  bool start_object(std::size_t /*elements*/) override { return enter(); }
  bool start_array(std::size_t /*elements*/) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  // What was found before it still stands.
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const json::exception& /*error*/) override {
    return false;
  }

 private:
  struct Level {
    std::string name;  // of the member that is being read; a list's is its own name
    std::size_t first_text = 0;
    bool is_titled = false;
    bool is_beside = false;
    bool inherits_beside = false;
  };

  [[nodiscard]] bool is_title(std::string_view text) const {
    constexpr std::size_t shortest = 8;
    return text.size() >= shortest && (title_.starts_with(text) || text.starts_with(title_));
  }

  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Level& level : levels_)
      path.append(level.name).push_back('/');
    return path;
  }

  bool enter() {
    if (levels_.size() >= max_levels) return false;
    Level inner;
    if (!levels_.empty()) {
      inner.name = levels_.back().name;
      inner.is_beside = inner.inherits_beside = levels_.back().is_beside;
    }
    inner.first_text = found_.size();
    levels_.push_back(std::move(inner));
    return true;
  }

  bool leave() {
    const Level& level = levels_.back();
    for (std::size_t i = level.first_text; level.is_titled && i < found_.size(); ++i) {
      if (found_[i].level < levels_.size() + title_levels) found_[i].is_titled = true;
    }
    levels_.pop_back();
    return true;
  }

  std::string_view title_;
  std::vector<FoundText>& found_;
  std::vector<std::string>& inner_;
  std::vector<Level> levels_;
};

// The end of the value that begins at `begin`, by its brackets; nullopt where it has none.
std::optional<std::size_t> end_of_value(std::string_view text, std::size_t begin) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return i + 1;
    }
  }
  return std::nullopt;
}

// Calls take(value) for each object or list in a script: all of it, or what it assigns.
template <typename Take>
void each_value(std::string_view script, const Take& take) {
  const std::size_t first = leading_space(script);
  if (first < script.size() && (script[first] == '{' || script[first] == '[')) {
    take(script);
    return;
  }
  for (std::size_t at = script.find('='); at != std::string_view::npos;
       at = script.find('=', at + 1)) {
    const std::size_t begin = at + 1 + leading_space(script.substr(at + 1));
    if (begin >= script.size() || (script[begin] != '{' && script[begin] != '[')) continue;
    const auto end = end_of_value(script, begin);
    if (!end) return;
    take(script.substr(begin, *end - begin));
    at = *end - 1;
  }
}

std::vector<FoundText> read_texts(const std::vector<std::string_view>& data,
                                  std::string_view title) {
  std::vector<FoundText> found;
  std::size_t left = max_read_bytes;
  const auto read = [&](std::string_view value, std::vector<std::string>& inner) {
    if (value.size() > left) return;
    left -= value.size();
    TextReader reader(title, found, inner);
    json::sax_parse(value, &reader);
  };
  std::vector<std::string> inner;
  for (const std::string_view script : data)
    each_value(script, [&](std::string_view value) { read(value, inner); });
  // JSON in strings of JSON; each level is shorter than what it stands in.
  for (std::size_t at = 0; at < inner.size(); ++at) {
    const std::string text = std::move(inner[at]);
    read(text, inner);
  }
  return found;
}

void add_html(std::string& html, const std::string& text) {
  if (is_html(text)) {
    html += text;
    return;
  }
  std::string_view rest = text;
  while (!(rest = trim(rest)).empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    html += "<p>" + html::escape_text(rest.substr(0, end)) + "</p>\n";
    rest.remove_prefix(end);
  }
}

// Texts of one name under like names: an article's paragraphs, a topic's posts.
struct Group {
  std::vector<const FoundText*> texts;
  std::size_t bytes = 0;
  bool is_titled = false;
};

// Where most texts are whole articles, they are a list of such, and the first is the page's own.
void settle(Group& group) {
  const auto is_whole = [](const FoundText* text) {
    return text_bytes(text->text) > whole_article_bytes;
  };
  const auto whole = std::count_if(group.texts.begin(), group.texts.end(), is_whole);
  if (group.texts.front()->name != post_name && 2 * whole > std::ssize(group.texts))
    group.texts.resize(1);
  for (const FoundText* text : group.texts) {
    group.bytes += text_bytes(text->text);
    group.is_titled = group.is_titled || text->is_titled;
  }
}

}  // namespace

EmbeddedArticle find_embedded_article(const std::vector<std::string_view>& data,
                                      std::string_view title) {
  const std::vector<FoundText> found = read_texts(data, title);
  std::map<std::string_view, Group> groups;
  for (const FoundText& text : found)
    groups[text.path].texts.push_back(&text);
  const Group* best = nullptr;
  for (auto& [path, group] : groups) {
    settle(group);
    const auto rank = [](const Group& of) { return std::pair(of.is_titled, of.bytes); };
    if (group.bytes < least_article_bytes) continue;
    if (best == nullptr || rank(group) > rank(*best)) best = &group;
  }
  EmbeddedArticle article;
  if (best == nullptr) return article;
  for (const FoundText* text : best->texts)
    add_html(article.html, text->text);
  article.bytes = best->bytes;
  article.is_certain = best->is_titled || is_certain_name(best->texts.front()->name);
  return article;
}

}  // namespace dandelion
