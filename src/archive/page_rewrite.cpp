// SPDX-License-Identifier: MIT
#include "archive/page_rewrite.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "archive/css_addresses.hpp"
#include "archive/page_space.hpp"
#include "core/text.hpp"
#include "core/url.hpp"
#include "html/base_url.hpp"
#include "html/parse.hpp"
#include "html/serialize.hpp"
#include "sign/signing_key.hpp"

namespace dandelion {
namespace {

using html::Node;

constexpr std::string_view policy =
    "default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline' "
    "data:; frame-src 'self' data:; base-uri 'none'; form-action 'none'";

// Links to others that a browser neither loads nor prepares for.
constexpr std::array<std::string_view, 7> harmless_links = {
    "canonical", "alternate", "author", "license", "help", "shortlink", "bookmark"};

// A page within an attribute within a page …
constexpr int deepest_srcdoc = 2;

// Where pages leave a picture's address until a script has moved it.
constexpr std::array<std::string_view, 4> lazy_sources = {"data-src", "data-lazy-src",
                                                          "data-original", "data-url"};
constexpr std::array<std::string_view, 2> lazy_sets = {"data-srcset", "data-lazy-srcset"};

bool has_word(std::string_view words, std::string_view wanted) {
  const std::string list = " " + ascii_lower(collapse_space(words)) + " ";
  return list.find(fmt::format(" {} ", wanted)) != std::string::npos;
}

bool is_data(std::string_view address) {
  return ascii_lower(trim(address).substr(0, 5)) == "data:";
}

// A style sheet's text cannot end its element.
std::string within_style(std::string css) {
  for (std::size_t at = css.find("</"); at != std::string::npos; at = css.find("</", at + 3))
    css.replace(at, 2, "<\\/");
  return css;
}

class Rewriting {
 public:
  Rewriting(html::Document& page, const std::string& url, const Embed& embed, int depth = 0)
      : page_(page), base_(html::base_url(page.root(), url)), embed_(embed), depth_(depth) {}

  std::string work() && {
    const Node& root = page_.root();
    for (Node* at = html::next_in_tree(root, root); at != nullptr;) {
      Node* const beyond = html::next_skipping_children(*at, root);
      const bool gone = at->type == html::NodeType::comment || (at->is_element() && !take(*at));
      if (gone) html::remove(*at);
      // Only now: an element's children may be others than they were.
      at = gone ? beyond : html::next_in_tree(*at, root);
    }
    for (Node* shown : noscripts_)
      html::unwrap(*shown);
    collapse_page_space(page_);
    add_head();
    return html::inner_html(root);
  }

 private:
  // Whether the element stays.
  bool take(Node& node) {
    if (node.name == "script" || node.name == "base" || node.name == "applet") return false;
    if (node.name == "meta") return take_meta(node);
    if (node.name == "noscript") return take_noscript(node);
    drop_attributes(node);
    if (node.name == "link") return take_link(node);
    if (node.name == "style") {
      const std::string css = within_style(style(html::text_content(node)));
      while (node.first_child != nullptr)
        html::remove(*node.first_child);
      html::append_child(node, *page_.create_text(css));
    }
    if (const auto inlined = node.attribute("style"))
      page_.set_attribute(node, "style", style(*inlined));
    take_addresses(node);
    return true;
  }

  static bool take_meta(const Node& node) {
    const std::string_view meaning = node.attribute_or_empty("http-equiv");
    return !node.attribute("charset") && !equals_ignoring_case(meaning, "refresh") &&
           !equals_ignoring_case(meaning, "content-type") &&
           !equals_ignoring_case(meaning, "content-security-policy") &&
           !equals_ignoring_case(meaning, "set-cookie");
  }

  // Scripts are out, so what stands for them is shown; not where it is the second of two pictures.
  bool take_noscript(Node& node) {
    const Node* before = node.previous_element();
    if (before != nullptr && before->name == "img") return false;
    noscripts_.push_back(&node);
    return true;
  }

  // What runs scripts, tells others, or checks what is changed here.
  static void drop_attributes(Node& node) {
    std::vector<std::string> gone;
    for (const html::Attribute& attribute : node.attributes) {
      const bool is_handler = attribute.name.starts_with("on");
      const bool is_other = attribute.name == "integrity" || attribute.name == "nonce" ||
                            attribute.name == "crossorigin" || attribute.name == "ping" ||
                            attribute.name == "action" || attribute.name == "formaction" ||
                            attribute.name == "autofocus" || attribute.name == "manifest" ||
                            attribute.name == "loading" || attribute.name == "autoplay";
      if (is_handler || is_other) gone.emplace_back(attribute.name);
    }
    for (const std::string& name : gone)
      html::remove_attribute(node, name);
  }

  bool take_link(Node& node) {
    const std::string_view rel = node.attribute_or_empty("rel");
    const std::string_view address = trim(node.attribute_or_empty("href"));
    const auto target = address.empty() ? std::nullopt : resolve_url(base_, address);
    if (has_word(rel, "stylesheet")) {
      const auto css = target ? embed_(*target, EmbeddedKind::style) : std::nullopt;
      if (!css || node.attribute("disabled")) return false;
      Node* made = page_.create_element("style");
      if (const auto media = node.attribute("media")) page_.set_attribute(*made, "media", *media);
      html::append_child(*made, *page_.create_text(within_style(*css)));
      html::insert_before(node, *made);
      return false;
    }
    if (has_word(rel, "icon")) {
      embed_in(node, "href");
      return node.attribute("href").has_value();
    }
    const bool harmless =
        target && std::any_of(harmless_links.begin(), harmless_links.end(),
                              [rel](std::string_view word) { return has_word(rel, word); });
    if (harmless) page_.set_attribute(node, "href", *target);
    return harmless;
  }

  void take_addresses(Node& node) {
    if (node.name == "img") wake(node);
    if (node.name == "a" || node.name == "area") {
      const bool is_link = node.attribute("href").has_value();
      absolute(node, "href");
      // One that only a script could follow still looks like a link.
      if (is_link && !node.attribute("href")) page_.set_attribute(node, "href", "#");
    } else if (node.name == "iframe" || node.name == "frame") {
      take_frame(node);
    } else if (node.ns == html::Namespace::svg) {
      for (const char* name : {"href", "xlink:href"}) {
        if (!node.attribute_or_empty(name).starts_with('#')) embed_in(node, name);
      }
    } else {
      for (const char* name : {"src", "poster", "background", "data"})
        embed_in(node, name);
      take_srcset(node);
    }
    html::remove_attribute(node, "imagesrcset");
    for (const char* name : {"cite", "longdesc"})
      absolute(node, name);
  }

  // A picture that a script would have brought.
  void wake(Node& node) {
    const std::string_view source = node.attribute_or_empty("src");
    for (const std::string_view name : lazy_sources) {
      const auto waiting = node.attribute(name);
      if (waiting && (source.empty() || is_data(source))) {
        page_.set_attribute(node, "src", *waiting);
        break;
      }
    }
    for (const std::string_view name : lazy_sets) {
      const auto waiting = node.attribute(name);
      if (waiting && !node.attribute("srcset")) page_.set_attribute(node, "srcset", *waiting);
    }
  }

  void take_frame(Node& node) {
    const std::string_view source = trim(node.attribute_or_empty("src"));
    const auto target = source.empty() ? std::nullopt : resolve_url(base_, source);
    std::optional<std::string> inner;
    if (const auto written = node.attribute("srcdoc"); written && depth_ < deepest_srcdoc) {
      html::Document within = html::parse(*written);
      if (!within.is_cut()) inner = Rewriting(within, base_, embed_, depth_ + 1).work();
    } else if (target && !written) {
      inner = embed_(without_fragment(*target), EmbeddedKind::frame);
    }
    html::remove_attribute(node, "src");
    html::remove_attribute(node, "srcdoc");
    page_.set_attribute(node, "sandbox", "");
    if (inner) page_.set_attribute(node, "srcdoc", *inner);
  }

  void absolute(Node& node, std::string_view name) {
    const auto value = node.attribute(name);
    if (!value || trim(*value).starts_with('#')) return;
    const std::string scheme = ascii_lower(trim(*value).substr(0, trim(*value).find(':')));
    if (const auto target = resolve_url(base_, trim(*value))) {
      // The page's own address may hold a password; nobody else is to see it.
      page_.set_attribute(node, name, redact_url(*target));
    } else if (scheme != "mailto" && scheme != "tel") {
      html::remove_attribute(node, name);
    }
  }

  void embed_in(Node& node, std::string_view name) {
    const auto value = node.attribute(name);
    // An empty one names nothing, though it would resolve to the page itself.
    if (!value || is_blank(*value) || is_data(*value)) return;
    const auto target = resolve_url(base_, trim(*value));
    const auto data =
        target ? embed_(without_fragment(*target), EmbeddedKind::resource) : std::nullopt;
    if (data) {
      page_.set_attribute(node, name, *data);
    } else {
      html::remove_attribute(node, name);
    }
  }

  // Every choice that is there, with its width or density.
  void take_srcset(Node& node) {
    const auto set = node.attribute("srcset");
    if (!set) return;
    std::string kept;
    std::string_view rest = *set;
    while (!rest.empty()) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n\f,"), rest.size()));
      const auto end = std::min(rest.find_first_of(" \t\r\n\f"), rest.size());
      std::string_view address = rest.substr(0, end);
      rest.remove_prefix(end);
      std::string_view descriptor;
      if (address.ends_with(',')) {
        address.remove_suffix(address.size() - address.find_last_not_of(',') - 1);
      } else {
        const auto comma = std::min(rest.find(','), rest.size());
        descriptor = trim(rest.substr(0, comma));
        rest.remove_prefix(comma);
      }
      if (address.empty()) continue;
      const auto target = is_data(address) ? std::nullopt : resolve_url(base_, address);
      const auto data =
          target ? embed_(without_fragment(*target), EmbeddedKind::resource) : std::nullopt;
      if (!data && !is_data(address)) continue;
      kept += fmt::format("{}{} {}", kept.empty() ? "" : ", ", data ? *data : address, descriptor);
    }
    if (kept.empty()) {
      html::remove_attribute(node, "srcset");
    } else {
      page_.set_attribute(node, "srcset", kept);
    }
  }

  [[nodiscard]] std::string style(std::string_view css) const {
    return rewrite_style(css, base_, embed_);
  }

  void add_head() {
    const Node& root = page_.root();
    for (Node* at = html::next_in_tree(root, root); at != nullptr;
         at = html::next_in_tree(*at, root)) {
      if (at->name != "head") continue;
      Node* charset = page_.create_element("meta");
      page_.set_attribute(*charset, "charset", "utf-8");
      Node* csp = page_.create_element("meta");
      page_.set_attribute(*csp, "http-equiv", "Content-Security-Policy");
      page_.set_attribute(*csp, "content", policy);
      for (Node* made : {charset, csp}) {
        if (at->first_child != nullptr && made == charset) {
          html::insert_before(*at->first_child, *made);
        } else if (made == csp && charset->next != nullptr) {
          html::insert_before(*charset->next, *made);
        } else {
          html::append_child(*at, *made);
        }
      }
      return;
    }
  }

  html::Document& page_;
  const std::string base_;
  const Embed& embed_;
  const int depth_;
  std::vector<Node*> noscripts_;
};

}  // namespace

std::string rewrite_page(html::Document& page, const std::string& url, const Embed& embed) {
  return Rewriting(page, url, embed).work();
}

std::string data_address(std::string_view content_type, std::string_view bytes) {
  std::string type;
  for (const char c : ascii_lower(content_type)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          std::string_view("/+-.;=_").find(c) != std::string_view::npos;
    if (is_plain) type += c;
  }
  return fmt::format("data:{};base64,{}", type, base64(bytes));
}

std::string rewrite_style(std::string_view css, const std::string& url, const Embed& embed) {
  return rewrite_css(css, [&](std::string_view address, CssAddress kind) {
    const std::string_view trimmed = trim(address);
    // A part of the page itself, or already here.
    if (trimmed.starts_with('#') || is_data(trimmed)) return std::optional(std::string(address));
    const auto target = resolve_url(url, trimmed);
    if (!target) return std::optional<std::string>();
    if (kind == CssAddress::import) {
      const auto inner = embed(without_fragment(*target), EmbeddedKind::style);
      return inner ? std::optional(data_address("text/css;charset=utf-8", *inner)) : inner;
    }
    return embed(without_fragment(*target), EmbeddedKind::resource);
  });
}

}  // namespace dandelion
