// SPDX-License-Identifier: MIT
#include "extract/metadata.hpp"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using nlohmann::json;

// Pages carry whole databases in JSON-LD; an article's own description is short.
constexpr std::size_t max_json_bytes = 1U << 20;
constexpr int max_json_depth = 64;

// Everything in the tree that says something about the page, gathered in one walk.
struct Sources {
  std::map<std::string, std::string, std::less<>>
      meta;  // by lower-case name, property or itemprop; the first wins
  std::vector<json> json_ld;
  std::string title;
  std::string heading;
  std::string canonical;
  std::string language;
  std::string author;
  std::string time;
};

void add_meta(Sources& sources, const Node& element) {
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

// The objects of a script of JSON-LD: alone, in a list, or in an @graph.
void add_json_ld(Sources& sources, std::string_view text) {
  if (text.size() > max_json_bytes || !is_shallow(text)) return;
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return;
  if (parsed.is_object() && parsed.contains("@graph")) {
    json graph = std::move(parsed["@graph"]);
    parsed = std::move(graph);
  }
  if (parsed.is_array()) {
    for (json& item : parsed) {
      if (item.is_object()) sources.json_ld.push_back(std::move(item));
    }
  } else if (parsed.is_object()) {
    sources.json_ld.push_back(std::move(parsed));
  }
}

bool has_rel(const Node& element, std::string_view wanted) {
  const std::string words =
      " " + ascii_lower(collapse_space(element.attribute_or_empty("rel"))) + " ";
  return words.find(fmt::format(" {} ", wanted)) != std::string::npos;
}

// `value` is only asked for where nothing is known yet: gathering text costs the length of the
// text.
template <typename Value>
void set_once(std::string& into, const Value& value) {
  if (into.empty()) into = value();
}

constexpr std::size_t max_byline_bytes = 200;

std::string text_of(const Node& element) {
  return collapse_space(html::text_content(element));
}

void add_element(Sources& sources, const Node& element) {
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
      if (const auto time = element.attribute("datetime")) {
        set_once(sources.time, [&] { return std::string(*time); });
      }
      break;
    default:
      break;
  }
  if (has_rel(element, "author") || element.attribute_or_empty("itemprop") == "author") {
    set_once(sources.author, [&] {
      std::string author = text_of(element);
      return author.size() > max_byline_bytes ? std::string() : author;
    });
  }
}

Sources gather(const Node& page) {
  Sources sources;
  for (const Node* at = &page; at != nullptr; at = html::next_in_tree(*at, page)) {
    if (at->is_element() && at->ns == html::Namespace::html) add_element(sources, *at);
  }
  return sources;
}

using TypeNames = std::set<std::string, std::less<>>;

bool has_type(const json& object, const TypeNames& types) {
  const auto type = object.find("@type");
  if (type == object.end()) return false;
  if (type->is_string()) return types.contains(type->get_ref<const std::string&>());
  return type->is_array() && std::any_of(type->begin(), type->end(), [&types](const json& item) {
           return item.is_string() && types.contains(item.get_ref<const std::string&>());
         });
}

bool is_article_type(const json& object) {
  static const TypeNames types = {"Article",
                                  "NewsArticle",
                                  "ReportageNewsArticle",
                                  "AnalysisNewsArticle",
                                  "OpinionNewsArticle",
                                  "BlogPosting",
                                  "LiveBlogPosting",
                                  "TechArticle",
                                  "ScholarlyArticle",
                                  "SocialMediaPosting",
                                  "DiscussionForumPosting",
                                  "Report"};
  return has_type(object, types);
}

PageKind find_kind(const Sources& sources, const std::string& og_type) {
  static const TypeNames discussions = {"DiscussionForumPosting", "QAPage", "Question"};
  static const TypeNames products = {"Product", "ProductGroup"};
  PageKind kind = PageKind::unknown;
  for (const json& object : sources.json_ld) {
    if (has_type(object, discussions)) return PageKind::discussion;
    if (has_type(object, products)) return PageKind::product;
    if (is_article_type(object)) kind = PageKind::article;
  }
  if (kind != PageKind::unknown || og_type.empty()) return kind;
  if (og_type.starts_with("article")) return PageKind::article;
  if (og_type.starts_with("product") || og_type == "og:product") return PageKind::product;
  return og_type == "website" ? PageKind::website : PageKind::other;
}

// A value that schema.org allows as text, as an object with a name or address, or as a list of
// these.
std::string json_text(const json& value, const char* inner, int depth = 0) {
  if (depth > 4) return {};
  if (value.is_string()) return collapse_space(value.get_ref<const std::string&>());
  if (value.is_object())
    return value.contains(inner) ? json_text(value[inner], inner, depth + 1) : std::string();
  std::string joined;
  if (value.is_array()) {
    for (const json& item : value) {
      const std::string text = json_text(item, inner, depth + 1);
      if (text.empty()) continue;
      if (!joined.empty() && std::string_view(inner) == "url") break;  // the first picture will do
      joined += (joined.empty() ? "" : ", ") + text;
    }
  }
  return joined;
}

std::string from_json_ld(const Sources& sources, const char* key, const char* inner = "name") {
  for (const json& object : sources.json_ld) {
    if (is_article_type(object) && object.contains(key)) return json_text(object[key], inner);
  }
  return {};
}

using Names = std::initializer_list<std::string_view>;

// What `read` makes of the first of these of which it makes something: one that is malformed does
// not hide a sound one after it.
template <typename Read>
auto first_read(const Sources& sources, Names names, Read read)
    -> decltype(read(std::string_view())) {
  for (const auto name : names) {
    const auto found = sources.meta.find(name);
    if (found == sources.meta.end()) continue;
    if (auto value = read(found->second)) return value;
  }
  return std::nullopt;
}

std::string first_meta(const Sources& sources, Names names) {
  const auto as_it_is = [](std::string_view text) { return std::optional(std::string(text)); };
  return first_read(sources, names, as_it_is).value_or(std::string());
}

// "Headline | Site" and its kin: the site's name goes where the page tells it, or where its heading
// shows the cut.
std::string without_site_name(const std::string& title, const Sources& sources,
                              const std::string& site_name) {
  if (!sources.heading.empty() && title.size() > sources.heading.size() &&
      title.starts_with(sources.heading)) {
    return sources.heading;
  }
  if (site_name.empty() || !title.ends_with(site_name)) return title;
  std::string_view rest = trim(std::string_view(title).substr(0, title.size() - site_name.size()));
  for (const std::string_view separator : {"|", "-", "–", "—", "_", "·", "»", ":", "｜", "－"}) {
    if (rest.ends_with(separator))
      return std::string(trim(rest.substr(0, rest.size() - separator.size())));
  }
  return title;
}

std::string find_title(const Sources& sources, const std::string& site_name) {
  std::string title =
      first_meta(sources, {"og:title", "twitter:title", "dc.title", "dcterms.title"});
  if (title.empty()) title = from_json_ld(sources, "headline");
  if (title.empty()) title = sources.title.empty() ? sources.heading : sources.title;
  return without_site_name(title, sources, site_name);
}

std::optional<Timestamp> find_time(const Sources& sources) {
  if (const auto time = parse_iso8601(from_json_ld(sources, "datePublished"))) return time;
  const auto time = first_read(
      sources,
      {"article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
       "pubdate", "publishdate", "firstpublishedtime", "apub:time", "dc.date.issued", "dc.date",
       "dcterms.created", "dcterms.date", "date", "og:time"},
      parse_iso8601);
  return time ? time : parse_iso8601(sources.time);
}

bool ends_in_separator(std::string_view text) {
  return text.empty() || std::string_view(",;-|").find(text.back()) != std::string_view::npos;
}

bool is_mail_address(std::string_view word) {
  const auto at = word.find('@');
  return at != std::string_view::npos && at > 0 && word.find('.', at) != std::string_view::npos;
}

// Names go without the addresses that some pages put after them.
std::string without_mail_addresses(std::string_view byline) {
  std::string names;
  while (!byline.empty()) {
    const auto end = std::min(byline.find_first_of(" ,;"), byline.size());
    const std::string_view word = byline.substr(0, end);
    const std::string_view gap = byline.substr(end, 1);
    if (is_mail_address(word)) {
      names.resize(trim(names).size());
      if (!ends_in_separator(names)) names += gap;
    } else {
      names.append(word).append(gap);
    }
    byline.remove_prefix(end + gap.size());
    if (trim(names).empty()) names.clear();
  }
  std::string_view left = trim(names);
  while (!left.empty() && ends_in_separator(left))
    left = trim(left.substr(0, left.size() - 1));
  return collapse_space(left);
}

// A number is who wrote it to the source's own machinery alone, and OpenGraph's article:author is
// an address more often than a name.
std::optional<std::string> read_byline(std::string_view text) {
  std::string names = without_mail_addresses(text);
  const bool has_letter = std::any_of(names.begin(), names.end(), [](char c) {
    return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  });
  if (!has_letter || names.size() > max_byline_bytes || names.starts_with("http"))
    return std::nullopt;
  return names;
}

std::string find_byline(const Sources& sources) {
  if (auto byline = read_byline(from_json_ld(sources, "author"))) return *byline;
  const auto byline = first_read(
      sources, {"author", "article:author", "dc.creator", "parsely-author"}, read_byline);
  return byline ? *byline : read_byline(sources.author).value_or(std::string());
}

// What may be a language tag (RFC 5646), its subtags with "_" between them too: pages put names of
// character sets there as well.
std::optional<std::string> read_language(std::string_view tag) {
  const std::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  const bool is_language = (primary.size() == 2 || primary.size() == 3) &&
                           std::all_of(primary.begin(), primary.end(), is_ascii_letter) &&
                           !equals_ignoring_case(primary, "utf");
  const bool is_tag = tag.size() <= 35 && std::all_of(tag.begin(), tag.end(), [](char c) {
                        return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_';
                      });
  if (!is_language || !is_tag) return std::nullopt;
  return replace_all(tag, "_", "-");
}

std::string find_language(const Sources& sources) {
  if (auto language = read_language(sources.language)) return *language;
  return first_read(sources, {"content-language", "dc.language", "og:locale"}, read_language)
      .value_or(std::string());
}

}  // namespace

PageMetadata read_metadata(const Node& page) {
  const Sources sources = gather(page);
  PageMetadata metadata;
  metadata.site_name = first_meta(sources, {"og:site_name", "application-name"});
  if (metadata.site_name.empty()) metadata.site_name = from_json_ld(sources, "publisher");
  metadata.kind = find_kind(sources, ascii_lower(first_meta(sources, {"og:type"})));
  metadata.canonical =
      sources.canonical.empty() ? first_meta(sources, {"og:url"}) : sources.canonical;
  metadata.title = find_title(sources, metadata.site_name);
  metadata.byline = find_byline(sources);
  metadata.published = find_time(sources);
  metadata.language = find_language(sources);
  metadata.image =
      first_meta(sources, {"og:image", "og:image:url", "twitter:image", "twitter:image:src"});
  if (metadata.image.empty()) metadata.image = from_json_ld(sources, "image", "url");
  metadata.description = first_meta(
      sources, {"og:description", "description", "twitter:description", "dc.description"});
  if (metadata.description.empty()) metadata.description = from_json_ld(sources, "description");
  return metadata;
}

}  // namespace dandelion
