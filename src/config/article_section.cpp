// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "config/section_reader.hpp"
#include "config/values.hpp"

namespace dandelion {
namespace {

// The name of an element that is read and nothing else. Not among them: what acts, what a browser
// takes for code, and what makes it read tags as text or text as tags (`xmp`, `noscript`, `title`).
bool is_inert_name(std::string_view name) {
  static constexpr std::array<std::string_view, 41> active = {
      "applet",   "audio",  "base",     "body",   "button", "canvas",    "embed",
      "form",     "frame",  "frameset", "head",   "html",   "iframe",    "input",
      "isindex",  "keygen", "link",     "math",   "meta",   "noembed",   "noframes",
      "noscript", "object", "optgroup", "option", "param",  "plaintext", "portal",
      "script",   "select", "slot",     "source", "style",  "svg",       "template",
      "textarea", "title",  "track",    "video",  "xmp",    "bgsound"};
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
  FirstLines seen;
  for (const auto& [key, value] : node.entries) {
    std::string from;
    std::string to;
    read_text(context, key, from);
    read_text(context, value, to);
    if (from.empty() || to.empty() || !seen.is_new(context, key)) continue;
    if (!is_inert_name(from) || !is_inert_name(to)) {
      const bool first = !is_inert_name(from);
      context.error(first ? key.mark : value.mark,
                    fmt::format("{} cannot be renamed{}: small letters, digits and hyphens, and no "
                                "element that acts, such as script",
                                in_quotes(from), first ? "" : " to " + in_quotes(to)));
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

}  // namespace

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

}  // namespace dandelion
