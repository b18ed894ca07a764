// SPDX-License-Identifier: MIT
#include "extract/page_sources.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/text.hpp"
#include "extract/name_weights.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using nlohmann::json;

// Pages carry whole databases in JSON-LD; an article's own description is short.
constexpr std::size_t max_json_bytes = 1U << 20;
constexpr int max_json_depth = 64;
constexpr std::size_t most_objects = 1'000;

// Article and what schema.org has below it.
const TypeNames& article_types() {
  static const TypeNames types = {"Article",
                                  "NewsArticle",
                                  "ReportageNewsArticle",
                                  "AnalysisNewsArticle",
                                  "AskPublicNewsArticle",
                                  "BackgroundNewsArticle",
                                  "OpinionNewsArticle",
                                  "ReviewNewsArticle",
                                  "BlogPosting",
                                  "LiveBlogPosting",
                                  "TechArticle",
                                  "APIReference",
                                  "ScholarlyArticle",
                                  "MedicalScholarlyArticle",
                                  "SocialMediaPosting",
                                  "DiscussionForumPosting",
                                  "AdvertiserContentArticle",
                                  "SatiricalArticle",
                                  "Report"};
  return types;
}

// A type's name, whether it stands alone, behind a prefix or in its full address.
std::string_view type_name(std::string_view type) {
  type = trim(type);
  const auto end = type.find_last_of("/#:");
  return end == std::string_view::npos ? type : type.substr(end + 1);
}

void add_meta(PageSources& sources, const Node& element) {
  const std::string content = collapse_space(element.attribute_or_empty("content"));
  if (content.empty()) return;
  for (const std::string_view key : {"property", "name", "itemprop", "http-equiv"}) {
    std::string_view names = element.attribute_or_empty(key);
    // OpenGraph in the wild names several properties at once: property="dc:title og:title".
    while (!(names = trim(names)).empty()) {
      const auto end = std::min(names.find_first_of(" \t\n"), names.size());
      sources.meta.try_emplace(ascii_lower(names.substr(0, end)), content);
      names.remove_prefix(end);
    }
  }
}

// Looked at before parsing: the library's own recursion follows the nesting.
bool is_shallow(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_json_depth) return false;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return true;
}

// The objects of JSON-LD: alone, in lists, in an @graph, or as what a page is about. How deep they
// lie is bounded by is_shallow.
// NOLINTNEXTLINE(misc-no-recursion)
void add_objects(PageSources& sources, json& value) {
  if (value.is_array()) {
    for (json& item : value)
      add_objects(sources, item);
    return;
  }
  if (!value.is_object() || sources.json_ld.size() >= most_objects) return;
  std::vector<json> inner;
  for (const char* name : {"@graph", "mainEntity", "mainEntityOfPage"}) {
    const auto found = value.find(name);
    if (found != value.end() && found->is_structured()) inner.push_back(std::move(*found));
  }
  sources.json_ld.push_back(std::move(value));
  for (json& part : inner)
    add_objects(sources, part);
}

// Without what pages put around it to hide it from old browsers and XML: "<!--", "/*<![CDATA[*/".
std::string_view without_wrapper(std::string_view text) {
  const auto first = text.find('{');
  const auto last = text.rfind('}');
  if (first == std::string_view::npos || last == std::string_view::npos || last < first) return {};
  const std::string_view before = trim(text.substr(0, first));
  const std::string_view behind = trim(text.substr(last + 1));
  const bool is_list =
      before.ends_with('[') && !before.ends_with("CDATA[") && behind.starts_with(']');
  if (!is_list) return text.substr(first, last + 1 - first);
  const auto begin = text.rfind('[', first);
  return text.substr(begin, text.find(']', last) + 1 - begin);
}

// JSON with what makers of pages get wrong most made right: a comma behind the last member, and
// line breaks in strings.
std::string mended_json(std::string_view text) {
  text = without_wrapper(text);
  std::string mended;
  mended.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\' && i + 1 < text.size()) {
      mended.append(text.substr(i++, 2));
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (c == ',' && !in_string) {
      const auto next = text.find_first_not_of(" \t\r\n", i + 1);
      if (next != std::string_view::npos && (text[next] == '}' || text[next] == ']')) continue;
    }
    mended += in_string && static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return mended;
}

void add_json_ld(PageSources& sources, std::string_view text) {
  if (text.size() > max_json_bytes || !is_shallow(text)) return;
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) {
    const std::string mended = mended_json(text);
    if (!is_shallow(mended)) return;
    parsed = json::parse(mended, nullptr, false);
  }
  if (!parsed.is_discarded()) add_objects(sources, parsed);
}

bool has_rel(const Node& element, std::string_view wanted) {
  const auto rel = element.attribute("rel");
  if (!rel) return false;
  const std::string words = " " + ascii_lower(collapse_space(*rel)) + " ";
  return words.find(fmt::format(" {} ", wanted)) != std::string::npos;
}

// `value` is only asked for where nothing is known yet: gathering text costs the length of the
// text.
template <typename Value>
void set_once(std::string& into, const Value& value) {
  if (into.empty()) into = value();
}

constexpr std::size_t max_property_bytes = 1'000;
constexpr int most_levels = 32;

std::string text_of(const Node& element) {
  return collapse_space(html::text_content(element));
}

const Node* property_within(const Node& item, std::string_view name) {
  for (const Node* at = html::next_in_tree(item, item); at != nullptr;
       at = html::next_in_tree(*at, item)) {
    if (at->is_element() && at->attribute_or_empty("itemprop") == name) return at;
  }
  return nullptr;
}

// A property's value (HTML Standard, 5.2.4); of an item as value, its name.
std::string property_value(const Node& element) {
  for (const std::string_view name : {"content", "datetime", "src"}) {
    if (const auto value = element.attribute(name)) return collapse_space(*value);
  }
  const Node* named = element.attribute("itemscope") ? property_within(element, "name") : nullptr;
  if (named != nullptr && named->attribute("content"))
    return collapse_space(*named->attribute("content"));
  std::string text = text_of(named != nullptr ? *named : element);
  return text.size() > max_property_bytes ? std::string() : text;
}

// Whether the item that the element is a property of is an article: comments have authors too.
bool is_property_of_article(const Node& element) {
  const Node* at = element.parent;
  for (int up = 0; up < most_levels && at != nullptr; ++up, at = at->parent) {
    if (at->is_element() && at->attribute("itemscope"))
      return article_types().contains(type_name(at->attribute_or_empty("itemtype")));
  }
  return false;
}

void add_microdata(PageSources& sources, const Node& element) {
  static const TypeNames wanted = {"headline", "datepublished", "author",
                                   "image",    "description",   "inlanguage"};
  std::string name = ascii_lower(trim(element.attribute_or_empty("itemprop")));
  if (!wanted.contains(name) || sources.microdata.contains(name)) return;
  if (!is_property_of_article(element)) return;
  if (std::string value = property_value(element); !value.empty())
    sources.microdata.emplace(std::move(name), std::move(value));
}

bool is_named_published(const Node& time) {
  if (time.attribute("pubdate") || time.attribute_or_empty("itemprop") == "datePublished")
    return true;
  bool found = false;
  each_name_word(time.attribute_or_empty("class"), [&found](std::string_view word) {
    found = found || word == "published" || word == "pubdate";
  });
  return found;
}

// Times beside the text are those of other articles.
bool stands_aside(const Node& element) {
  const Node* at = element.parent;
  for (int up = 0; up < most_levels && at != nullptr; ++up, at = at->parent) {
    if (at->is_element(Tag::aside_) || at->is_element(Tag::nav_) || at->is_element(Tag::footer_))
      return true;
  }
  return false;
}

bool stands_among_comments(const Node& element) {
  const Node* at = &element;
  for (int up = 0; up < most_levels && at != nullptr; ++up, at = at->parent) {
    if (is_comments(*at)) return true;
  }
  return false;
}

void add_time(PageSources& sources, const Node& element) {
  const auto time = element.attribute("datetime");
  if (!time || stands_among_comments(element)) return;
  if (sources.published_time.empty() && is_named_published(element)) sources.published_time = *time;
  if (!sources.time.empty() && !sources.time_beside.empty()) return;
  std::string& into = stands_aside(element) ? sources.time_beside : sources.time;
  if (into.empty()) into = *time;
}

// A text that the page's title begins with, before a separator, and that is most of it: the title
// as the page shows it.
void add_shown_title(PageSources& sources, const Node& text) {
  constexpr std::size_t shortest = 12;
  const std::string_view title = sources.title;
  if (text.text.size() < shortest || title.size() <= shortest || text.parent == nullptr) return;
  const std::string_view shown = trim(text.text);
  if (shown.size() <= sources.shown_title.size() || 2 * shown.size() < title.size() ||
      !title.starts_with(shown) || text.parent->is_element(Tag::script_))
    return;
  const std::string_view rest = trim(title.substr(shown.size()));
  const bool cut = std::any_of(std::begin(title_separators), std::end(title_separators),
                               [rest](std::string_view mark) { return rest.starts_with(mark); });
  if (cut) sources.shown_title = shown;
}

// Less than this holds no article.
constexpr std::size_t least_data_bytes = 300;

void add_script_data(PageSources& sources, const Node& element) {
  if (element.is_element(Tag::script_)) {
    for (const Node* text = element.first_child; text != nullptr; text = text->next) {
      if (text->text.size() >= least_data_bytes) sources.script_data.push_back(text->text);
    }
    return;
  }
  for (const html::Attribute& attribute : element.attributes) {
    if (attribute.value.size() >= least_data_bytes && attribute.value.front() == '{')
      sources.script_data.push_back(attribute.value);
  }
}

void add_element(PageSources& sources, const Node& element) {
  switch (element.tag) {
    case Tag::html_:
      set_once(sources.language,
               [&] { return std::string(trim(element.attribute_or_empty("lang"))); });
      break;
    case Tag::meta_:
      add_meta(sources, element);
      break;
    case Tag::title_:
      set_once(sources.title, [&] { return text_of(element); });
      break;
    case Tag::h1_:
      set_once(sources.heading, [&] { return text_of(element); });
      break;
    case Tag::link_:
      if (has_rel(element, "canonical")) {
        set_once(sources.canonical,
                 [&] { return std::string(trim(element.attribute_or_empty("href"))); });
      }
      break;
    case Tag::script_:
      if (ascii_lower(trim(element.attribute_or_empty("type"))) == "application/ld+json") {
        add_json_ld(sources, html::text_content(element));
      }
      break;
    case Tag::time_:
      add_time(sources, element);
      break;
    default:
      break;
  }
  add_script_data(sources, element);
  add_microdata(sources, element);
  if (has_rel(element, "author") || element.attribute_or_empty("itemprop") == "author") {
    set_once(sources.author, [&] {
      if (stands_among_comments(element)) return std::string();
      std::string author = text_of(element);
      return author.size() > max_byline_bytes ? std::string() : author;
    });
  }
}

}  // namespace

bool is_comments(const Node& element) {
  static const TypeNames names = {
      "comment",         "comments",         "comment-list", "commentlist",   "comment-body",
      "comment-content", "comment-item",     "comment-meta", "comments-area", "comments-list",
      "comment-section", "comments-section", "reply",        "replies",       "respond",
      "comment-author",  "comment-respond",  "disqus_thread"};
  if (!element.is_element() || element.is_element(Tag::body_) || element.is_element(Tag::html_))
    return false;
  for (const std::string_view key : {"class", "id"}) {
    std::string_view words = element.attribute_or_empty(key).substr(0, max_property_bytes);
    while (!(words = trim(words)).empty()) {
      const auto end = std::min(words.find_first_of(" \t\r\n\f"), words.size());
      if (names.contains(ascii_lower(words.substr(0, end)))) return true;
      words.remove_prefix(end);
    }
  }
  return false;
}

PageSources gather_sources(const Node& page) {
  PageSources sources;
  for (const Node* at = &page; at != nullptr; at = html::next_in_tree(*at, page)) {
    if (at->is_element() && at->ns == html::Namespace::html) add_element(sources, *at);
    if (at->is_text()) add_shown_title(sources, *at);
  }
  return sources;
}

bool has_type(const json& object, const TypeNames& types) {
  const auto type = object.find("@type");
  if (type == object.end()) return false;
  const auto is_one = [&types](const json& item) {
    return item.is_string() && types.contains(type_name(item.get_ref<const std::string&>()));
  };
  return is_one(*type) || (type->is_array() && std::any_of(type->begin(), type->end(), is_one));
}

bool is_article_type(const json& object) {
  return has_type(object, article_types());
}

}  // namespace dandelion
