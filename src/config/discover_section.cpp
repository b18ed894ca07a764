// SPDX-License-Identifier: MIT
#include "config/section_reader.hpp"
#include "core/files.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

constexpr int max_index_pages = 1000;
constexpr std::string_view only_index = "articles are found on index pages";

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
    // A front page's address has no last part to take a name from.
    if (rules.category == "_") rules.category = "news";
  }
  site.indexes.push_back(std::move(rules));
}

void check_feed_entry(ReadContext& context, const YamlNode& node) {
  std::string address;
  read_section(context, node, "a feed",
               {not_yet(context, "feed", only_index, [&](const YamlNode& value) {
                 read_web_address(context, value, address);
               })});
}

void check_sitemap_entry(ReadContext& context, const YamlNode& node) {
  std::string address;
  std::string match;
  read_section(context, node, "a sitemap",
               {not_yet(context, "sitemap", only_index,
                        [&](const YamlNode& value) { read_web_address(context, value, address); }),
                {"match", [&](const YamlNode& value) { read_text(context, value, match); }}});
}

// An entry that says nothing of its kind: with a misspelt key, or none of use.
void tell_kindless_entry(ReadContext& context, const YamlNode& node) {
  const std::size_t before = context.errors;
  const auto ignore = [](const YamlNode&) {};
  read_section(context, node, "an entry",
               {{"index", ignore},
                {"feed", ignore},
                {"sitemap", ignore},
                {"category", ignore},
                {"items", ignore},
                {"next", ignore},
                {"pages", ignore},
                {"match", ignore}});
  if (context.errors == before)
    context.error(node.mark, "an entry of discover has an `index:`, the address of a page");
}

void read_discover_entry(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  const bool index = find_value(node, "index") != nullptr;
  const bool feed = find_value(node, "feed") != nullptr;
  const bool sitemap = find_value(node, "sitemap") != nullptr;
  if (static_cast<int>(index) + static_cast<int>(feed) + static_cast<int>(sitemap) > 1) {
    context.error(node.mark,
                  "an entry has one of index, feed and sitemap; begin a new one with `- `");
  } else if (index) {
    read_index_entry(context, node, site);
  } else if (feed) {
    check_feed_entry(context, node);
  } else if (sitemap) {
    check_sitemap_entry(context, node);
  } else {
    tell_kindless_entry(context, node);
  }
}

}  // namespace

void read_discover(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  const std::size_t before = context.errors;
  read_list(context, node, "places to look for articles",
            [&](const YamlNode& item) { read_discover_entry(context, item, site); });
  if (site.indexes.empty() && context.errors == before) {
    context.error(node.mark,
                  "no index page here, and this version finds articles on no others; give at least "
                  "one entry with `index:`");
  }
}

}  // namespace dandelion
