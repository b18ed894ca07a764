// SPDX-License-Identifier: MIT
#include "extract/metadata.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "core/text.hpp"
#include "extract/page_sources.hpp"
#include "extract/visible_metadata.hpp"
#include "html/character_references.hpp"

namespace dandelion {
namespace {

using html::Node;
using nlohmann::json;

PageKind find_kind(const PageSources& sources, const std::string& og_type) {
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
  if (value.is_string()) {
    // JSON has no character references; those who write them mean what HTML means.
    std::string text;
    html::append_decoded(text, value.get_ref<const std::string&>(),
                         html::ReferencePlace::attribute);
    return collapse_space(text);
  }
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

std::string from_json_ld(const PageSources& sources, const char* key, const char* inner = "name") {
  for (const json& object : sources.json_ld) {
    if (is_article_type(object) && object.contains(key)) return json_text(object[key], inner);
  }
  return {};
}

using Names = std::initializer_list<std::string_view>;

// What `read` makes of the first of these of which it makes something: one that is malformed does
// not hide a sound one after it.
template <typename Read>
auto first_read(const PageSources& sources, Names names, Read read)
    -> decltype(read(std::string_view())) {
  for (const auto name : names) {
    const auto found = sources.meta.find(name);
    if (found == sources.meta.end()) continue;
    if (auto value = read(found->second)) return value;
  }
  return std::nullopt;
}

std::string first_meta(const PageSources& sources, Names names) {
  const auto as_it_is = [](std::string_view text) { return std::optional(std::string(text)); };
  return first_read(sources, names, as_it_is).value_or(std::string());
}

// "Headline | Site" and its kin: the site's name goes where the page tells it, or where its heading
// shows the cut.
std::string without_site_name(const std::string& title, const PageSources& sources,
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
bool is_cut_short(const std::string& title, const PageSources& sources) {
  return title.size() < sources.heading.size() && sources.heading.starts_with(title) &&
         sources.title.starts_with(sources.heading);
}

std::string property(const PageSources& sources, std::string_view name) {
  const auto found = sources.microdata.find(name);
  return found == sources.microdata.end() ? std::string() : found->second;
}

// Some put the description where the headline belongs: where the page's title begins with its
// heading and the headline is neither, the page shows another.
std::string shown_headline(const PageSources& sources) {
  std::string headline = from_json_ld(sources, "headline");
  const std::string& heading = sources.heading;
  const bool has_other = !heading.empty() && sources.title.starts_with(heading) &&
                         headline.find(heading) == std::string::npos &&
                         sources.title.find(headline) == std::string::npos;
  return has_other ? std::string() : headline;
}

std::string find_title(const PageSources& sources, const std::string& site_name) {
  std::string title =
      first_meta(sources, {"og:title", "twitter:title", "dc.title", "dcterms.title"});
  if (title.empty()) title = shown_headline(sources);
  if (title.empty()) title = property(sources, "headline");
  if (title.empty()) title = sources.title.empty() ? sources.heading : sources.title;
  if (is_cut_short(title, sources)) return sources.heading;
  if (!sources.shown_title.empty() && title == sources.title) return sources.shown_title;
  return without_site_name(title, sources, site_name);
}

bool is_teaser(const PageSources& sources) {
  return std::any_of(sources.json_ld.begin(), sources.json_ld.end(), [](const json& object) {
    const auto is_free = object.find("isAccessibleForFree");
    if (!is_article_type(object) || is_free == object.end()) return false;
    return *is_free == false ||
           (is_free->is_string() && ascii_lower(is_free->get_ref<const std::string&>()) == "false");
  });
}

// Some write times for machines as they would for people ("2019-9-7 21:30:50"), or as mail does.
std::optional<Timestamp> read_time(std::string_view text) {
  if (const auto time = parse_iso8601(text)) return time;
  if (const auto time = parse_rfc822(text)) return time;
  return find_date(text);
}

std::optional<Timestamp> find_time(const PageSources& sources) {
  if (const auto time = read_time(from_json_ld(sources, "datePublished"))) return time;
  const auto time = first_read(
      sources,
      {"article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
       "pubdate", "publishdate", "firstpublishedtime", "apub:time", "dc.date.issued", "dc.date",
       "dcterms.created", "dcterms.date", "date", "og:time", "dateupdate"},
      read_time);
  if (time) return time;
  for (const std::string& value :
       {property(sources, "datepublished"), sources.published_time, sources.time}) {
    if (const auto read = read_time(value)) return read;
  }
  return std::nullopt;
}

// The time that a value in a script stands for, behind the name of a member or variable: in quotes
// or not, as a date or in seconds or milliseconds since 1970.
std::optional<Timestamp> script_value(std::string_view text) {
  constexpr std::size_t longest = 40;
  constexpr std::size_t digits_of_seconds = 10;
  constexpr std::size_t digits_of_milliseconds = 13;
  const auto assigned = std::min(text.find_first_not_of("\"'\\ "), text.size());
  if (assigned == text.size() || (text[assigned] != ':' && text[assigned] != '='))
    return std::nullopt;
  text.remove_prefix(assigned + 1);
  text.remove_prefix(std::min(text.find_first_not_of("\"'\\ "), text.size()));
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == digits_of_seconds || digits == digits_of_milliseconds) {
    std::int64_t seconds = 0;
    for (const char digit : text.substr(0, digits_of_seconds))
      seconds = seconds * 10 + (digit - '0');
    return Timestamp{std::chrono::seconds{seconds}};
  }
  const std::string_view value = text.substr(0, std::min(text.find_first_of("\"'\\<"), longest));
  return digits > 0 ? read_time(value) : std::nullopt;
}

// For pages that show a date by script only: where all that a page's scripts call so are the same
// time, it is its own and not that of others in a list. WeChat's is `ct`.
std::optional<Timestamp> find_script_time(const PageSources& sources) {
  static constexpr std::array<std::string_view, 12> names = {
      "datePublished", "publish_time", "publishTime", "publish_date", "publishDate", "published_at",
      "publishedAt",   "pub_time",     "pubTime",     "pubtime",      "pubDate",     "var ct"};
  for (const std::string_view name : names) {
    std::set<Timestamp> times;
    for (const std::string_view script : sources.script_data) {
      for (auto at = script.find(name); at != std::string_view::npos && times.size() < 2;
           at = script.find(name, at + name.size())) {
        if (const auto time = script_value(script.substr(at + name.size()))) times.insert(*time);
      }
    }
    if (times.size() == 1) return *times.begin();
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
  static const TypeNames placeholders = {"name", "author", "admin",     "administrator", "unknown",
                                         "none", "null",   "undefined", "written by"};
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

std::string find_byline(const PageSources& sources) {
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

std::string find_language(const PageSources& sources) {
  if (auto language = read_language(sources.language)) return *language;
  if (auto language =
          first_read(sources, {"content-language", "dc.language", "og:locale"}, read_language))
    return *language;
  return read_language(property(sources, "inlanguage")).value_or(std::string());
}

// A description that the title only begins with says less than it.
std::string find_description(const PageSources& sources, const std::string& title) {
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
                                       const PageSources& sources) {
  const auto beside = parse_iso8601(sources.time_beside);
  const bool same_day = shown && beside && format_date(*shown) == format_date(*beside);
  return same_day || !shown ? beside : shown;
}

// What the page shows is looked at only where it says nothing to machines: it costs a walk.
void add_visible(PageMetadata& metadata, const Node& page, const PageSources& sources) {
  if (metadata.published && !metadata.byline.empty()) return;
  VisibleMetadata visible = read_visible_metadata(page, metadata.title);
  if (!metadata.published) metadata.published = to_the_minute(visible.published, sources);
  if (metadata.byline.empty()) metadata.byline = std::move(visible.byline);
  // Shops' and services' scripts are full of times of other things.
  const bool may_be_article = metadata.kind == PageKind::article ||
                              metadata.kind == PageKind::discussion ||
                              metadata.kind == PageKind::unknown;
  if (!metadata.published && may_be_article) metadata.published = find_script_time(sources);
}

// What stands behind the headline in the page's own title, where nothing else names the site.
std::string site_name_in_title(const PageSources& sources, std::string_view headline) {
  constexpr std::size_t longest = 60;
  std::string_view name = sources.title;
  if (headline.empty() || name.size() <= headline.size() || !name.starts_with(headline)) return {};
  name = trim(name.substr(headline.size()));
  const auto begins = [&name](std::string_view mark) { return name.starts_with(mark); };
  if (std::none_of(title_separators.begin(), title_separators.end(), begins)) return {};
  for (const std::string_view mark : title_separators) {
    if (const auto at = name.rfind(mark); at != std::string_view::npos && mark != ":")
      name = trim(name.substr(at + mark.size()));
  }
  return name.size() <= longest ? std::string(name) : std::string();
}

}  // namespace

PageMetadata read_metadata(const Node& page) {
  PageSources sources = gather_sources(page);
  PageMetadata metadata;
  metadata.site_name = first_meta(sources, {"og:site_name", "application-name"});
  if (metadata.site_name.empty()) metadata.site_name = from_json_ld(sources, "publisher");
  metadata.kind = find_kind(sources, ascii_lower(first_meta(sources, {"og:type"})));
  metadata.canonical =
      sources.canonical.empty() ? first_meta(sources, {"og:url"}) : sources.canonical;
  metadata.title = find_title(sources, metadata.site_name);
  if (metadata.site_name.empty()) metadata.site_name = site_name_in_title(sources, metadata.title);
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
