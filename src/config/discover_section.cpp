// SPDX-License-Identifier: MIT
#include <array>
#include <set>

#include "config/section_reader.hpp"
#include "core/address_pattern.hpp"
#include "core/files.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

// Each has three entries in indexes/, in which Git hosts list a thousand.
constexpr std::size_t most_categories = 300;

constexpr int max_index_pages = 1000;
constexpr int max_depth = 5;

struct Kind {
  std::string_view name;
  SourceRules::Kind kind;
};
constexpr std::array kinds = {
    Kind{"index", SourceRules::Kind::index}, Kind{"feed", SourceRules::Kind::feed},
    Kind{"sitemap", SourceRules::Kind::sitemap}, Kind{"links", SourceRules::Kind::links}};

void read_match(ReadContext& context, const YamlNode& node, std::string& into) {
  std::string text;
  read_text(context, node, text);
  if (text.empty()) return;
  if (auto pattern = AddressPattern::parse(text); !pattern) {
    context.error(node.mark, fmt::format("this is no regular expression: {} (RE2's syntax)",
                                         pattern.error().message));
  } else {
    into = std::move(text);
  }
}

// An index page is named after its address, where that says something.
std::string default_category(const SourceRules& rules) {
  if (rules.kind != SourceRules::Kind::index) return "news";
  const auto url = parse_url(rules.url);
  const std::string name = safe_path_segment(url ? url->stem() : std::string());
  // A front page's address has no last part to take a name from.
  return name == "_" ? "news" : name;
}

void read_entry(ReadContext& context, const YamlNode& node, const Kind& kind, SiteConfig& site) {
  SourceRules rules;
  rules.kind = kind.kind;
  if (kind.kind == SourceRules::Kind::index) rules.items = "a";
  std::vector<SectionKey> keys = {
      {kind.name, [&](const YamlNode& value) { read_web_address(context, value, rules.url); },
       true},
      {"category",
       [&](const YamlNode& value) { read_segment(context, value, "a category", rules.category); }},
      {"match", [&](const YamlNode& value) { read_match(context, value, rules.match); },
       kind.kind == SourceRules::Kind::links}};
  if (kind.kind == SourceRules::Kind::index) {
    keys.push_back(
        {"items", [&](const YamlNode& value) { read_selector(context, value, rules.items); }});
    keys.push_back(
        {"next", [&](const YamlNode& value) { read_selector(context, value, rules.next); }});
    keys.push_back({"pages", [&](const YamlNode& value) {
                      read_number(context, value, 1, max_index_pages, rules.pages);
                    }});
  }
  if (kind.kind == SourceRules::Kind::links) {
    keys.push_back({"depth", [&](const YamlNode& value) {
                      read_number(context, value, 1, max_depth, rules.depth);
                    }});
  }
  read_section(context, node, fmt::format("an entry with `{}:`", kind.name), keys);
  if (rules.url.empty()) return;
  if (rules.category.empty()) rules.category = default_category(rules);
  site.sources.push_back(std::move(rules));
}

// An entry that says nothing of its kind: with a misspelt key, or none of use.
void tell_kindless_entry(ReadContext& context, const YamlNode& node) {
  const std::size_t before = context.errors;
  std::vector<SectionKey> keys;
  for (const std::string_view name : {"index", "feed", "sitemap", "links", "category", "match",
                                      "items", "next", "pages", "depth"}) {
    keys.push_back({name, [](const YamlNode&) {}});
  }
  read_section(context, node, "an entry", keys);
  if (context.errors == before) {
    context.error(node.mark,
                  "an entry of discover has an address, as `index:`, `feed:`, `sitemap:` or "
                  "`links:`");
  }
}

void read_discover_entry(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  std::vector<const Kind*> found;
  for (const Kind& kind : kinds) {
    if (find_value(node, kind.name) != nullptr) found.push_back(&kind);
  }
  if (found.size() > 1) {
    context.error(node.mark,
                  "an entry has one of index, feed, sitemap and links; begin a new one with `- `");
  } else if (found.empty()) {
    tell_kindless_entry(context, node);
  } else {
    read_entry(context, node, *found.front(), site);
  }
}

}  // namespace

void read_discover(ReadContext& context, const YamlNode& node, SiteConfig& site) {
  const std::size_t before = context.errors;
  read_list(context, node, "places to look for articles",
            [&](const YamlNode& item) { read_discover_entry(context, item, site); });
  if (site.sources.empty() && context.errors == before)
    context.error(node.mark, "no place to look for articles here; give at least one entry");
  std::set<std::string> categories;
  for (const SourceRules& source : site.sources)
    categories.insert(source.category);
  if (categories.size() > most_categories) {
    context.error(node.mark,
                  fmt::format("{} categories, and a site has at most {}: Git hosts do not list "
                              "more lists in one folder; let some sources share a `category`",
                              categories.size(), most_categories));
  }
}

}  // namespace dandelion
