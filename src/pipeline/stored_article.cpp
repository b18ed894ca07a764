// SPDX-License-Identifier: MIT
#include "pipeline/stored_article.hpp"

#include <charconv>

#include "core/address.hpp"
#include "core/compression.hpp"
#include "core/sha256.hpp"
#include "core/text.hpp"
#include "render/body.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::NodeType;

// The packed form: this line, then fields of the article, then trees. A field is its length in
// decimal, a colon, its bytes. A tree is its nodes in tree order, each with a letter in front: `E`
// for an element (name, namespace, number of attributes, names and values), `T` for a text, `C` for
// a comment, and `.` where an element ends; `-` stands for no tree.
constexpr std::string_view format_line = "article 1\n";
constexpr std::size_t max_article_bytes = 64U << 20;

void add_field(std::string& to, std::string_view field) {
  to += fmt::format("{}:", field.size());
  to += field;
}

void add_node(std::string& to, const Node& node) {
  if (!node.is_element()) {
    to += node.is_text() ? 'T' : 'C';
    add_field(to, node.text);
    return;
  }
  to += 'E';
  add_field(to, node.name);
  add_field(to, std::to_string(static_cast<int>(node.ns)));
  add_field(to, std::to_string(node.attributes.size()));
  for (const html::Attribute& attribute : node.attributes) {
    add_field(to, attribute.name);
    add_field(to, attribute.value);
  }
}

void add_tree(std::string& to, const Node* root) {
  if (root == nullptr) {
    to += '-';
    return;
  }
  const Node* at = root;
  for (;;) {
    add_node(to, *at);
    if (at->first_child != nullptr) {
      at = at->first_child;
      continue;
    }
    if (at->is_element()) to += '.';
    while (at != root && at->next == nullptr) {
      at = at->parent;
      to += '.';
    }
    if (at == root) return;
    at = at->next;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return ok_ && rest_.empty(); }

  std::string_view field() {
    const auto colon = rest_.find(':');
    std::size_t size = 0;
    if (colon == std::string_view::npos || !parse(rest_.substr(0, colon), size) ||
        size > rest_.size() - colon - 1) {
      ok_ = false;
      return {};
    }
    const std::string_view value = rest_.substr(colon + 1, size);
    rest_.remove_prefix(colon + 1 + size);
    return value;
  }

  std::size_t number() {
    std::size_t value = 0;
    if (!parse(field(), value)) ok_ = false;
    return value;
  }

  Node* tree(html::Document& document) {
    Node* root = nullptr;
    Node* parent = nullptr;
    for (;;) {
      const char kind = letter();
      if (!ok_ || (kind == '-' && root == nullptr)) return nullptr;
      if (kind == '.') {
        if (parent == nullptr) return refuse();
        if (parent == root) return root;
        parent = parent->parent;
        continue;
      }
      Node* made = kind == 'E' ? element(document) : text(document, kind, parent);
      if (made == nullptr || !ok_) return refuse();
      if (parent != nullptr) html::append_child(*parent, *made);
      if (root == nullptr) root = made;
      if (kind == 'E') parent = made;
    }
  }

 private:
  static bool parse(std::string_view digits, std::size_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size();
  }

  char letter() {
    if (rest_.empty()) {
      ok_ = false;
      return '\0';
    }
    const char first = rest_.front();
    rest_.remove_prefix(1);
    return first;
  }

  Node* text(html::Document& document, char kind, const Node* parent) {
    if ((kind != 'T' && kind != 'C') || parent == nullptr) return nullptr;
    Node* made = document.create_text(field());
    if (kind == 'C') made->type = NodeType::comment;
    return made;
  }

  Node* element(html::Document& document) {
    Node* made = document.create_element(field());
    const std::size_t ns = number();
    if (ns > static_cast<std::size_t>(html::Namespace::mathml)) ok_ = false;
    made->ns = static_cast<html::Namespace>(ns);
    const std::size_t count = number();
    for (std::size_t i = 0; ok_ && i < count; ++i) {
      const std::string_view name = field();
      document.set_attribute(*made, name, field());
    }
    return made;
  }

  Node* refuse() {
    ok_ = false;
    return nullptr;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::string time_field(const std::optional<Timestamp>& time) {
  return time ? std::to_string(time->time_since_epoch().count()) : std::string();
}

// Pictures are told apart by their paths: queries change from visit to visit.
void add_pictures(std::string& seen, const Node& root) {
  for (const Node* at = &root; at != nullptr; at = html::next_in_tree(*at, root)) {
    if (!at->is_element(html::Tag::img_)) continue;
    const std::string_view source = at->attribute_or_empty("src");
    add_field(seen, source.substr(0, source.find('?')));
  }
}

}  // namespace

std::string pack_article(const html::Article& article) {
  std::string text(format_line);
  for (const std::string_view field :
       {std::string_view(article.url), std::string_view(article.canonical),
        std::string_view(article.title), std::string_view(article.byline),
        std::string_view(article.language), std::string_view(article.site_name),
        std::string_view(article.image), std::string_view(article.excerpt)}) {
    add_field(text, field);
  }
  add_field(text, time_field(article.published));
  add_field(text, std::to_string(article.links.size()));
  for (const html::ArticleLink& link : article.links) {
    add_field(text, link.href);
    add_field(text, link.text);
  }
  add_field(text, std::to_string(article.images.size()));
  for (const html::ArticleImage& image : article.images) {
    add_field(text, image.src);
    add_field(text, image.alt);
    add_field(text, image.caption);
  }
  add_field(text, std::to_string(article.rename.size()));
  for (const auto& [from, to] : article.rename) {
    add_field(text, from);
    add_field(text, to);
  }
  add_tree(text, article.hero_image);
  add_tree(text, article.hero_caption);
  add_tree(text, article.body);
  return compress(text);
}

Result<html::Article> unpack_article(std::string_view packed) {
  auto text = decompress(packed, max_article_bytes);
  if (!text) return within("stored article", text.error());
  const auto damaged = [] { return fail(ErrorKind::malformed, "a stored article is damaged"); };
  if (!text->starts_with(format_line)) return damaged();
  Reader reader(std::string_view(*text).substr(format_line.size()));
  html::Article article;
  for (std::string* field :
       {&article.url, &article.canonical, &article.title, &article.byline, &article.language,
        &article.site_name, &article.image, &article.excerpt}) {
    *field = reader.field();
  }
  if (const std::string published(reader.field()); !published.empty()) {
    std::int64_t value = 0;
    const auto [end, error] =
        std::from_chars(published.data(), published.data() + published.size(), value);
    if (error != std::errc{}) return damaged();
    article.published = Timestamp(std::chrono::seconds(value));
  }
  for (std::size_t left = reader.number(); reader.ok() && left > 0; --left) {
    const std::string href(reader.field());
    article.links.push_back({href, std::string(reader.field())});
  }
  for (std::size_t left = reader.number(); reader.ok() && left > 0; --left) {
    html::ArticleImage& image = article.images.emplace_back();
    image.src = reader.field();
    image.alt = reader.field();
    image.caption = reader.field();
  }
  for (std::size_t left = reader.number(); reader.ok() && left > 0; --left) {
    const std::string from(reader.field());
    article.rename[from] = reader.field();
  }
  article.document = std::make_shared<html::Document>();
  article.hero_image = reader.tree(*article.document);
  article.hero_caption = reader.tree(*article.document);
  article.body = reader.tree(*article.document);
  if (!reader.at_end() || article.body == nullptr) return damaged();
  return article;
}

std::vector<std::string> pictures_of(const html::Article& article) {
  std::vector<std::string> addresses;
  const auto add = [&addresses](const html::Node& image) {
    if (auto address = normalize_address(picture_address(image)))
      addresses.push_back(std::move(*address));
  };
  if (article.hero_image != nullptr) add(*article.hero_image);
  for (const html::Node* at = article.body; at != nullptr;
       at = html::next_in_tree(*at, *article.body)) {
    if (at->is_element(html::Tag::img_)) add(*at);
  }
  return addresses;
}

std::string article_hash(const html::Article& article) {
  std::string seen;
  add_field(seen, collapse_space(article.title));
  add_field(seen, collapse_space(article.byline));
  for (const Node* part : {article.hero_image, article.hero_caption, article.body}) {
    if (part == nullptr) continue;
    add_field(seen, collapse_space(html::text_content(*part)));
    add_pictures(seen, *part);
  }
  return sha256_hex(seen);
}

}  // namespace dandelion
