// SPDX-License-Identifier: MIT
#include "extract/media.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

template <std::size_t N>
bool holds_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [text](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

// `address` without what servers are told besides the file's name.
std::string_view path_of(std::string_view address) {
  return address.substr(0, address.find_first_of("?#"));
}

std::string file_name(std::string_view address) {
  const std::size_t slash = address.find_last_of('/');
  return ascii_lower(slash == std::string_view::npos ? address : address.substr(slash + 1));
}

// A picture that is a few pixels wide, to be shown blurred until the true one is there: says so in
// words or in a width of one or two digits ("w=20", "_20px").
bool is_preview(std::string_view address) {
  static constexpr std::array<std::string_view, 4> words = {"lqip", "-blur", "_blur", "/blur"};
  const std::string lower = ascii_lower(address);
  if (holds_any(lower, words)) return true;
  for (const std::string_view width : {"?w=", "&w=", "?width=", "&width="}) {
    const std::size_t at = lower.find(width);
    if (at == std::string::npos) continue;
    const std::size_t begin = at + width.size();
    const std::size_t end = std::min(lower.find_first_not_of("0123456789", begin), lower.size());
    if (end > begin && end - begin <= 2) return true;
  }
  const std::size_t unit = lower.rfind("px.");
  if (unit == std::string::npos) return false;
  const std::size_t before = lower.find_last_not_of("0123456789", unit - (unit > 0 ? 1 : 0));
  if (before == std::string::npos || (lower[before] != '_' && lower[before] != '-')) return false;
  return unit - before == 2 || unit - before == 3;
}

// The address in a list of candidates (HTML Standard, srcset) that has the most pixels.
std::string_view largest_candidate(std::string_view list) {
  std::string_view best;
  double most = -1;
  while (!(list = trim(list)).empty()) {
    while (!list.empty() && (list.front() == ',' || list.front() == ' '))
      list.remove_prefix(1);
    const auto end = std::min(list.find_first_of(" \t\n\r\f"), list.size());
    std::string_view address = list.substr(0, end);
    list.remove_prefix(end);
    double size = 1;
    if (address.ends_with(',')) {
      address.remove_suffix(1);
    } else {
      const auto comma = std::min(list.find(','), list.size());
      const std::string number(trim(list.substr(0, comma)));
      if (!number.empty()) size = std::strtod(number.c_str(), nullptr);
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
    if (size > most && !is_placeholder_picture(address)) {
      most = size;
      best = address;
    }
  }
  return best;
}

// Where pages that load pictures by script leave the true address, most usual first.
constexpr std::array<std::string_view, 16> late_sources = {
    "data-src",       "data-original",   "data-lazy-src", "data-url",
    "data-actualsrc", "data-lazyload",   "data-lazy",     "data-echo",
    "data-img-src",   "data-hi-res-src", "data-image",    "data-orig-src",
    "data-backup",    "data-orig-file",  "_src",          "file"};
constexpr std::array<std::string_view, 3> late_lists = {"data-srcset", "data-lazy-srcset",
                                                        "srcset"};

bool looks_like_address(std::string_view value) {
  return !is_placeholder_picture(value) && value.find_first_of("./") != std::string_view::npos &&
         value.find_first_of(" \t\n{}<>\"") == std::string_view::npos;
}

bool is_named_as_picture(std::string_view address) {
  static constexpr std::array<std::string_view, 8> endings = {".jpg",  ".jpeg", ".png", ".webp",
                                                              ".avif", ".gif",  ".bmp", ".jfif"};
  const std::string path = ascii_lower(path_of(address));
  return std::any_of(endings.begin(), endings.end(),
                     [&path](std::string_view ending) { return path.ends_with(ending); });
}

bool is_whole_address(std::string_view value) {
  return value.starts_with('/') || value.starts_with("http://") || value.starts_with("https://");
}

// Whether an attribute of that name may hold the true address at all.
bool may_name_source(std::string_view name) {
  static constexpr std::array<std::string_view, 18> others = {
      "link",   "href",     "download", "share",   "pin-",    "page-url",
      "error",  "fallback", "holder",   "loading", "default", "avatar",
      "author", "srcset",   "caption",  "thumb",   "low",     "credit"};
  static constexpr std::array<std::string_view, 9> own = {
      "src", "alt", "title", "class", "id", "style", "sizes", "usemap", "longdesc"};
  return std::find(own.begin(), own.end(), name) == own.end() && !name.starts_with("on") &&
         !holds_any(name, others);
}

// "… 400w, … 2x": addresses with what tells them apart.
bool is_candidate_list(const html::Attribute& attribute) {
  if (attribute.name.find("srcset") != std::string_view::npos) return true;
  const std::string_view value = trim(attribute.value);
  const std::size_t space = value.find_first_of(" \t\n");
  if (space == std::string_view::npos || !looks_like_address(value.substr(0, space))) return false;
  const std::string_view rest = trim(value.substr(space));
  const std::size_t unit = rest.find_first_not_of("0123456789.");
  return unit != 0 && unit != std::string_view::npos && (rest[unit] == 'w' || rest[unit] == 'x') &&
         (unit + 1 == rest.size() || rest[unit + 1] == ',');
}

// Scripts choose the name as they like: what looks like a picture's address is one, and so is the
// only address there is.
std::string_view address_by_look(const Node& image) {
  std::string_view only;
  std::size_t addresses = 0;
  for (const html::Attribute& attribute : image.attributes) {
    if (is_candidate_list(attribute)) {
      if (const auto best = largest_candidate(attribute.value); !best.empty()) return best;
    }
    const std::string_view value = trim(attribute.value);
    if (!may_name_source(attribute.name) || !looks_like_address(value)) continue;
    if (is_named_as_picture(value)) return value;
    if (!is_whole_address(value)) continue;
    ++addresses;
    only = value;
  }
  return addresses == 1 ? only : std::string_view{};
}

std::string_view address_from_attributes(const Node& image) {
  for (const std::string_view name : late_sources) {
    if (const auto value = image.attribute(name); value && looks_like_address(trim(*value)))
      return trim(*value);
  }
  for (const std::string_view name : late_lists) {
    if (const auto value = image.attribute(name)) {
      if (const auto best = largest_candidate(*value); !best.empty()) return best;
    }
  }
  return address_by_look(image);
}

std::string_view address_from_picture(const Node& image) {
  const Node* picture = image.parent;
  if (picture == nullptr || !picture->is_element(Tag::picture_)) return {};
  for (const Node* child = picture->first_child; child != nullptr; child = child->next) {
    if (!child->is_element(Tag::source_)) continue;
    if (const auto found = address_from_attributes(*child); !found.empty()) return found;
  }
  return {};
}

// Shown until a script has loaded the true picture, though it may be a picture of its own.
bool is_stand_in(const Node& image, std::string_view source) {
  if (is_preview(source)) return true;
  std::string_view names = image.attribute_or_empty("class");
  for (const std::string_view word : {"lazyload", "lazy", "b-lazy", "lozad"}) {
    const std::size_t at = names.find(word);
    if (at == std::string_view::npos) continue;
    const std::size_t end = at + word.size();
    const bool whole =
        (at == 0 || names[at - 1] == ' ') && (end == names.size() || names[end] == ' ');
    if (whole) return true;
  }
  return false;
}

// The picture in the <noscript> beside a placeholder.
std::string_view address_from_noscript(const Node& image) {
  const Node* at = &image;
  for (int up = 0; up < 2 && at != nullptr; ++up, at = at->parent) {
    for (const Node* beside : {at->next_element(), at->previous_element()}) {
      if (beside == nullptr || !beside->is_element(Tag::noscript_)) continue;
      for (const Node* in = beside; in != nullptr; in = html::next_in_tree(*in, *beside)) {
        if (in->is_element(Tag::img_) && !is_placeholder_picture(in->attribute_or_empty("src")))
          return in->attribute_or_empty("src");
      }
    }
  }
  return {};
}

// The first picture under `node`, among the nodes that one looks at first.
const Node* picture_in(const Node& node) {
  int left = 32;
  for (const Node* at = &node; at != nullptr && left > 0;
       at = html::next_in_tree(*at, node), --left) {
    if (at->is_element(Tag::img_)) return at;
  }
  return nullptr;
}

// Whether a picture stands beside the element, or beside what holds it within a figure.
bool has_picture_beside(const Node& noscript) {
  constexpr int most_levels = 6;
  const Node* figure = &noscript;
  for (int up = 0; up < most_levels && figure != nullptr && !figure->is_element(Tag::figure_); ++up)
    figure = figure->parent;
  const bool in_figure = figure != nullptr && figure->is_element(Tag::figure_);
  const Node* at = &noscript;
  for (int up = 0; up < (in_figure ? most_levels : 2) && at != nullptr && at != figure; ++up) {
    for (const Node* beside : {at->next_element(), at->previous_element()}) {
      if (beside != nullptr && picture_in(*beside) != nullptr) return true;
    }
    at = at->parent;
  }
  return false;
}

// A <noscript> that holds a picture holds its second copy, for readers without scripting, or a
// counter's; but where no picture is near, a script would make it.
bool is_only_copy(const Node& noscript) {
  const Node* image = picture_in(noscript);
  if (image == nullptr || is_small_picture(*image)) return false;
  if (image->attribute_or_empty("style").find("none") != std::string_view::npos) return false;
  return is_named_as_picture(image->attribute_or_empty("src")) && !has_picture_beside(noscript);
}

}  // namespace

bool is_placeholder_picture(std::string_view address) {
  const std::string_view clean = trim(address);
  if (clean.empty() || clean.starts_with("data:") || clean == "#" || clean.starts_with("about:"))
    return true;
  static constexpr std::array<std::string_view, 12> words = {
      "placeholder", "blank.",      "spacer.",  "loading.", "lazy.",    "1x1.",
      "transparent", "default_pic", "grey.gif", "pixel.",   "load.gif", "none.gif"};
  return holds_any(file_name(clean), words) || file_name(path_of(clean)) == "s.gif" ||
         clean.find("/pagespeed_static/") != std::string_view::npos;
}

bool is_small_picture(const Node& image) {
  for (const std::string_view name : {"width", "height"}) {
    const std::string_view value = image.attribute_or_empty(name);
    if (!value.empty() && value.size() < 3 &&
        value.find_first_not_of("0123456789") == std::string_view::npos)
      return true;
  }
  return false;
}

bool settle_picture(Document& document, Node& image) {
  const std::string_view source = trim(image.attribute_or_empty("src"));
  const bool is_placeholder = is_placeholder_picture(source);
  if (!is_placeholder && !is_stand_in(image, source)) return true;
  std::string_view found = address_from_attributes(image);
  if (found.empty()) found = address_from_picture(image);
  if (found.empty()) found = address_from_noscript(image);
  if (found.empty()) return !is_placeholder;
  document.set_attribute(image, "src", found);
  html::remove_attribute(image, "srcset");
  return true;
}

void settle_pictures(Document& document, Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    Node* next = html::next_in_tree(*at, root);
    if (at->is_element(Tag::img_) && !settle_picture(document, *at) &&
        trim(at->attribute_or_empty("src")).empty())
      html::remove(*at);
    at = next;
  }
}

void unwrap_noscript(Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    Node* next = html::next_in_tree(*at, root);
    if (at->is_element(Tag::noscript_)) {
      if (is_blank(html::text_content(*at)) && !is_only_copy(*at)) {
        next = html::next_skipping_children(*at, root);
        html::remove(*at);
      } else {
        html::unwrap(*at);
      }
    }
    at = next;
  }
}

}  // namespace dandelion
