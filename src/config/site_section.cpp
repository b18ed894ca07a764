// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"
#include "config/values.hpp"
#include "core/files.hpp"
#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

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

void read_id(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string id;
  read_pattern(context, node, {"url.stem", "url.path"}, id);
  if (id.empty()) return;
  if (id.find('{') == std::string::npos) {
    context.error(node.mark, "the id needs {url.stem} or {url.path}, or all pages would share one");
  } else {
    site.id = std::move(id);
  }
}

// The pattern as it would look when filled in.
std::string sample_of(std::string_view pattern) {
  std::string sample(pattern);
  for (const std::string_view placeholder : {"{site}", "{category}", "{id}", "{path}"})
    sample = replace_all(sample, placeholder, "x");
  return sample;
}

void read_layout(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string layout;
  read_pattern(context, node, {"site", "category", "id"}, layout);
  if (layout.empty()) return;
  const std::string lower = ascii_lower(layout);
  if (layout.find("{id}") == std::string::npos) {
    context.error(node.mark, "the layout needs {id}, or all pages would share a file");
  } else if (!layout.ends_with(".md")) {
    context.error(node.mark, "the layout names Markdown files; end it with .md");
  } else if (!is_safe_relative_path(sample_of(layout))) {
    context.error(node.mark, fmt::format("{} is no path inside a repository", in_quotes(layout)));
  } else if (lower.starts_with("indexes/") || lower.starts_with("assets/") ||
             lower.starts_with(".")) {
    context.error(node.mark, fmt::format("{} is where other files of the mirror lie; use another "
                                         "folder, such as pages/",
                                         in_quotes(layout)));
  } else {
    site.layout = std::move(layout);
  }
}

void read_theme(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string theme;
  read_text(context, node, theme);
  if (theme.empty()) return;
  const auto known = context.checks.theme ? context.checks.theme(theme, context.folder)
                                          : Result<ConfigChecks::KnownTheme>();
  if (!known) {
    context.error(node.mark, known.error().message);
  } else {
    site.theme = std::move(theme);
    site.article.keeps_markup = known->keeps_markup;
  }
}

// RFC 5646, 2.1: subtags of one to eight letters and digits, the first one letters alone.
bool is_language_tag(std::string_view tag) {
  std::size_t length = 0;
  bool is_first = true;
  for (const char c : tag) {
    const bool digit = c >= '0' && c <= '9';
    if (c == '-') {
      if (length == 0) return false;
      length = 0;
      is_first = false;
    } else if (!(is_ascii_letter(c) || (digit && !is_first)) || ++length > 8) {
      return false;
    }
  }
  return length != 0 && (!is_first || length > 1);
}

void read_language(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::string text;
  read_text(context, node, text);
  if (is_language_tag(text)) {
    site.language = std::move(text);
  } else if (!text.empty()) {
    context.error(
        node.mark,
        fmt::format("{} is no language tag; write one such as en, zh-Hans or ar", in_quotes(text)));
  }
}

void read_cookies(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::filesystem::path file;
  read_path(context, node, file);
  if (!file.empty()) site.network.cookies = std::move(file);
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
       {"discover",
        [&](const YamlNode& value) {
          read_discover(context, value, site);
          read_own_domains(value, site.network);
        },
        true},
       {"resolve", [&](const YamlNode& value) { read_resolve(context, value, site.network); }},
       {"connect_to",
        [&](const YamlNode& value) { read_connect_to(context, value, site.network); }},
       {"headers", [&](const YamlNode& value) { read_headers(context, value, site.network); }},
       {"cookies", [&](const YamlNode& value) { read_cookies(context, value, site); }},
       {"article", [&](const YamlNode& value) { read_article(context, value, site.article); }},
       {"id", [&](const YamlNode& value) { read_id(context, value, site); }},
       {"layout", [&](const YamlNode& value) { read_layout(context, value, site); }},
       {"theme", [&](const YamlNode& value) { read_theme(context, value, site); }},
       {"menu", [&](const YamlNode& value) { read_menu(context, value, site); }},
       {"pixel", [&](const YamlNode& value) { read_pixel(context, value, site); }},
       {"mirrors", [&](const YamlNode& value) { read_text_list(context, value, site.mirrors); }},
       {"pixel_key",
        [&](const YamlNode& value) { read_secret_source(context, value, site.pixel_key); }},
       {"images", [&](const YamlNode& value) { read_images(context, value, site.images); }},
       {"links", [&](const YamlNode& value) { read_links(context, value, site.look); }},
       {"source_address",
        [&](const YamlNode& value) { read_source_address(context, value, site.look); }},
       {"share_code",
        [&](const YamlNode& value) {
          const int choice = read_choice(context, value, {"no", "yes", "png"});
          if (choice >= 0) site.look.share_code = static_cast<LookSettings::ShareCode>(choice);
        }},
       {"hot", [&](const YamlNode& value) { read_path(context, value, site.look.hot); }},
       {"removed_pages", [&](const YamlNode& value) {
          site.drop_removed_pages = read_choice(context, value, {"keep", "drop"}) == 1;
        }}});
  check_pixel(context, node, site);
  // Rounded up: what was given is never made none.
  site.every = std::chrono::ceil<std::chrono::seconds>(every);
}

}  // namespace dandelion
