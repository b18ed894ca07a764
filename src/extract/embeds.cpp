// SPDX-License-Identifier: MIT
#include "extract/embeds.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "core/text.hpp"
#include "core/url.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

// Hosts whose frames are part of what an article says.
constexpr std::array<std::string_view, 36> embed_hosts = {"youtube.com",
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
                                                          "streamable.com",
                                                          "bsky.app",
                                                          "threads.net",
                                                          "threads.com",
                                                          "reddit.com",
                                                          "weibo.com",
                                                          "datawrapper.dwcdn.net"};

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

// A toot, on whichever of the many hosts of its kind: /@name/number/embed.
bool is_toot(const Url& url) {
  return url.path.starts_with("/@") && url.path.ends_with("/embed");
}

bool is_embed(const Url& url) {
  const bool is_map = url.path.starts_with("/maps") &&
                      (url.host.starts_with("www.google.") || url.host.starts_with("maps.google."));
  return is_embed_host(url.host) || is_map || is_toot(url) || url.path.ends_with(".pdf");
}

// A query's value; empty where it has none of that name.
std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return pair.substr(name.size() + 1);
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
  }
  return {};
}

std::string youtube_page(const Url& url) {
  constexpr std::size_t prefix = std::string_view("/embed/").size();
  const std::string video = url.path.substr(prefix, url.path.find('/', prefix) - prefix);
  const std::string list(query_value(url.query, "list"));
  if (video == "videoseries" || (video.empty() && !list.empty()))
    return "https://www.youtube.com/playlist?list=" + list;
  const std::string start(query_value(url.query, "start"));
  return "https://www.youtube.com/watch?v=" + video + (start.empty() ? "" : "&t=" + start + "s");
}

// The page that shows what a frame plays or quotes, where the address tells it.
std::string page_of_frame(const std::string& source, const Url& url) {
  const bool is_youtube =
      url.host.ends_with("youtube.com") || url.host.ends_with("youtube-nocookie.com");
  if (is_youtube && url.path.starts_with("/embed/")) return youtube_page(url);
  if (is_toot(url)) return source.substr(0, source.rfind("/embed"));
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

// ---- before the text is looked for

// Elements whose attribute is, or is a part of, the address of what they show.
struct Widget {
  std::string_view element;
  std::string_view in_class;  // empty: whatever the class
  std::string_view attribute;
  std::string_view address;  // what stands before the attribute's value
};

constexpr std::array<Widget, 14> widgets = {{
    {"div", "fb-", "data-href", ""},
    {"amp-facebook", "", "data-href", ""},
    {"script", "", "data-telegram-post", "https://t.me/"},
    {"lite-youtube", "", "videoid", "https://www.youtube.com/watch?v="},
    {"amp-youtube", "", "data-videoid", "https://www.youtube.com/watch?v="},
    {"div", "youtube", "data-id", "https://www.youtube.com/watch?v="},
    {"lite-vimeo", "", "videoid", "https://vimeo.com/"},
    {"amp-vimeo", "", "data-videoid", "https://vimeo.com/"},
    {"amp-twitter", "", "data-tweetid", "https://twitter.com/i/status/"},
    {"amp-instagram", "", "data-shortcode", "https://www.instagram.com/p/"},
    {"amp-iframe", "", "src", ""},
    {"object", "", "data", ""},
    {"embed", "", "src", ""},
    {"amp-tiktok", "", "data-src", ""},
}};

// The kinds of <blockquote> that scripts replace by the post they quote.
bool is_quoted_post(const Node& quote) {
  static constexpr std::array<std::string_view, 10> names = {
      "twitter-tweet", "twitter-video",   "bluesky-embed",   "mastodon-embed", "instagram-media",
      "tiktok-embed",  "reddit-embed-bq", "text-post-media", "reddit-card",    "imgur-embed-pub"};
  const std::string_view classes = quote.attribute_or_empty("class");
  return std::any_of(names.begin(), names.end(), [classes](std::string_view name) {
    return classes.find(name) != std::string_view::npos;
  });
}

Node* put_frame(Document& document, Node& element, const std::string& address,
                std::string_view title) {
  Node* frame = document.create_element("iframe");
  document.set_attribute(*frame, "src", address);
  if (!title.empty()) document.set_attribute(*frame, "title", title);
  html::insert_before(element, *frame);
  html::remove(element);
  return frame;
}

struct Post {
  std::string address;       // its own
  std::string longest;       // run of text
  std::size_t own_text = 0;  // in bytes, outside links
  bool links_itself = false;
};

Post read_post(const Node& quote) {
  Post post;
  for (const std::string_view name :
       {"data-instgrm-permalink", "data-text-post-permalink", "cite", "data-embed-url"}) {
    if (post.address.empty()) post.address = trim(quote.attribute_or_empty(name));
  }
  std::string last_link;
  bool in_link = false;
  const Node* link_end = nullptr;
  for (const Node* at = html::next_in_tree(quote, quote); at != nullptr;
       at = html::next_in_tree(*at, quote)) {
    // None in another; looking for it in each would take the square of their number.
    if (at->is_element(Tag::blockquote_) && is_quoted_post(*at)) return {};
    if (at == link_end) in_link = false;
    if (at->is_element(Tag::a_) && at->attribute("href")) {
      in_link = true;
      link_end = html::next_skipping_children(*at, quote);
      last_link = trim(at->attribute_or_empty("href"));
      post.links_itself = post.links_itself || last_link == post.address;
    }
    if (!at->is_text() || is_blank(at->text)) continue;
    const std::string text = collapse_space(at->text);
    if (!in_link) post.own_text += text.size();
    if (text.size() > post.longest.size()) post.longest = text;
  }
  if (post.address.empty()) {
    post.address = last_link;
    post.links_itself = true;
  }
  return post;
}

// Takes what stands in a post, whatever its boxes, as lines of one paragraph: it is one text, to be
// shown as a whole or not at all.
class LinesOfPost {
 public:
  LinesOfPost(Document& document, Node& paragraph) : document_(document), paragraph_(paragraph) {}

  void take(Node& box, int depth) {
    Node* next = nullptr;
    for (Node* child = box.first_child; child != nullptr; child = next) {
      next = child->next;
      const bool is_box = child->is_element() && html::is_block(child->tag);
      if (is_box && depth < deepest_box) {
        end_line();
        take(*child, depth + 1);
        end_line();
      } else if (child->is_element(Tag::br_)) {
        end_line();
      } else {
        add(*child);
      }
    }
  }

  void end_line() { line_ended_ = true; }

  void add(Node& part) {
    if (line_ended_ && part.is_text() && is_blank(part.text)) return;
    if (line_ended_ && paragraph_.first_child != nullptr)
      html::append_child(paragraph_, *document_.create_element("br"));
    line_ended_ = false;
    html::remove(part);
    html::append_child(paragraph_, part);
  }

 private:
  static constexpr int deepest_box = 16;
  Document& document_;
  Node& paragraph_;
  bool line_ended_ = false;
};

Node* settle_post(Document& document, Node& quote) {
  // What a post holds besides a line on who wrote it where.
  constexpr std::size_t least_text = 16;
  const Post post = read_post(quote);
  const auto url = parse_url(post.address);
  if (!url) return nullptr;
  if (post.own_text < least_text) return put_frame(document, quote, post.address, post.longest);
  Node* plain = document.create_element("blockquote");
  Node* paragraph = document.create_element("p");
  html::append_child(*plain, *paragraph);
  LinesOfPost lines(document, *paragraph);
  lines.take(quote, 0);
  if (!post.links_itself) {
    Node* link = document.create_element("a");
    document.set_attribute(*link, "href", post.address);
    html::append_child(*link, *document.create_text(url->host));
    lines.end_line();
    lines.add(*link);
  }
  // With its own place in the text, and short as it may be not to be judged by its length.
  Node* figure = document.create_element("figure");
  html::append_child(*figure, *plain);
  html::insert_before(quote, *figure);
  html::remove(quote);
  return figure;
}

Node* settle_widget(Document& document, Node& element) {
  for (const Widget& widget : widgets) {
    if (element.name != widget.element) continue;
    const std::string_view value = trim(element.attribute_or_empty(widget.attribute));
    if (value.empty() ||
        element.attribute_or_empty("class").find(widget.in_class) == std::string_view::npos)
      continue;
    std::string_view title = element.attribute_or_empty("title");
    if (title.empty()) title = element.attribute_or_empty("playlabel");
    return put_frame(document, element, std::string(widget.address) + std::string(value), title);
  }
  return nullptr;
}

// <amp-img> is <img>, but for what it holds for others.
Node* settle_amp_picture(Document& document, Node& element) {
  document.rename(element, "img");
  while (element.first_child != nullptr)
    html::remove(*element.first_child);
  return &element;
}

}  // namespace

Node* settle_embed(Document& document, Node& element) {
  if (element.ns != html::Namespace::html) return nullptr;
  if (element.is_element(Tag::blockquote_))
    return is_quoted_post(element) ? settle_post(document, element) : nullptr;
  if (element.name == "amp-img" || element.name == "amp-anim")
    return settle_amp_picture(document, element);
  return settle_widget(document, element);
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
        frame ? !url || !is_embed(*url) : source.empty() || source.starts_with("blob:");
    if (leads_nowhere) {
      html::remove(*at);
    } else if (frame) {
      std::string title = collapse_space(at->attribute_or_empty("title"));
      replace_by_link(document, root, *at, page_of_frame(source, *url),
                      title.empty() ? url->host : title);
    } else {
      const auto slash = source.find_last_of('/');
      std::string name = source.substr(slash == std::string::npos ? 0 : slash + 1);
      replace_by_link(document, root, *at, source, name.empty() ? source : name);
    }
    at = next;
  }
}

}  // namespace dandelion
