// SPDX-License-Identifier: MIT
#include "extract/metadata.hpp"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "extract/name_weights.hpp"
#include "extract/visible_metadata.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;
using nlohmann::json;

// Pages carry whole databases in JSON-LD; an article's own description is short.
constexpr std::size_t max_json_bytes = 1U << 20;
constexpr int max_json_depth = 64;
constexpr std::size_t most_objects = 1'000;

// Everything in the tree that says something about the page, gathered in one walk.
struct Sources {
  std::map<std::string, std::string, std::less<>>
      meta;  // by lower-case name, property or itemprop; the first wins
  std::vector<json> json_ld;
  std::map<std::string, std::string, std::less<>>
      microdata;  // of the first article's properties, by lower-case name
  std::string title;
  std::string heading;
  std::string shown_title;  // the longest text on the page that the title begins with
  std::string canonical;
  std::string language;
  std::string author;
  std::string time;            // the first in running text
  std::string time_beside;     // the first in what stands beside it
  std::string published_time;  // the first that is named as the publication's
  std::vector<std::string_view> script_data;
};

using TypeNames = std::set<std::string, std::less<>>;

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

// The objects of JSON-LD: alone, in lists, in an @graph, or as what a page is about. How deep they
// lie is bounded by is_shallow.
// NOLINTNEXTLINE(misc-no-recursion)
void add_objects(Sources& sources, json& value) {
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

void add_json_ld(Sources& sources, std::string_view text) {
  if (text.size() > max_json_bytes || !is_shallow(text)) return;
  json parsed = json::parse(text, nullptr, false);
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

constexpr std::size_t max_byline_bytes = 200;
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

void add_microdata(Sources& sources, const Node& element) {
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

void add_time(Sources& sources, const Node& element) {
  const auto time = element.attribute("datetime");
  if (!time) return;
  if (sources.published_time.empty() && is_named_published(element)) sources.published_time = *time;
  if (!sources.time.empty() && !sources.time_beside.empty()) return;
  std::string& into = stands_aside(element) ? sources.time_beside : sources.time;
  if (into.empty()) into = *time;
}

constexpr std::string_view title_separators[] = {"|", "-", "–", "—",  "_",
                                                 "·", "»", ":", "｜", "－"};

// A text that the page's title begins with, before a separator, and that is most of it: the title
// as the page shows it.
void add_shown_title(Sources& sources, const Node& text) {
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

void add_script_data(Sources& sources, const Node& element) {
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
      add_time(sources, element);
      break;
    default:
      break;
  }
  add_script_data(sources, element);
  add_microdata(sources, element);
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
  for (const std::string_view separator : title_separators) {
    if (rest.ends_with(separator))
      return std::string(trim(rest.substr(0, rest.size() - separator.size())));
  }
  return title;
}

// A headline with quotes in it ends at the first of them where the page's maker did not escape it.
bool is_cut_short(const std::string& title, const Sources& sources) {
  return title.size() < sources.heading.size() && sources.heading.starts_with(title) &&
         sources.title.starts_with(sources.heading);
}

std::string property(const Sources& sources, std::string_view name) {
  const auto found = sources.microdata.find(name);
  return found == sources.microdata.end() ? std::string() : found->second;
}

std::string find_title(const Sources& sources, const std::string& site_name) {
  std::string title =
      first_meta(sources, {"og:title", "twitter:title", "dc.title", "dcterms.title"});
  if (title.empty()) title = from_json_ld(sources, "headline");
  if (title.empty()) title = property(sources, "headline");
  if (title.empty()) title = sources.title.empty() ? sources.heading : sources.title;
  if (is_cut_short(title, sources)) return sources.heading;
  if (!sources.shown_title.empty() && title == sources.title) return sources.shown_title;
  return without_site_name(title, sources, site_name);
}

bool is_teaser(const Sources& sources) {
  return std::any_of(sources.json_ld.begin(), sources.json_ld.end(), [](const json& object) {
    const auto is_free = object.find("isAccessibleForFree");
    if (!is_article_type(object) || is_free == object.end()) return false;
    return *is_free == false ||
           (is_free->is_string() && ascii_lower(is_free->get_ref<const std::string&>()) == "false");
  });
}

std::optional<Timestamp> find_time(const Sources& sources) {
  if (const auto time = parse_iso8601(from_json_ld(sources, "datePublished"))) return time;
  const auto time = first_read(
      sources,
      {"article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
       "pubdate", "publishdate", "firstpublishedtime", "apub:time", "dc.date.issued", "dc.date",
       "dcterms.created", "dcterms.date", "date", "og:time"},
      parse_iso8601);
  if (time) return time;
  for (const std::string& value :
       {property(sources, "datepublished"), sources.published_time, sources.time}) {
    if (const auto read = parse_iso8601(value)) return read;
  }
  return std::nullopt;
}

bool ends_in_separator(std::string_view text) {
  return text.empty() || std::string_view(",;-|").find(text.back()) != std::string_view::npos ||
         text.ends_with("—") || text.ends_with("–");
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
    left = trim(
        left.substr(0, left.size() - (static_cast<unsigned char>(left.back()) < 0x80 ? 1 : 3)));
  return collapse_space(left);
}

// What templates are delivered with.
bool is_placeholder(std::string_view name) {
  static const TypeNames placeholders = {"name",    "author", "admin", "administrator",
                                         "unknown", "none",   "null",  "undefined"};
  return placeholders.contains(ascii_lower(name));
}

// A number is who wrote it to the source's own machinery alone, and OpenGraph's article:author is
// an address more often than a name.
std::optional<std::string> read_byline(std::string_view text) {
  std::string names = without_mail_addresses(text);
  const bool has_letter = std::any_of(names.begin(), names.end(), [](char c) {
    return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80;
  });
  if (!has_letter || names.size() > max_byline_bytes || names.starts_with("http") ||
      is_placeholder(names))
    return std::nullopt;
  std::string labelled = find_names(names);
  return labelled.empty() ? names : labelled;
}

std::string find_byline(const Sources& sources) {
  if (auto byline = read_byline(from_json_ld(sources, "author"))) return *byline;
  const auto byline = first_read(
      sources, {"author", "article:author", "dc.creator", "parsely-author"}, read_byline);
  if (byline) return *byline;
  if (auto named = read_byline(property(sources, "author"))) return *named;
  return read_byline(sources.author).value_or(std::string());
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
  if (auto language =
          first_read(sources, {"content-language", "dc.language", "og:locale"}, read_language))
    return *language;
  return read_language(property(sources, "inlanguage")).value_or(std::string());
}

// A description that the title only begins with says less than it.
std::string find_description(const Sources& sources, const std::string& title) {
  const auto read = [&title](std::string_view text) {
    const bool part_of_title = title.size() > text.size() && title.starts_with(text);
    return part_of_title ? std::nullopt : std::optional(std::string(text));
  };
  if (auto description = first_read(
          sources, {"og:description", "description", "twitter:description", "dc.description"},
          read))
    return *description;
  std::string description = from_json_ld(sources, "description");
  return description.empty() ? property(sources, "description") : description;
}

// A day that is shown, with the time of day that a <time> beside the text gives for it.
std::optional<Timestamp> to_the_minute(const std::optional<Timestamp>& shown,
                                       const Sources& sources) {
  const auto beside = parse_iso8601(sources.time_beside);
  const bool same_day = shown && beside && format_date(*shown) == format_date(*beside);
  return same_day || !shown ? beside : shown;
}

// What the page shows is looked at only where it says nothing to machines: it costs a walk.
void add_visible(PageMetadata& metadata, const Node& page, const Sources& sources) {
  if (metadata.published && !metadata.byline.empty()) return;
  VisibleMetadata visible = read_visible_metadata(page, metadata.title);
  if (!metadata.published) metadata.published = to_the_minute(visible.published, sources);
  if (metadata.byline.empty()) metadata.byline = std::move(visible.byline);
}

}  // namespace

PageMetadata read_metadata(const Node& page) {
  Sources sources = gather(page);
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
  if (metadata.image.empty()) metadata.image = property(sources, "image");
  metadata.description = find_description(sources, metadata.title);
  metadata.is_teaser = is_teaser(sources);
  add_visible(metadata, page, sources);
  metadata.script_data = std::move(sources.script_data);
  return metadata;
}

}  // namespace dandelion
