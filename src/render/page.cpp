// SPDX-License-Identifier: MIT
#include "render/page.hpp"

#include <kainjow/mustache.hpp>

#include "core/text.hpp"
#include "core/url.hpp"
#include "render/markdown.hpp"
#include "render/markdown_text.hpp"

namespace dandelion {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

std::string render(const std::string& text, const data& values) {
  mustache compiled{text};
  compiled.set_custom_escape([](const std::string& value) { return escape_markdown(value); });
  return compiled.render(values);
}

// An address for the parentheses of a Markdown link.
std::string link_target(std::string_view path) {
  return replace_all(replace_all(printable_url(path), "(", "%28"), ")", "%29");
}

std::string date_of(const std::optional<Timestamp>& time) {
  return time ? format_date(*time) : std::string();
}

data menu_data(const std::vector<MenuLink>& menu) {
  data list{data::type::list};
  for (std::size_t i = 0; i < menu.size(); ++i) {
    data entry;
    entry.set("text", menu[i].text);
    entry.set("href", link_target(menu[i].href));
    entry.set("last", i + 1 == menu.size());
    list << entry;
  }
  return list;
}

// A page speaks the site's language or, where sites.yaml names none, its article's.
void set_site(data& values, const Theme& theme, const SiteContext& site,
              const std::string& article_language = {}) {
  const std::string& language = site.language.empty() ? article_language : site.language;
  for (const auto& [name, word] : words_for(theme, language))
    values.set("word_" + name, word);
  values.set("site", site.name);
  values.set("site_title", site.title.empty() ? site.name : site.title);
  values.set("language", site.language);
  values.set("menu", menu_data(site.menu));
}

// The way from a file back to the mirror's root: "../..".
std::string root_from(const std::string& path) {
  const auto slashes = std::count(path.begin(), path.end(), '/');
  std::string root = slashes == 0 ? "." : "";
  for (auto i = slashes; i > 0; --i)
    root += i > 1 ? "../" : "..";
  return root;
}

html::PrettyOptions pretty_options(const Theme& theme, const html::Article& article) {
  html::PrettyOptions options = theme.pretty;
  for (const auto& [from, to] : article.rename)
    options.rename[from] = to;
  if (theme.links == Theme::LinkPolicy::inert) options.rename.try_emplace("a", "ok");
  return options;
}

data entries_data(const std::vector<IndexEntry>& entries, const std::string& from) {
  data list{data::type::list};
  for (const IndexEntry& entry : entries) {
    data item;
    item.set("title", entry.title);
    item.set("path", link_target(relative_path(from, entry.path)));
    item.set("category", entry.category);
    item.set("date", date_of(entry.date));
    list << item;
  }
  return list;
}

}  // namespace

std::string fill_pattern(const std::string& pattern, const std::string& site,
                         const PagePlace& place, bool encoded) {
  const auto value = [encoded](const std::string& text) {
    return encoded ? percent_encode(text) : text;
  };
  std::string filled;
  std::string_view rest = pattern;
  // One pass, so that a value that looks like a placeholder is not filled in again.
  while (!rest.empty()) {
    const auto open = rest.find('{');
    filled += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    rest.remove_prefix(open);
    const auto close = rest.find('}');
    const std::string_view name = rest.substr(1, close == std::string_view::npos ? 0 : close - 1);
    if (name == "site") {
      filled += value(site);
    } else if (name == "category") {
      filled += value(place.category);
    } else if (name == "id") {
      filled += value(place.id);
    } else if (name == "path") {
      filled += encoded ? replace_all(percent_encode(place.path), "%2F", "/") : place.path;
    } else {
      filled += rest.substr(0, close == std::string_view::npos ? rest.size() : close + 1);
    }
    rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
  }
  return filled;
}

std::string relative_path(const std::string& from, const std::string& to) {
  std::size_t common = 0;
  for (std::size_t i = 0; i < from.size() && i < to.size() && from[i] == to[i]; ++i) {
    if (from[i] == '/') common = i + 1;
  }
  std::string path;
  for (std::size_t i = common; i < from.size(); ++i) {
    if (from[i] == '/') path += "../";
  }
  return path + to.substr(common);
}

std::string render_page(const Theme& theme, const SiteContext& site, const PagePlace& place,
                        const html::Article& article) {
  const html::PrettyOptions pretty = pretty_options(theme, article);
  data values;
  set_site(values, theme, site, article.language);
  values.set("title", article.title);
  values.set("url", printable_url(article.url));
  values.set("id", place.id);
  values.set("category", place.category);
  values.set("byline", article.byline);
  values.set("published", article.published ? format_rfc3339(*article.published) : std::string());
  values.set("date", date_of(article.published));
  values.set("excerpt", article.excerpt);
  values.set("root", root_from(place.path));
  if (article.hero_image != nullptr) {
    data hero;
    hero.set("image", html::prettify(*article.hero_image, pretty));
    hero.set("caption", article.hero_caption != nullptr
                            ? html::prettify(*article.hero_caption, pretty)
                            : std::string());
    values.set("hero", hero);
  } else {
    values.set("hero", false);
  }
  values.set("body", theme.body == Theme::BodyFormat::markdown
                         ? to_markdown(*article.body, article.rename)
                         : html::prettify(*article.body, pretty));
  if (site.pixel.empty()) {
    values.set("pixel", false);
  } else {
    values.set("pixel", html::escape_attribute(
                            printable_url(fill_pattern(site.pixel, site.name, place, true))));
  }
  return render(theme.page, values);
}

std::string render_index(const Theme& theme, const SiteContext& site, const std::string& category,
                         const std::string& path, const std::vector<IndexEntry>& entries,
                         const std::string& newer, const std::string& older) {
  const auto neighbour = [&path](const std::string& place) {
    return place.empty() ? data(false) : data(link_target(relative_path(path, place)));
  };
  data values;
  set_site(values, theme, site);
  values.set("category", category);
  values.set("entries", entries_data(entries, path));
  values.set("newer", neighbour(newer));
  values.set("older", neighbour(older));
  values.set("root", root_from(path));
  return render(theme.index, values);
}

std::string render_front(const Theme& theme, const SiteContext& site,
                         const std::vector<IndexEntry>& newest,
                         const std::vector<CategorySummary>& categories,
                         const std::vector<MirrorLink>& mirrors) {
  data values;
  set_site(values, theme, site);
  values.set("entries", entries_data(newest, ""));
  data list{data::type::list};
  for (const CategorySummary& category : categories) {
    data item;
    item.set("name", category.name);
    item.set("path", link_target(category.path));
    item.set("count", std::to_string(category.count));
    list << item;
  }
  values.set("categories", list);
  data links{data::type::list};
  for (const MirrorLink& mirror : mirrors) {
    data item;
    item.set("name", mirror.name);
    item.set("href", link_target(mirror.href));
    links << item;
  }
  values.set("mirrors", links);
  return render(theme.front, values);
}

}  // namespace dandelion
