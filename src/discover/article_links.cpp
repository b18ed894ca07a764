// SPDX-License-Identifier: MIT
#include "discover/article_links.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/address.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "html/base_url.hpp"
#include "html/dom.hpp"
#include "html/parse.hpp"
#include "html/selector.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

constexpr std::size_t fewest_links = 4;
constexpr std::size_t most_links = 10'000;
// A headline is longer than a menu's word; an ideograph counts for three bytes, as in UTF-8.
constexpr std::size_t least_headline_bytes = 15;
constexpr std::size_t longest_headline_counted = 120;
// How far up a list's own class may stand.
constexpr int levels_up = 4;

struct Link {
  const Node* element = nullptr;
  std::string url;
  std::size_t headline = 0;  // bytes
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string escaped(char c) {
  constexpr std::string_view special = "\\^$.|?*+()[]{}";
  return special.find(c) == std::string_view::npos ? std::string(1, c) : std::string("\\") + c;
}

// "a-story-of-three-words", with or without an ending.
bool is_slug(std::string_view part) {
  const std::string_view name = part.substr(0, part.find('.'));
  return std::count_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '_'; }) >=
             2 ||
         (name.find('%') != std::string_view::npos && name.size() > least_headline_bytes);
}

std::string shape_of_part(std::string_view part, bool& tells) {
  std::string shape;
  for (std::size_t i = 0; i < part.size();) {
    if (is_digit(part[i])) {
      while (i < part.size() && is_digit(part[i]))
        ++i;
      shape += "[0-9]+";
      tells = true;
    } else {
      shape += escaped(part[i++]);
    }
  }
  return shape;
}

std::vector<Link> links_of(const html::Document& document, std::string_view url) {
  const Node& root = document.root();
  const std::string base = html::base_url(root, url);
  std::vector<Link> links;
  for (const Node* at = &root; at != nullptr && links.size() < most_links;
       at = html::next_in_tree(*at, root)) {
    if (!at->is_element(Tag::a_)) continue;
    const auto target = resolve_url(base, trim(at->attribute_or_empty("href")));
    if (!target || !same_site(*target, url)) continue;
    links.push_back(
        {at, without_fragment(*target), collapse_space(html::text_content(*at)).size()});
  }
  return links;
}

// Class names that CSS can say without escapes, of the element and of what it stands in.
std::set<std::string> selectors_for(const Node& link) {
  std::set<std::string> found;
  const Node* at = &link;
  for (int level = 0; level <= levels_up && at != nullptr && at->is_element(); ++level) {
    std::string_view names = at->attribute_or_empty("class");
    while (!(names = trim(names)).empty()) {
      const auto end = std::min(names.find_first_of(" \t\r\n\f"), names.size());
      const std::string name(names.substr(0, end));
      names.remove_prefix(end);
      const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '_';
      });
      if (plain && !is_digit(name.front()) && name.front() != '-')
        found.insert(level == 0 ? "a." + name : "." + name + " a");
    }
    at = at->parent;
  }
  return found;
}

// The selector that finds most of the links and least else.
std::string best_selector(const html::Document& document, const std::vector<const Link*>& wanted) {
  std::set<const Node*> targets;
  std::map<std::string, std::size_t> candidates;
  for (const Link* link : wanted) {
    targets.insert(link->element);
    for (const std::string& selector : selectors_for(*link->element))
      ++candidates[selector];
  }
  std::string best = "a";
  double best_score = 0.5;
  for (const auto& [text, count] : candidates) {
    if (count * 2 < targets.size()) continue;
    const auto selector = html::Selector::parse(text);
    if (!selector) continue;
    const auto selected = selector->select_all(document.root());
    const auto hits = static_cast<double>(
        std::count_if(selected.begin(), selected.end(),
                      [&targets](const Node* node) { return targets.contains(node); }));
    // F1 of precision and recall.
    const double score = 2 * hits / static_cast<double>(selected.size() + targets.size());
    if (score > best_score) {
      best_score = score;
      best = text;
    }
  }
  return best;
}

bool is_feed_type(std::string_view type) {
  const std::string lower = ascii_lower(trim(type.substr(0, type.find(';'))));
  return lower == "application/rss+xml" || lower == "application/atom+xml" ||
         lower == "application/feed+json" || lower == "application/json";
}

}  // namespace

std::string address_shape(std::string_view url) {
  const auto parsed = parse_url(url);
  if (!parsed) return {};
  bool tells = false;
  std::string shape;
  std::string_view rest = parsed->path;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the slash
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end);
    shape += '/';
    if (is_slug(part)) {
      const auto dot = part.rfind('.');
      shape += "[^/]+";
      if (dot != std::string_view::npos) shape += "\\" + std::string(part.substr(dot));
      tells = true;
    } else {
      shape += shape_of_part(part, tells);
    }
  }
  if (!parsed->query.empty()) shape += "\\?" + shape_of_part(parsed->query, tells);
  return tells ? shape + "$" : std::string();
}

std::optional<ArticleLinks> find_article_links(std::string_view page, std::string_view url) {
  const html::Document document = html::parse(page);
  const std::vector<Link> links = links_of(document, url);
  struct Group {
    std::vector<const Link*> links;
    std::set<std::string> urls;
    std::size_t headline = 0;
  };
  std::map<std::string, Group> groups;
  for (const Link& link : links) {
    const std::string shape = address_shape(link.url);
    if (shape.empty() || link.headline < least_headline_bytes) continue;
    Group& group = groups[shape];
    group.links.push_back(&link);
    if (group.urls.insert(link.url).second)
      group.headline += std::min(link.headline, longest_headline_counted);
  }
  // Many links with long headlines: that of a list of articles.
  const auto best = std::max_element(
      groups.begin(), groups.end(),
      [](const auto& a, const auto& b) { return a.second.headline < b.second.headline; });
  if (best == groups.end() || best->second.urls.size() < fewest_links) return std::nullopt;
  ArticleLinks found;
  found.match = best->first;
  found.items = best_selector(document, best->second.links);
  std::set<std::string> seen;
  for (const Link* link : best->second.links) {
    if (seen.insert(link->url).second) found.urls.push_back(link->url);
  }
  return found;
}

SitePage read_site_page(std::string_view page, std::string_view url) {
  const html::Document document = html::parse(page);
  const Node& root = document.root();
  const std::string base = html::base_url(root, url);
  SitePage found;
  for (const Node* at = &root; at != nullptr; at = html::next_in_tree(*at, root)) {
    if (at->is_element(Tag::html_)) found.language = trim(at->attribute_or_empty("lang"));
    if (at->is_element(Tag::title_) && found.title.empty())
      found.title = collapse_space(html::text_content(*at));
    if (!at->is_element(Tag::link_) || !is_feed_type(at->attribute_or_empty("type")) ||
        ascii_lower(at->attribute_or_empty("rel")).find("alternate") == std::string::npos) {
      continue;
    }
    const auto feed = resolve_url(base, trim(at->attribute_or_empty("href")));
    if (feed && std::find(found.feeds.begin(), found.feeds.end(), *feed) == found.feeds.end())
      found.feeds.push_back(*feed);
  }
  return found;
}

std::vector<std::string> sitemaps_in_robots(std::string_view text) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!equals_ignoring_case(line.substr(0, 8), "sitemap:")) continue;
    std::string address(trim(line.substr(8)));
    if (parse_url(address) && std::find(found.begin(), found.end(), address) == found.end())
      found.push_back(std::move(address));
  }
  return found;
}

}  // namespace dandelion
