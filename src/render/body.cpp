// SPDX-License-Identifier: MIT
#include "render/body.hpp"

#include <unordered_set>

#include "core/text.hpp"
#include "core/url.hpp"
#include "html/sanitize.hpp"
#include "render/footnote_links.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

bool is_web_address(std::string_view url) {
  return url.starts_with("http://") || url.starts_with("https://");
}

class BodyPreparation {
 public:
  BodyPreparation(const html::Article& article, const BodyRules& rules)
      : rules_(rules), page_(without_fragment(article.url)) {
    made_.body = made_.document.clone(*article.body);
    if (article.hero_image != nullptr) made_.hero_image = made_.document.clone(*article.hero_image);
    if (article.hero_caption != nullptr)
      made_.hero_caption = made_.document.clone(*article.hero_caption);
  }

  PreparedBody work() {
    // They hang under one parent, so that a node that gives way always has one.
    Node* home = made_.document.create_element("div");
    settle_footnotes();
    for (Node** part : {&made_.hero_image, &made_.hero_caption, &made_.body}) {
      if (*part == nullptr) continue;
      html::append_child(*home, **part);
      prepare(**part);
    }
    if (made_.hero_image != nullptr && made_.hero_image->parent == nullptr)
      made_.hero_image = nullptr;
    return std::move(made_);
  }

 private:
  void settle_footnotes() {
    if (rules_.keeps_markup) return;
    // What looks like a footnote's place and is none would be in their way.
    const Footnotes found = rules_.footnotes == FootnoteForm::text
                                ? Footnotes()
                                : find_footnotes(*made_.body, links_within(*made_.body));
    first_note_ = static_cast<int>(found.notes.size()) + 1;
    if (rules_.footnotes == FootnoteForm::markdown) {
      jumps_ = found.links;
      return;
    }
    for (Node* at = made_.body; at != nullptr; at = html::next_in_tree(*at, *made_.body)) {
      for (const std::string_view name : {"id", "role"})
        html::remove_attribute(*at, name);
    }
    if (!found.empty()) jumps_ = link_footnotes(made_.document, found);
  }

  void prepare(Node& root) {
    Node* next = nullptr;
    for (Node* at = &root; at != nullptr; at = next) {
      next = html::next_in_tree(*at, root);
      if (!at->is_element()) continue;
      if (rules_.keeps_markup && rules_.pictures == PictureMode::link && !at->is_element(Tag::a_))
        continue;
      if (at->is_element(Tag::source_)) {
        html::remove(*at);
      } else if (at->is_element(Tag::img_)) {
        picture(*at);
      } else if (at->is_element(Tag::a_)) {
        link(*at);
      }
    }
  }

  void picture(Node& image) {
    const std::string address = picture_address(image);
    std::optional<MirroredPicture> mirrored;
    if (rules_.pictures == PictureMode::mirror && rules_.local_picture && !address.empty())
      mirrored = rules_.local_picture(address);
    if (mirrored) {
      set(image, "src", relative_path(rules_.path, mirrored->path));
      if (mirrored->width > 0 && mirrored->height > 0) {
        set(image, "width", std::to_string(mirrored->width));
        set(image, "height", std::to_string(mirrored->height));
      }
    } else if (rules_.keeps_markup && rules_.pictures == PictureMode::mirror) {
      return;  // not yet here: as the source has it
    } else if (rules_.pictures == PictureMode::link && !address.empty()) {
      set(image, "src", address);
    } else {
      alternative_text(image);
      return;
    }
    for (const std::string_view name :
         {"srcset", "sizes", "data-src", "data-original", "data-lazy-src", "data-url", "loading"})
      html::remove_attribute(image, name);
  }

  // What a picture that is not here leaves behind.
  void alternative_text(Node& image) {
    const std::string alt = collapse_space(image.attribute_or_empty("alt"));
    if (!alt.empty()) {
      Node* words = made_.document.create_element("em");
      html::append_child(*words, *made_.document.create_text("[" + alt + "]"));
      html::insert_before(image, *words);
    }
    html::remove(image);
  }

  void link(Node& anchor) {
    if (rules_.keeps_markup && rules_.links == LinkPolicy::inert) return;
    if (jumps_.contains(&anchor)) return;
    const std::string href(trim(anchor.attribute_or_empty("href")));
    if (rules_.links == LinkPolicy::inert || href.empty() || !html::is_safe_link(href)) {
      html::unwrap(anchor);
      return;
    }
    if (const auto local = local_copy(href); !local.empty()) {
      keep_only_href(anchor, relative_path(rules_.path, path_in_format(local, rules_.format)));
    } else if (rules_.keeps_markup && rules_.links == LinkPolicy::keep) {
      return;
    } else if (href.starts_with('#') || without_fragment(href) == page_ || !is_web_address(href)) {
      // Anchors inside the page are not kept, and no other scheme leads to something to read.
      html::unwrap(anchor);
    } else if (rules_.links == LinkPolicy::text) {
      note(anchor, href);
    } else {
      const bool archived = rules_.links == LinkPolicy::archive;
      keep_only_href(anchor, printable_url(archived ? rules_.archive_prefix + href : href));
      set(anchor, "rel", "noopener noreferrer nofollow");
      if (rules_.format == PageFormat::html) set(anchor, "referrerpolicy", "no-referrer");
    }
  }

  [[nodiscard]] std::string local_copy(const std::string& href) const {
    if (!rules_.local_page || without_fragment(href) == page_) return {};
    return rules_.local_page(href).value_or(std::string());
  }

  void keep_only_href(Node& anchor, const std::string& href) {
    anchor.attributes = anchor.attributes.first(0);
    set(anchor, "href", href);
  }

  // The text stays; a number behind it leads to the address.
  void note(Node& anchor, const std::string& href) {
    const std::string text = collapse_space(html::text_content(anchor));
    // A link around a picture shows the picture larger, and one whose text is the address needs no
    // note.
    if (text.empty() || text == href) {
      html::unwrap(anchor);
      return;
    }
    const std::string number = std::to_string(number_of(href));
    Node* mark = made_.document.create_element("sup");
    Node* digits = made_.document.create_text(number);
    if (rules_.format == PageFormat::html) {
      Node* jump = made_.document.create_element("a");
      set(*jump, "href", "#note-" + number);
      jumps_.insert(jump);
      html::append_child(*jump, *digits);
      html::append_child(*mark, *jump);
    } else {
      html::append_child(*mark, *digits);
    }
    anchor.attributes = anchor.attributes.first(0);
    if (anchor.next != nullptr) {
      html::insert_before(*anchor.next, *mark);
    } else {
      html::append_child(*anchor.parent, *mark);
    }
    html::unwrap(anchor);
  }

  int number_of(const std::string& href) {
    const std::string address = defang(href);
    for (const LinkNote& known : made_.notes) {
      if (known.address == address) return known.number;
    }
    made_.notes.push_back({first_note_ + static_cast<int>(made_.notes.size()), address});
    return made_.notes.back().number;
  }

  void set(Node& element, std::string_view name, std::string_view value) {
    made_.document.set_attribute(element, name, value);
  }

  const BodyRules& rules_;
  std::string page_;
  PreparedBody made_;
  int first_note_ = 1;                     // numbers go on behind the footnotes'
  std::unordered_set<const Node*> jumps_;  // to notes, and back: links of ours
};

}  // namespace

PreparedBody prepare_body(const html::Article& article, const BodyRules& rules) {
  return BodyPreparation(article, rules).work();
}

std::string defang(std::string_view url) {
  const std::string printable = printable_url(url);
  std::string_view rest = printable;
  std::string text;
  if (rest.starts_with("http")) {
    text = "hxxp";
    rest.remove_prefix(4);
  }
  const auto host = rest.find("//") == std::string_view::npos ? 0 : rest.find("//") + 2;
  const auto end = std::min(rest.find('/', host), rest.size());
  text += rest.substr(0, host);
  text += replace_all(rest.substr(host, end - host), ".", "[.]");
  text += rest.substr(end);
  return text;
}

std::string path_in_format(std::string_view markdown_path, PageFormat format) {
  std::string path(markdown_path);
  if (format == PageFormat::html && path.ends_with(".md")) {
    path.resize(path.size() - 3);
    path += ".html";
  }
  return path;
}

std::string picture_address(const Node& image) {
  const auto usable = [](std::string_view source) {
    return !trim(source).empty() && !source.starts_with("data:");
  };
  for (const std::string_view name :
       {"src", "data-src", "data-original", "data-lazy-src", "data-url"}) {
    if (const auto source = image.attribute(name); source && usable(*source))
      return std::string(trim(*source));
  }
  return {};
}

std::string relative_path(std::string_view from, std::string_view to) {
  std::size_t common = 0;
  for (std::size_t i = 0; i < from.size() && i < to.size() && from[i] == to[i]; ++i) {
    if (from[i] == '/') common = i + 1;
  }
  std::string path;
  for (std::size_t i = common; i < from.size(); ++i) {
    if (from[i] == '/') path += "../";
  }
  return path.append(to.substr(common));
}

}  // namespace dandelion
