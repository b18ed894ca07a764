// SPDX-License-Identifier: MIT
#include "html/sanitize.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion::html {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Go with everything inside: their content is code, a foreign document, or controls without a page
// to control.
const TagSet& active_elements() {
  static const TagSet tags = {
      Tag::applet_, Tag::base_,   Tag::bgsound_,  Tag::button_, Tag::canvas_,    Tag::command_,
      Tag::embed_,  Tag::frame_,  Tag::frameset_, Tag::iframe_, Tag::input_,     Tag::isindex_,
      Tag::keygen_, Tag::link_,   Tag::math_,     Tag::meta_,   Tag::noembed_,   Tag::noframes_,
      Tag::object_, Tag::option_, Tag::optgroup_, Tag::param_,  Tag::plaintext_, Tag::portal_,
      Tag::script_, Tag::select_, Tag::style_,    Tag::svg_,    Tag::template_,  Tag::textarea_,
      Tag::title_,  Tag::xmp_};
  return tags;
}

// Give way to their content: what stands in them is text.
const TagSet& wrapping_elements() {
  static const TagSet tags = {Tag::form_, Tag::dialog_, Tag::marquee_, Tag::slot_};
  return tags;
}

bool is_address_attribute(std::string_view name) {
  static constexpr std::array<std::string_view, 16> names = {
      "href",   "src",     "action",   "formaction", "poster",   "background",
      "cite",   "data",    "ping",     "manifest",   "longdesc", "profile",
      "usemap", "classid", "codebase", "xlink:href"};
  return is_one_of(name, names);
}

// A scheme hides behind leading controls and blanks and behind tabs and line breaks anywhere.
std::string revealed(std::string_view url) {
  std::string clean;
  for (const char c : url) {
    if (static_cast<unsigned char>(c) > 0x20 && c != '\x7F') clean += c;
  }
  return ascii_lower(clean);
}

bool is_safe_picture(std::string_view url) {
  const std::string clean = revealed(url);
  return is_safe_link(url) || clean.starts_with("data:image/gif") ||
         clean.starts_with("data:image/png") || clean.starts_with("data:image/jpeg") ||
         clean.starts_with("data:image/webp") || clean.starts_with("data:image/avif");
}

// Styles that load something, run something, or lay a box over the page.
bool is_safe_style(std::string_view style) {
  static constexpr std::array<std::string_view, 8> dangers = {
      "(", "\\", "@", "<", "position", "behavior", "-moz-binding", "/*"};
  const std::string lower = ascii_lower(style);
  return std::none_of(dangers.begin(), dangers.end(), [&lower](std::string_view danger) {
    return lower.find(danger) != std::string::npos;
  });
}

bool is_safe_attribute(const Node& element, const Attribute& attribute) {
  const std::string_view name = attribute.name;
  static constexpr std::array<std::string_view, 7> banned = {
      "srcdoc", "ping", "formaction", "autofocus", "attributionsrc", "is", "nonce"};
  const bool plain_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '"' && c != '\'' && c != '<' && c != '>' &&
           c != '/' && c != '=' && c != '`';
  });
  if (!plain_name || name.starts_with("on") || is_one_of(name, banned)) return false;
  if (name == "style") return is_safe_style(attribute.value);
  if (name == "src" && element.is_element(Tag::img_)) return is_safe_picture(attribute.value);
  return !is_address_attribute(name) || is_safe_link(attribute.value);
}

template <typename Keep>
void filter_attributes(Node& element, const Keep& keep) {
  const auto end =
      std::stable_partition(element.attributes.begin(), element.attributes.end(),
                            [&](const Attribute& attribute) { return keep(element, attribute); });
  element.attributes =
      element.attributes.first(static_cast<std::size_t>(end - element.attributes.begin()));
}

// With scripting on, <noscript> holds raw text: a comment inside could end it and begin a tag.
bool is_risky_comment(const Node& comment) {
  if (comment.text.starts_with(">") || comment.text.starts_with("->")) return true;
  for (const Node* at = comment.parent; at != nullptr; at = at->parent) {
    if (at->is_element(Tag::noscript_)) return true;
  }
  return false;
}

// The parser takes `<x<script>` for an element named so; other readers of the page would see a
// script in it.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':';
         });
}

constexpr std::array<std::string_view, 62> shown_elements = {
    "h1",      "h2",     "h3",         "h4",    "h5",         "h6",     "br",      "b",
    "i",       "strong", "em",         "a",     "pre",        "code",   "img",     "tt",
    "div",     "ins",    "del",        "sup",   "sub",        "p",      "ol",      "ul",
    "table",   "thead",  "tbody",      "tfoot", "blockquote", "dl",     "dt",      "dd",
    "kbd",     "q",      "samp",       "var",   "hr",         "ruby",   "rt",      "rp",
    "li",      "tr",     "td",         "th",    "s",          "strike", "summary", "details",
    "caption", "figure", "figcaption", "abbr",  "bdo",        "cite",   "dfn",     "mark",
    "small",   "span",   "time",       "wbr",   "picture",    "source"};

constexpr std::array<std::string_view, 32> shown_attributes = {
    "align",  "alt",     "border",   "cellpadding", "cellspacing", "cite",    "clear",
    "color",  "colspan", "rowspan",  "datetime",    "dir",         "height",  "width",
    "hspace", "vspace",  "itemprop", "itemscope",   "itemtype",    "label",   "lang",
    "name",   "open",    "rel",      "span",        "start",       "summary", "title",
    "type",   "valign",  "value",    "srcset"};

bool is_shown_attribute(const Node& element, const Attribute& attribute) {
  if (attribute.name == "href") return element.is_element(Tag::a_) && is_safe_link(attribute.value);
  if (attribute.name == "src")
    return element.is_element(Tag::img_) && is_safe_link(attribute.value);
  return is_one_of(attribute.name, shown_attributes);
}

}  // namespace

bool is_safe_link(std::string_view url) {
  const std::string clean = revealed(url);
  if (!has_scheme(clean)) return true;
  const std::string_view scheme = std::string_view(clean).substr(0, clean.find(':'));
  static constexpr std::array<std::string_view, 4> safe = {"http", "https", "mailto", "tel"};
  return is_one_of(scheme, safe);
}

bool acts(const Node& element) {
  return element.ns != Namespace::html || active_elements().has(element.tag);
}

void neutralize(Document& /*document*/, Node& root) {
  Node* at = next_in_tree(root, root);
  while (at != nullptr) {
    const bool drop =
        at->is_element() ? acts(*at) : at->type == NodeType::comment && is_risky_comment(*at);
    if (drop) {
      Node* next = next_skipping_children(*at, root);
      remove(*at);
      at = next;
      continue;
    }
    Node* next = next_in_tree(*at, root);
    if (at->is_element()) {
      filter_attributes(*at, is_safe_attribute);
      if (wrapping_elements().has(at->tag) || !is_plain_name(at->name)) unwrap(*at);
    }
    at = next;
  }
  if (root.is_element()) filter_attributes(root, is_safe_attribute);
}

void keep_what_git_hosts_show(Document& document, Node& root) {
  neutralize(document, root);
  Node* at = next_in_tree(root, root);
  while (at != nullptr) {
    Node* next = next_in_tree(*at, root);
    if (at->type == NodeType::comment) {
      remove(*at);
    } else if (at->is_element()) {
      filter_attributes(*at, is_shown_attribute);
      if (!is_one_of(at->name, shown_elements)) unwrap(*at);
    }
    at = next;
  }
}

}  // namespace dandelion::html
