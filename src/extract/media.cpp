// SPDX-License-Identifier: MIT
#include "extract/media.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

// Not an address of a picture worth keeping: none, one written into the page, a loading image.
bool is_placeholder(std::string_view source) {
  const std::string_view clean = trim(source);
  if (clean.empty() || clean.starts_with("data:") || clean == "#" || clean.starts_with("about:"))
    return true;
  static constexpr std::array<std::string_view, 11> words = {
      "placeholder", "blank.",      "spacer.",  "loading.", "lazy.",   "1x1.",
      "transparent", "default_pic", "grey.gif", "pixel.",   "load.gif"};
  const auto slash = clean.find_last_of('/');
  const std::string file =
      ascii_lower(slash == std::string_view::npos ? clean : clean.substr(slash + 1));
  return std::any_of(words.begin(), words.end(), [&file](std::string_view word) {
    return file.find(word) != std::string::npos;
  });
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
    if (size > most && !is_placeholder(address)) {
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
  return !is_placeholder(value) && value.find_first_of("./") != std::string_view::npos &&
         value.find_first_of("{}<>\"") == std::string_view::npos;
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
  return {};
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

// The picture in the <noscript> beside a placeholder.
std::string_view address_from_noscript(const Node& image) {
  const Node* at = &image;
  for (int up = 0; up < 2 && at != nullptr; ++up, at = at->parent) {
    for (const Node* beside : {at->next_element(), at->previous_element()}) {
      if (beside == nullptr || !beside->is_element(Tag::noscript_)) continue;
      for (const Node* in = beside; in != nullptr; in = html::next_in_tree(*in, *beside)) {
        if (in->is_element(Tag::img_) && !is_placeholder(in->attribute_or_empty("src")))
          return in->attribute_or_empty("src");
      }
    }
  }
  return {};
}

// Hosts whose frames are part of what an article says.
constexpr std::array<std::string_view, 30> embed_hosts = {"youtube.com",
                                                          "youtube-nocookie.com",
                                                          "youtu.be",
                                                          "vimeo.com",
                                                          "dailymotion.com",
                                                          "twitter.com",
                                                          "x.com",
                                                          "facebook.com",
                                                          "instagram.com",
                                                          "tiktok.com",
                                                          "soundcloud.com",
                                                          "spotify.com",
                                                          "bilibili.com",
                                                          "youku.com",
                                                          "v.qq.com",
                                                          "rumble.com",
                                                          "odysee.com",
                                                          "ted.com",
                                                          "twitch.tv",
                                                          "vk.com",
                                                          "ok.ru",
                                                          "rutube.ru",
                                                          "t.me",
                                                          "aparat.com",
                                                          "archive.org",
                                                          "wikipedia.org",
                                                          "bandcamp.com",
                                                          "ganjing.com",
                                                          "ganjingworld.com",
                                                          "streamable.com"};

bool is_embed_host(std::string_view host) {
  return std::any_of(embed_hosts.begin(), embed_hosts.end(), [host](std::string_view known) {
    return host == known || (host.ends_with(known) && host.size() > known.size() &&
                             host[host.size() - known.size() - 1] == '.');
  });
}

std::string source_of(const Node& element) {
  for (const std::string_view name : {"src", "data-src", "data-lazy-src"}) {
    const std::string_view value = trim(element.attribute_or_empty(name));
    if (!value.empty() && !value.starts_with("about:") && !value.starts_with("data:"))
      return std::string(value);
  }
  for (const Node* at = html::next_in_tree(element, element); at != nullptr;
       at = html::next_in_tree(*at, element)) {
    if (at->is_element(Tag::source_) && at->attribute("src"))
      return std::string(*at->attribute("src"));
  }
  return {};
}

// The page that shows what a player's frame plays, where the address tells it.
std::string watch_address(const std::string& source) {
  for (const std::string_view frame : {"youtube.com/embed/", "youtube-nocookie.com/embed/"}) {
    const auto at = source.find(frame);
    if (at == std::string::npos) continue;
    const auto begin = at + frame.size();
    return "https://www.youtube.com/watch?v=" +
           source.substr(begin, source.find_first_of("?&#/", begin) - begin);
  }
  return source;
}

// The link within `root` that the element stands in.
Node* link_around(const Node& element, const Node& root) {
  constexpr int most_levels = 32;
  Node* at = element.parent;
  for (int up = 0; up < most_levels && at != nullptr && at != &root; ++up, at = at->parent) {
    if (at->is_element(Tag::a_)) return at;
  }
  return nullptr;
}

void replace_by_link(Document& document, const Node& root, Node& element,
                     const std::string& address, std::string_view text) {
  Node* paragraph = document.create_element("p");
  Node* link = document.create_element("a");
  document.set_attribute(*link, "href", address);
  html::append_child(*link, *document.create_text(text));
  html::append_child(*paragraph, *link);
  // A link within a link is none: it goes behind the one around it.
  if (Node* around = link_around(element, root)) {
    if (around->next != nullptr) {
      html::insert_before(*around->next, *paragraph);
    } else {
      html::append_child(*around->parent, *paragraph);
    }
  } else {
    html::insert_before(element, *paragraph);
  }
  html::remove(element);
}

}  // namespace

void settle_pictures(Document& document, Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    Node* next = html::next_in_tree(*at, root);
    if (at->is_element(Tag::img_) && is_placeholder(at->attribute_or_empty("src"))) {
      std::string_view found = address_from_attributes(*at);
      if (found.empty()) found = address_from_picture(*at);
      if (found.empty()) found = address_from_noscript(*at);
      if (!found.empty()) {
        document.set_attribute(*at, "src", found);
        html::remove_attribute(*at, "srcset");
      } else if (trim(at->attribute_or_empty("src")).empty()) {
        html::remove(*at);
      }
    }
    at = next;
  }
}

void link_embeds(Document& document, Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    const bool frame = at->is_element(Tag::iframe_) || at->is_element(Tag::embed_);
    const bool player = at->is_element(Tag::video_) || at->is_element(Tag::audio_);
    if (!frame && !player) {
      at = html::next_in_tree(*at, root);
      continue;
    }
    Node* next = html::next_skipping_children(*at, root);
    std::string source = source_of(*at);
    if (source.starts_with("//")) source.insert(0, "https:");
    const auto url = parse_url(source);
    const bool leads_nowhere =
        frame ? !url || !is_embed_host(url->host) : source.empty() || source.starts_with("blob:");
    if (leads_nowhere) {
      html::remove(*at);
    } else if (frame) {
      std::string title = collapse_space(at->attribute_or_empty("title"));
      replace_by_link(document, root, *at, watch_address(source),
                      title.empty() ? url->host : title);
    } else {
      const auto slash = source.find_last_of('/');
      std::string name = source.substr(slash == std::string::npos ? 0 : slash + 1);
      replace_by_link(document, root, *at, source, name.empty() ? source : name);
    }
    at = next;
  }
}

void unwrap_noscript(Node& root) {
  Node* at = html::next_in_tree(root, root);
  while (at != nullptr) {
    Node* next = html::next_in_tree(*at, root);
    if (at->is_element(Tag::noscript_)) {
      // A picture's second copy, for readers without scripting.
      const bool only_picture = is_blank(html::text_content(*at));
      if (only_picture) {
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
