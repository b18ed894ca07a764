// SPDX-License-Identifier: MIT
#include "render/page_values.hpp"

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/serialize.hpp"
#include "render/search_index.hpp"
#include "render/style_sheet.hpp"

namespace dandelion {
namespace {

// The way from a file back to the mirror's root: "../..".
std::string root_from(const std::string& path) {
  const auto slashes = std::count(path.begin(), path.end(), '/');
  std::string root = slashes == 0 ? "." : "";
  for (auto i = slashes; i > 0; --i)
    root += i > 1 ? "../" : "..";
  return root;
}

// A menu's relative address counts from an article's page, at `depth` folders; here it is one that
// counts from `path`. nullopt where it leads to a place that this file cannot name: a folder that
// only articles stand in.
std::optional<std::string> menu_target(const std::string& href, std::size_t depth,
                                       const std::string& path, PageFormat format) {
  if (has_scheme(href) || href.starts_with("/") || href.starts_with("#")) return href;
  std::string target = href;
  if (format == PageFormat::html && href.ends_with(".md")) target = file_in_format(href, format);
  const auto own_depth = static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
  if (own_depth == depth) return target;
  std::size_t up = 0;
  std::string_view rest = target;
  while (rest == ".." || rest.starts_with("../")) {
    rest.remove_prefix(std::min<std::size_t>(3, rest.size()));
    ++up;
  }
  if (up < depth) return std::nullopt;
  std::string way;
  for (std::size_t i = 0; i < up - depth + own_depth; ++i)
    way += "../";
  way += rest;
  if (way.empty()) way = "./";
  return way;
}

std::string primary(std::string_view tag) {
  return ascii_lower(tag.substr(0, tag.find('-')));
}

TemplateData menu_data(const PageView& view) {
  std::vector<std::pair<std::string, std::string>> shown;
  for (const MenuLink& link : view.site.menu) {
    if (auto href = menu_target(link.href, view.site.page_depth, view.path, view.format))
      shown.emplace_back(link.text, link_target(*href, view.format));
  }
  TemplateData list{TemplateData::type::list};
  for (std::size_t i = 0; i < shown.size(); ++i) {
    TemplateData entry;
    entry.set("text", shown[i].first);
    entry.set("href", shown[i].second);
    entry.set("last", i + 1 == shown.size());
    list << entry;
  }
  return list;
}

// To the pages that a mirror has one of; a page by itself has none.
void set_ways(TemplateData& values, const PageView& view) {
  const bool is_html = view.format == PageFormat::html;
  const auto set = [&](const std::string& name, bool is_there, const std::string& way) {
    set_text(values, name, is_there && !view.is_lone ? way : std::string());
  };
  set("home", true, view.way_to(front_path));
  set("archive", view.theme.has(is_html ? "archive.html" : "archive.md"),
      view.way_to(archive_path));
  set("feed", view.theme.has("feed.xml"), view.way_to_file(feed_path));
  set("search", is_html && view.theme.has("search.html"), view.way_to_file(search_page_path));
}

}  // namespace

std::string file_in_format(std::string_view markdown_path, PageFormat format) {
  constexpr std::string_view readme = "README.md";
  const bool front = markdown_path == readme || markdown_path.ends_with("/README.md");
  if (format == PageFormat::html && front)
    return std::string(markdown_path.substr(0, markdown_path.size() - readme.size())) +
           "index.html";
  return path_in_format(markdown_path, format);
}

std::string PageView::way_to(std::string_view markdown_path) const {
  return way_to_file(file_in_format(markdown_path, format));
}

std::string PageView::way_to_file(std::string_view to) const {
  return link_target(replace_all(relative_path(path, to), "#", "%23"), format);
}

std::string link_target(std::string_view address, PageFormat format) {
  const std::string printable = printable_url(address);
  if (format == PageFormat::html) return html::escape_attribute(printable);
  return replace_all(replace_all(printable, "(", "%28"), ")", "%29");
}

std::string content_policy(const PageView& view) {
  std::string policy = "default-src 'none'; img-src ";
  policy += view.is_lone ? "data:" : "'self'";
  if (view.site.pictures == PictureMode::link) policy += " http: https:";
  // Its host may have a placeholder.
  const std::string counter = fill_pattern(view.site.pixel, view.site.name, {}, true);
  if (auto pixel = parse_url(counter); pixel && !counter.empty())
    policy += " " + pixel->scheme + "://" + pixel->authority();
  if (!view.theme.style.empty()) policy += "; style-src " + policy_hash(view.theme.style);
  return policy + "; base-uri 'none'; form-action 'none'";
}

void set_common(TemplateData& values, const PageView& view) {
  for (auto& [name, word] : words_for(view.theme, view.language_tag))
    values.set("word_" + name, word);
  const SiteContext& site = view.site;
  values.set("site", site.name);
  set_text(values, "site_title", site.title.empty() ? site.name : site.title);
  // A page whose language we have no words of speaks English, and says so.
  const bool spoken = ascii_lower(view.language_tag).starts_with(primary(view.language.tag));
  set_text(values, "language", spoken ? view.language_tag : view.language.tag);
  set_text(values, "dir", view.language.right_to_left ? "rtl" : "ltr");
  values.set("menu", menu_data(view));
  values.set("root", root_from(view.path));
  set_ways(values, view);
  TemplateData mirrors{TemplateData::type::list};
  for (const MirrorLink& mirror : site.mirrors) {
    TemplateData item;
    item.set("name", mirror.name);
    item.set("href", link_target(mirror.href, view.format));
    mirrors << item;
  }
  values.set("mirrors",
             mirrors.is_empty_list() ? TemplateData(false) : TemplateData("mirrors", mirrors));
  if (view.format == PageFormat::html) {
    values.set("style", view.theme.style);
    values.set("policy", content_policy(view));
  }
}

void set_date(TemplateData& values, const std::string& name, const std::optional<Timestamp>& time,
              const Language& language) {
  set_text(values, name, time ? format_date(*time) : std::string());
  set_text(values, name + "_text", time ? language.format_date(*time) : std::string());
}

TemplateData entry_data(const IndexEntry& entry, const PageView& view) {
  TemplateData item;
  item.set("title", entry.title);
  item.set("path", view.way_to(entry.path));
  item.set("category", entry.category);
  set_text(item, "excerpt", entry.excerpt);
  set_text(item, "entry_language", entry.language);
  set_date(item, "date", entry.date, view.language);
  return item;
}

TemplateData entries_data(const std::vector<IndexEntry>& entries, const PageView& view) {
  TemplateData list{TemplateData::type::list};
  for (const IndexEntry& entry : entries)
    list << entry_data(entry, view);
  return list;
}

}  // namespace dandelion
