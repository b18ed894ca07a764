// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "config/section_reader.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

constexpr int max_index_pages = 1000;

void read_segment(ReadContext& context, const YamlNode& node, std::string_view what,
                  std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (const std::string safe = safe_path_segment(text); safe != text) {
    context.error(node.mark,
                  fmt::format("{} becomes a file's name and cannot be '{}'; '{}' would do", what,
                              text, safe));
  } else {
    into = std::move(text);
  }
}

// An element name that Markdown and HTML carry and that does nothing by itself.
bool is_inert_name(std::string_view name) {
  static constexpr std::array<std::string_view, 12> active = {
      "script", "iframe", "object", "embed", "style", "link",
      "meta",   "base",   "form",   "svg",   "frame", "template"};
  const bool plain = !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
                     std::all_of(name.begin(), name.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                     });
  return plain && std::find(active.begin(), active.end(), name) == active.end();
}

void read_rename(ReadContext& context, const YamlNode& node, ArticleRules& rules) {
  if (node.kind != YamlNode::Kind::map) {
    context.error(node.mark, "expected element names, such as {a: ok, h2: h4}");
    return;
  }
  for (const auto& [key, value] : node.entries) {
    std::string from;
    std::string to;
    read_text(context, key, from);
    read_text(context, value, to);
    if (from.empty() || to.empty()) continue;
    if (!is_inert_name(from) || !is_inert_name(to)) {
      context.error(value.mark, fmt::format("'{}: {}': both are element names in small letters, "
                                            "and none that acts, such as script",
                                            from, to));
    } else {
      rules.rename[from] = to;
    }
  }
}

void read_hero(ReadContext& context, const YamlNode& node, ArticleRules& rules) {
  ArticleRules::Hero hero;
  read_section(
      context, node, "hero",
      {{"image", [&](const YamlNode& value) { read_selector(context, value, hero.image); }, true},
       {"caption", [&](const YamlNode& value) { read_selector(context, value, hero.caption); }}});
  if (!hero.image.empty()) rules.hero = std::move(hero);
}

void read_article(ReadContext& context, const YamlNode& node, ArticleRules& rules) {
  read_section(
      context, node, "article",
      {{"title", [&](const YamlNode& value) { read_selector(context, value, rules.title); }},
       {"body", [&](const YamlNode& value) { read_selector(context, value, rules.body); }},
       {"hero", [&](const YamlNode& value) { read_hero(context, value, rules); }},
       {"remove",
        [&](const YamlNode& value) {
          read_list(context, value, "selectors", [&](const YamlNode& item) {
            std::string selector;
            read_selector(context, item, selector);
            if (!selector.empty()) rules.remove.push_back(std::move(selector));
          });
        }},
       {"rename", [&](const YamlNode& value) { read_rename(context, value, rules); }}});
}

bool has_key(const YamlNode& node, std::string_view name) {
  return std::any_of(node.entries.begin(), node.entries.end(),
                     [name](const auto& entry) { return entry.key.text == name; });
}

void read_index_entry(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  IndexRules rules;
  rules.items = "a";
  read_section(
      context, node, "an index",
      {{"index", [&](const YamlNode& value) { read_web_address(context, value, rules.url); }, true},
       {"category",
        [&](const YamlNode& value) { read_segment(context, value, "a category", rules.category); }},
       {"items", [&](const YamlNode& value) { read_selector(context, value, rules.items); }},
       {"next", [&](const YamlNode& value) { read_selector(context, value, rules.next); }},
       {"pages", [&](const YamlNode& value) {
          read_number(context, value, 1, max_index_pages, rules.pages);
        }}});
  if (rules.url.empty()) return;
  if (rules.category.empty()) {
    const auto url = parse_url(rules.url);
    rules.category = safe_path_segment(url ? url->stem() : std::string());
  }
  if (rules.category == "_") rules.category = "news";
  site.indexes.push_back(std::move(rules));
}

void read_discover_entry(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  if (node.kind == YamlNode::Kind::map && !has_key(node, "index")) {
    for (const std::string_view kind : {"feed", "sitemap"}) {
      if (!has_key(node, kind)) continue;
      context.warning(
          node.mark,
          fmt::format("'{}' has no effect in this version: articles are found on index pages",
                      kind));
      return;
    }
  }
  read_index_entry(context, node, site);
}

void read_discover(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  const std::size_t before = context.diagnostics.size();
  read_list(context, node, "places to look for articles",
            [&](const YamlNode& item) { read_discover_entry(context, item, site); });
  const bool told = std::any_of(context.diagnostics.begin() + static_cast<std::ptrdiff_t>(before),
                                context.diagnostics.end(), [](const Diagnostic& diagnostic) {
                                  return diagnostic.severity == Diagnostic::Severity::error;
                                });
  if (site.indexes.empty() && !told) {
    context.error(node.mark, "no index page here; give at least one entry with `index:`");
  }
}

void read_menu(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  read_list(context, node, "menu entries", [&](const YamlNode& item) {
    MenuEntry entry;
    read_section(
        context, item, "a menu entry",
        {{"text", [&](const YamlNode& value) { read_text(context, value, entry.text); }, true},
         {"href", [&](const YamlNode& value) { read_text(context, value, entry.href); }, true}});
    if (!entry.text.empty() && !entry.href.empty()) site.menu.push_back(std::move(entry));
  });
}

void read_layout(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string layout;
  read_pattern(context, node, {"site", "category", "id"}, layout);
  if (layout.empty()) return;
  std::string sample = replace_all(layout, "{site}", "s");
  sample = replace_all(replace_all(sample, "{category}", "c"), "{id}", "i");
  if (layout.find("{id}") == std::string::npos) {
    context.error(node.mark, "the layout needs {id}, or all pages would share a file");
  } else if (!layout.ends_with(".md")) {
    context.error(node.mark, "the layout names Markdown files; end it with .md");
  } else if (!is_safe_relative_path(sample)) {
    context.error(node.mark, fmt::format("'{}' is no path inside a repository", layout));
  } else {
    site.layout = std::move(layout);
  }
}

void read_pixel(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  read_pattern(context, node, {"site", "category", "id", "path"}, site.pixel);
  if (site.pixel.starts_with("http://")) {
    context.warning(node.mark,
                    "a counter over http:// shows everyone between a reader and it which page is "
                    "read; use https://");
  } else if (!site.pixel.empty() && !site.pixel.starts_with("https://")) {
    context.error(node.mark, "the counter picture's address begins with https:// or http://");
  }
}

void read_theme(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  read_text(context, node, site.theme);
  const auto problem =
      context.checks.theme ? context.checks.theme(site.theme, context.folder) : std::nullopt;
  if (problem) context.error(node.mark, *problem);
}

void read_language(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string text;
  read_text(context, node, text);
  const bool plain =
      !text.empty() && text.size() <= 35 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-';
      });
  if (plain) {
    site.language = std::move(text);
  } else if (!text.empty()) {
    context.error(
        node.mark,
        fmt::format("'{}' is no language tag; write one such as en, zh-Hans or ar", text));
  }
}

}  // namespace

void read_site(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  using std::chrono::milliseconds;
  milliseconds every{0};
  read_section(
      context, node, "a site",
      {{"name",
        [&](const YamlNode& value) { read_segment(context, value, "a site's name", site.name); },
        true},
       {"title", [&](const YamlNode& value) { read_text(context, value, site.title); }},
       {"language", [&](const YamlNode& value) { read_language(context, value, site); }},
       {"every",
        [&](const YamlNode& value) {
          read_duration(context, value, milliseconds(0), milliseconds(std::chrono::hours(24 * 365)),
                        every);
        }},
       {"discover", [&](const YamlNode& value) { read_discover(context, value, site); }, true},
       {"article", [&](const YamlNode& value) { read_article(context, value, site.article); }},
       {"id",
        [&](const YamlNode& value) {
          read_pattern(context, value, {"url.stem", "url.path"}, site.id);
        }},
       {"layout", [&](const YamlNode& value) { read_layout(context, value, site); }},
       {"theme", [&](const YamlNode& value) { read_theme(context, value, site); }},
       {"menu", [&](const YamlNode& value) { read_menu(context, value, site); }},
       {"pixel", [&](const YamlNode& value) { read_pixel(context, value, site); }},
       {"mirrors", [&](const YamlNode& value) { read_text_list(context, value, site.mirrors); }},
       not_yet(context, "images", "pictures stay where the source has them"),
       not_yet(context, "removed_pages",
               "pages stay in the mirror when the source takes them away")});
  site.every = std::chrono::duration_cast<std::chrono::seconds>(every);
}

}  // namespace dandelion
