// SPDX-License-Identifier: MIT
#include "extract/extract.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/text.hpp"
#include "core/url.hpp"
#include "extract/embedded_article.hpp"
#include "extract/embeds.hpp"
#include "extract/find_article.hpp"
#include "extract/media.hpp"
#include "extract/metadata.hpp"
#include "extract/next_page.hpp"
#include "extract/plain_forms.hpp"
#include "extract/text_language.hpp"
#include "html/base_url.hpp"
#include "html/parse.hpp"
#include "html/sanitize.hpp"
#include "html/selector.hpp"

namespace dandelion {
namespace {

using html::Article;
using html::Document;
using html::Node;
using html::Selector;
using html::Tag;

constexpr std::size_t excerpt_bytes = 300;

// nullptr where the selector matches nothing; an error only where it does not parse.
Result<Node*> select(const Node& root, const std::string& selector) {
  auto compiled = Selector::parse(selector);
  if (!compiled) return tl::unexpected(compiled.error());
  for (Node* found : compiled->select_all(root)) {
    // A script is no text, whatever a selector says.
    if (!html::acts(*found)) return found;
  }
  return nullptr;
}

// An absolute address stays to the byte: sources mean what they write, and a page must not change
// because we rewrote it.
std::string absolute(std::string_view base, std::string_view reference) {
  if (base.empty() || has_scheme(trim(reference))) return std::string(reference);
  return resolve_url(base, reference).value_or(std::string(reference));
}

void make_absolute(Document& document, Node& root, std::string_view base) {
  for (Node* at = &root; at != nullptr; at = html::next_in_tree(*at, root)) {
    if (!at->is_element()) continue;
    // Relative candidates would lead into the mirror; without them a browser takes `src`.
    const auto candidates = at->attribute("srcset");
    if (candidates && !base.empty() && candidates->find("://") == std::string_view::npos) {
      html::remove_attribute(*at, "srcset");
    }
    for (const std::string_view name : {"href", "src", "cite", "poster"}) {
      const auto value = at->attribute(name);
      // A link within the page keeps working without its address.
      if (!value || (name == "href" && value->starts_with('#'))) continue;
      if (const std::string full = absolute(base, *value); full != *value)
        document.set_attribute(*at, name, full);
    }
  }
}

Result<void> take_title(Article& article, const Node& page, const ArticleRules& rules,
                        const PageMetadata& metadata) {
  article.title = metadata.title;
  if (rules.title.empty()) return {};
  auto found = select(page, rules.title);
  if (!found) return tl::unexpected(found.error());
  if (*found == nullptr) {
    return fail(ErrorKind::malformed, "no title: nothing on the page matches '{}'", rules.title);
  }
  article.title = collapse_space(html::text_content(**found));
  if (article.title.empty()) {
    return fail(ErrorKind::malformed, "no title: what matches '{}' has no text", rules.title);
  }
  return {};
}

Result<void> remove_unwanted(Node& root, const ArticleRules& rules) {
  for (const std::string& text : rules.remove) {
    auto selector = Selector::parse(text);
    if (!selector) return tl::unexpected(selector.error());
    for (Node* node : selector->select_all(root))
      html::remove(*node);
  }
  return {};
}

// The part of the page that the site's rules name.
Result<void> take_body(Article& article, Node& page, const ArticleRules& rules) {
  auto found = select(page, rules.body);
  if (!found) return tl::unexpected(found.error());
  if (*found == nullptr) {
    return fail(ErrorKind::malformed, "no article body: nothing on the page matches '{}'",
                rules.body);
  }
  article.body = *found;
  return {};
}

constexpr std::size_t short_article_bytes = 600;

// No more than `most`: where that is enough, nobody asks for the rest.
std::size_t count_text(const Node& body, std::size_t most) {
  std::size_t bytes = 0;
  for (const Node* at = &body; at != nullptr && bytes < most; at = html::next_in_tree(*at, body)) {
    if (at->is_text()) bytes += trim(at->text).size();
  }
  return std::min(bytes, most);
}

// The article as the page hands it to its scripts, where it shows none, or no more than a few
// lines of it. Returns whether there was one.
bool take_embedded(Article& article, const FoundArticle& found, const PageMetadata& metadata) {
  const std::size_t enough = metadata.is_teaser ? std::string::npos : short_article_bytes;
  const std::size_t shown = found.body == nullptr ? 0 : count_text(*found.body, enough);
  if (shown == enough) return false;
  const EmbeddedArticle embedded = find_embedded_article(metadata.script_data, metadata.title);
  const bool is_more = embedded.bytes > (shown < short_article_bytes ? 3 : 2) * shown;
  if (embedded.bytes == 0 || !is_more || (shown > 0 && !embedded.is_certain)) return false;
  auto parsed = std::make_shared<Document>(html::parse_fragment(embedded.html));
  if (parsed->is_cut()) return false;
  article.document = std::move(parsed);
  Document& document = *article.document;
  article.body = document.create_element("article");
  while (document.root().first_child != nullptr) {
    Node& part = *document.root().first_child;
    html::remove(part);
    html::append_child(*article.body, part);
  }
  html::append_child(document.root(), *article.body);
  write_plainly(document, *article.body);
  return true;
}

Result<void> find_body(Article& article, Node& page, const ArticleRules& rules,
                       const PageMetadata& metadata) {
  // What a site does not want is not to be found in the first place.
  if (auto done = remove_unwanted(page, rules); !done) return done;
  write_plainly(*article.document, page);
  const FoundArticle found = find_article(*article.document, article.title, metadata.kind);
  const bool is_embedded = take_embedded(article, found, metadata);
  if (!is_embedded && found.body == nullptr)
    return fail(ErrorKind::malformed, "no article: nothing on the page reads like one");
  if (!is_embedded) article.body = found.body;
  if (rules.hero || found.lead == nullptr || is_embedded) return {};
  if (!settle_picture(*article.document, *found.lead)) return {};
  article.hero_image = article.document->clone(*found.lead);
  if (found.lead_caption != nullptr)
    article.hero_caption = article.document->clone(*found.lead_caption);
  return {};
}

// What scripts would have shown, and plain links to what only they can show.
void settle_media(Article& article) {
  settle_pictures(*article.document, *article.body);
  unwrap_noscript(*article.body);
  link_embeds(*article.document, *article.body);
}

Result<void> settle_named_body(Article& article, const ArticleRules& rules) {
  if (auto done = remove_unwanted(*article.body, rules); !done) return done;
  if (rules.keeps_markup) return {};
  write_plainly(*article.document, *article.body);
  settle_media(article);
  return {};
}

Result<void> take_hero(Article& article, const Node& page, const ArticleRules& rules) {
  if (!rules.hero) return {};
  auto image = select(page, rules.hero->image);
  if (!image) return tl::unexpected(image.error());
  const bool is_picture = *image != nullptr && (*image)->is_element(Tag::img_) &&
                          settle_picture(*article.document, **image);
  if (!is_picture || html::contains(*article.body, **image)) return {};
  article.hero_image = article.document->clone(**image);
  if (rules.hero->caption.empty()) return {};
  auto caption = select(page, rules.hero->caption);
  if (!caption) return tl::unexpected(caption.error());
  if (*caption != nullptr) article.hero_caption = article.document->clone(**caption);
  return {};
}

// HTML that is <pre> or holds only pictures is an article too; one without anything to see is not.
bool has_content(const Node& body) {
  for (const Node* at = &body; at != nullptr; at = html::next_in_tree(*at, body)) {
    if (at->is_element(Tag::img_) || at->is_element(Tag::video_) || at->is_element(Tag::audio_))
      return true;
    if (at->is_text() && !is_blank(at->text)) return true;
  }
  return false;
}

// Bytes that are no text give a text of control characters and of what could not be decoded.
bool is_text(const Node& body) {
  constexpr std::size_t one_in = 20;
  constexpr std::size_t enough = 4'000;
  std::size_t characters = 0;
  std::size_t strays = 0;
  for (const Node* at = &body; at != nullptr; at = html::next_in_tree(*at, body)) {
    if (!at->is_text()) continue;
    for (std::string_view rest = at->text; !rest.empty() && characters < enough;) {
      const CodePoint c = read_utf8(rest);
      rest.remove_prefix(c.length);
      ++characters;
      const bool is_control = c.value < 0x20 && c.value != '\t' && c.value != '\n' &&
                              c.value != '\f' && c.value != '\r';
      if (is_control || c.value == 0x7F || c.value == 0xFFFD) ++strays;
    }
  }
  return strays * one_in <= characters;
}

constexpr std::size_t max_listed = 10'000;
constexpr std::size_t max_caption_bytes = 2'000;

// Captions of figures, each looked up once however many pictures its figure holds.
class Captions {
 public:
  std::string of(const Node& image) {
    const Node* figure = image.parent;
    while (figure != nullptr && !figure->is_element(Tag::figure_))
      figure = figure->parent;
    if (figure == nullptr) return {};
    const auto [found, is_new] = known_.try_emplace(figure);
    if (is_new) found->second = find(*figure);
    return found->second;
  }

 private:
  static std::string find(const Node& figure) {
    for (const Node* at = &figure; at != nullptr; at = html::next_in_tree(*at, figure)) {
      if (!at->is_element(Tag::figcaption_)) continue;
      std::string caption = collapse_space(html::text_content(*at));
      if (caption.size() > max_caption_bytes) caption.resize(max_caption_bytes);
      while (!is_utf8(caption))
        caption.pop_back();
      return caption;
    }
    return {};
  }

  std::unordered_map<const Node*, std::string> known_;
};

void list_links_and_images(Article& article) {
  if (article.hero_image != nullptr) {
    article.images.push_back({std::string(article.hero_image->attribute_or_empty("src")),
                              std::string(article.hero_image->attribute_or_empty("alt")),
                              article.hero_caption != nullptr
                                  ? collapse_space(html::text_content(*article.hero_caption))
                                  : std::string()});
  }
  Captions captions;
  for (const Node* at = article.body; at != nullptr; at = html::next_in_tree(*at, *article.body)) {
    if (article.links.size() + article.images.size() >= max_listed) break;
    if (at->is_element(Tag::a_) && at->attribute("href")) {
      article.links.push_back(
          {std::string(*at->attribute("href")), collapse_space(html::text_content(*at))});
    } else if (at->is_element(Tag::img_) && at->attribute("src")) {
      article.images.push_back({std::string(*at->attribute("src")),
                                std::string(at->attribute_or_empty("alt")), captions.of(*at)});
    }
  }
}

// The first sentences of the text, for articles that do not describe themselves.
std::string excerpt_of(const Node& body) {
  std::string text;
  for (const Node* at = &body; at != nullptr && text.size() < 2 * excerpt_bytes;
       at = html::next_in_tree(*at, body)) {
    if (at->is_element() && html::is_block(at->tag)) text += ' ';
    if (at->is_text()) text += at->text;
  }
  text = collapse_space(text);
  if (text.size() <= excerpt_bytes) return text;
  text.resize(excerpt_bytes);
  while (!is_utf8(text))
    text.pop_back();
  return text + "…";
}

// What a page names as an address of its own on the web; empty for all else that can be written
// there, scripts and pictures written into the page among it.
std::string web_address(std::string_view base, std::string_view reference) {
  if (reference.empty()) return {};
  std::string address = absolute(base, reference);
  const bool is_web =
      has_scheme(address) ? parse_url(address).has_value() : html::is_safe_link(address);
  return is_web ? address : std::string();
}

// For articles that name no picture.
std::string first_picture(const Article& article) {
  if (article.hero_image != nullptr && !is_small_picture(*article.hero_image))
    return std::string(article.hero_image->attribute_or_empty("src"));
  for (const Node* at = article.body; at != nullptr; at = html::next_in_tree(*at, *article.body)) {
    const std::string_view source = at->attribute_or_empty("src");
    if (at->is_element(Tag::img_) && !is_small_picture(*at) && !is_placeholder_picture(source))
      return std::string(source);
  }
  return {};
}

void take_metadata(Article& article, PageMetadata& metadata, std::string_view base) {
  article.canonical = web_address(base, metadata.canonical);
  article.byline = std::move(metadata.byline);
  article.published = metadata.published;
  article.language = settle_language(metadata.language, *article.body);
  article.site_name = std::move(metadata.site_name);
  if (!is_placeholder_picture(metadata.image)) article.image = web_address(base, metadata.image);
  article.excerpt = std::move(metadata.description);
}

}  // namespace

Result<Article> extract_article(std::string_view page, std::string_view url,
                                const ArticleRules& rules) {
  Article article;
  article.url = url;
  article.rename = rules.rename;
  article.document = std::make_shared<Document>(html::parse(page));
  if (auto whole = html::check_whole(*article.document); !whole)
    return tl::unexpected(whole.error());
  // Outlives the body's own document, which may become another.
  const std::shared_ptr<Document> whole = article.document;
  Node& root = article.document->root();
  PageMetadata metadata = read_metadata(root);
  // A saved page without an address of its own usually still says where it came from.
  if (article.url.empty() && parse_url(metadata.canonical)) article.url = metadata.canonical;
  const std::string base = html::base_url(root, article.url);
  article.next_page = find_next_page(root, article.url);

  if (auto taken = take_title(article, root, rules, metadata); !taken)
    return tl::unexpected(taken.error());
  const auto taken = rules.body.empty() ? find_body(article, root, rules, metadata)
                                        : take_body(article, root, rules);
  if (!taken) return tl::unexpected(taken.error());
  if (auto hero = take_hero(article, root, rules); !hero) return tl::unexpected(hero.error());
  if (rules.body.empty()) {
    settle_media(article);
  } else if (auto settled = settle_named_body(article, rules); !settled) {
    return tl::unexpected(settled.error());
  }
  for (Node* part : {article.body, article.hero_image, article.hero_caption}) {
    if (part == nullptr) continue;
    html::neutralize(*article.document, *part);
    make_absolute(*article.document, *part, base);
  }
  // Only a block's tag opens an HTML block in Markdown; after another the article's text would be
  // read as Markdown.
  const bool opens_block = html::is_block(article.body->tag) && article.body->tag != Tag::pre_ &&
                           article.body->tag != Tag::listing_ && article.body->tag != Tag::body_ &&
                           article.body->tag != Tag::html_;
  if (!opens_block) article.document->rename(*article.body, "div");
  if (!has_content(*article.body)) return fail(ErrorKind::malformed, "the article's body is empty");

  if (!is_text(*article.body)) {
    return fail(ErrorKind::malformed,
                "no article: it is no text, or in an encoding that cannot be told");
  }

  take_metadata(article, metadata, base);
  list_links_and_images(article);
  if (article.image.empty()) article.image = web_address(base, first_picture(article));
  if (article.excerpt.empty()) article.excerpt = excerpt_of(*article.body);
  return article;
}

}  // namespace dandelion
