// SPDX-License-Identifier: MIT
#include "html/sanitize.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/allowed.hpp"

namespace dandelion::html {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_address_attribute(std::string_view name) {
  static constexpr std::array<std::string_view, 4> names = {"href", "src", "poster", "cite"};
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

// Every candidate of a list like `a.png 1x, b.png 2x`.
bool are_safe_pictures(std::string_view candidates) {
  while (!candidates.empty()) {
    const auto end = std::min(candidates.find_first_of(", \t\n\r\f"), candidates.size());
    // A comma within an address only splits it into parts that are looked at one by one.
    if (!is_safe_picture(candidates.substr(0, end))) return false;
    candidates.remove_prefix(std::min(end + 1, candidates.size()));
  }
  return true;
}

bool is_safe_attribute(const Node& element, const Attribute& attribute) {
  const std::string_view name = attribute.name;
  if (!may_have(element, name)) return false;
  if (name == "style") return is_safe_style(attribute.value);
  if (name == "srcset") return are_safe_pictures(attribute.value);
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

// Ends sooner for some readers than for others.
bool is_risky_comment(const Node& comment) {
  return comment.text.starts_with(">") || comment.text.starts_with("->") ||
         comment.text.ends_with("-") || comment.text.find("--") != std::string_view::npos;
}

// Hosts keep the places of GFM's footnotes, and no others.
bool is_footnote_place(const Node& element, const Attribute& attribute) {
  return attribute.name == "id" && (element.is_element(Tag::a_) || element.is_element(Tag::li_)) &&
         (attribute.value.starts_with("fn-") || attribute.value.starts_with("fnref-"));
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
  return fate_of(element) == Fate::drop;
}

void neutralize(Document& /*document*/, Node& root) {
  // With scripting on, <noscript> holds raw text: a comment inside could end it and begin a tag.
  const Node* noscript_end = nullptr;
  bool in_noscript = root.is_element(Tag::noscript_);
  Node* at = next_in_tree(root, root);
  while (at != nullptr) {
    if (at == noscript_end) in_noscript = false;
    if (at->type == NodeType::comment ? in_noscript || is_risky_comment(*at)
                                      : at->is_element() && acts(*at)) {
      Node* next = next_skipping_children(*at, root);
      remove(*at);
      at = next;
      continue;
    }
    if (!at->is_element()) {
      at = next_in_tree(*at, root);
      continue;
    }
    if (at->tag == Tag::noscript_ && !in_noscript) {
      in_noscript = true;
      noscript_end = next_skipping_children(*at, root);
    }
    Node* next = next_in_tree(*at, root);
    if (fate_of(*at) == Fate::unwrap) {
      unwrap(*at);
    } else {
      filter_attributes(*at, is_safe_attribute);
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
      filter_attributes(*at, [](const Node& element, const Attribute& attribute) {
        return is_footnote_place(element, attribute) ||
               (is_shown_by_git_hosts(element, attribute.name) &&
                (attribute.name != "src" || is_safe_link(attribute.value)));
      });
      if (!is_shown_by_git_hosts(*at)) unwrap(*at);
    }
    at = next;
  }
}

}  // namespace dandelion::html
