// SPDX-License-Identifier: MIT
#include "render/markdown_tree.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <unicode/uchar.h>

#include "core/text.hpp"

namespace dandelion::markdown_tree {
namespace {

// What stands on one side of a span.
enum class Side { space, punctuation, letter, sign };

Side side_of(UChar32 c) {
  if (c < 0 || u_isUWhiteSpace(c)) return Side::space;
  // CommonMark counts all of ASCII's signs; of the rest, Unicode's punctuation.
  if (c < 0x80) return u_isalnum(c) ? Side::letter : Side::punctuation;
  return u_ispunct(c) ? Side::punctuation : Side::letter;
}

// The first code point of well-formed UTF-8; -1 of an empty text.
UChar32 first_character(std::string_view text) {
  if (text.empty()) return -1;
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  UChar32 c = size == 1 ? lead : lead & (0xFF >> (size + 1));
  for (const char next : text.substr(1, size - 1))
    c = (c << 6) | (static_cast<unsigned char>(next) & 0x3F);
  return c;
}

UChar32 last_character(std::string_view text) {
  std::size_t at = text.size();
  while (at > 0 && (static_cast<unsigned char>(text[at - 1]) & 0xC0) == 0x80)
    --at;
  return first_character(text.substr(at == 0 ? 0 : at - 1));
}

// The side that a neighbour shows; `forward`: its beginning.
Side side_of(cmark_node* neighbour, bool forward) {
  if (neighbour == nullptr) return Side::space;
  switch (cmark_node_get_type(neighbour)) {
    case CMARK_NODE_TEXT: {
      const char* text = cmark_node_get_literal(neighbour);
      return side_of(forward ? first_character(text) : last_character(text));
    }
    case CMARK_NODE_SOFTBREAK:
    case CMARK_NODE_LINEBREAK:
      return Side::space;
    case CMARK_NODE_CODE:
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_CUSTOM_INLINE:
      return Side::punctuation;
    default:
      return Side::sign;
  }
}

bool is_span(cmark_node* node) {
  const cmark_node_type type = cmark_node_get_type(node);
  return type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_STRIKETHROUGH;
}

// One delimiter run: `outer` and `inner` are what stands on its two sides.
bool flanks(Side outer, Side inner) {
  if (outer == Side::sign || inner == Side::sign || inner == Side::space) return false;
  return inner != Side::punctuation || outer != Side::letter;
}

bool reads_as_span(cmark_node* span) {
  cmark_node* before = cmark_node_previous(span);
  cmark_node* behind = cmark_node_next(span);
  cmark_node* parent = cmark_node_parent(span);
  // At the edge of another span or of a link the next sign is that one's.
  const Side edge = is_span(parent)                                  ? Side::sign
                    : cmark_node_get_type(parent) == CMARK_NODE_LINK ? Side::punctuation
                                                                     : Side::space;
  const Side left = before == nullptr ? edge : side_of(before, false);
  const Side right = behind == nullptr ? edge : side_of(behind, true);
  return flanks(left, side_of(cmark_node_first_child(span), true)) &&
         flanks(right, side_of(cmark_node_last_child(span), false));
}

// Whether this sign behind a reference would make it something else: `[^1](` begins a link, and
// `[^1]:` at the begin of a line a note.
bool is_read_with(cmark_node* before, char sign) {
  if (before == nullptr || cmark_node_get_type(before) != CMARK_NODE_HTML_INLINE ||
      !std::string_view(cmark_node_get_literal(before)).starts_with("[^"))
    return false;
  return sign == '(' || (sign == ':' && side_of(cmark_node_previous(before), false) == Side::space);
}

const char* element_of(cmark_node* span) {
  const cmark_node_type type = cmark_node_get_type(span);
  return type == CMARK_NODE_EMPH ? "em" : type == CMARK_NODE_STRONG ? "strong" : "del";
}

void write_as_element(cmark_node* span) {
  const std::string name = element_of(span);
  const auto tag = [](const std::string& text) {
    cmark_node* node = cmark_node_new(CMARK_NODE_HTML_INLINE);
    cmark_node_set_literal(node, text.c_str());
    return node;
  };
  cmark_node_insert_before(span, tag("<" + name + ">"));
  while (cmark_node* child = cmark_node_first_child(span)) {
    cmark_node_unlink(child);
    if (cmark_node_insert_before(span, child) == 0) cmark_node_free(child);
  }
  cmark_node_insert_before(span, tag("</" + name + ">"));
  cmark_node_unlink(span);
  cmark_node_free(span);
}

}  // namespace

const Extensions& extensions() {
  static const Extensions found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return Extensions{cmark_find_syntax_extension("table"),
                      cmark_find_syntax_extension("strikethrough")};
  }();
  return found;
}

cmark_node* append(cmark_node* parent, cmark_node_type type, cmark_syntax_extension* extension) {
  // The library never frees what it allocates for a cell, and writes cells without it.
  const bool bare = extension == nullptr || type == CMARK_NODE_TABLE_CELL;
  cmark_node* node = bare ? cmark_node_new(type) : cmark_node_new_with_ext(type, extension);
  if (extension != nullptr) cmark_node_set_syntax_extension(node, extension);
  if (cmark_node_append_child(parent, node) == 1) return node;
  cmark_node_free(node);
  return parent;
}

void append_reference(cmark_node* parent, int number) {
  append_tag(parent, fmt::format("[^{}]", number));
}

void append_text(cmark_node* parent, std::string_view text) {
  if (!text.empty() && is_read_with(cmark_node_last_child(parent), text[0])) {
    append_tag(parent, "\\" + std::string(text.substr(0, 1)));
    text.remove_prefix(1);
  }
  // The writer knows nothing of the sign for deletions.
  while (!text.empty()) {
    const auto tilde = std::min(text.find('~'), text.size());
    if (tilde > 0) {
      cmark_node* node = append(parent, CMARK_NODE_TEXT);
      if (node != parent) cmark_node_set_literal(node, std::string(text.substr(0, tilde)).c_str());
    }
    if (tilde < text.size()) append_tag(parent, "\\~");
    text.remove_prefix(std::min(tilde + 1, text.size()));
  }
}

void set_address(cmark_node* node, std::string_view url) {
  constexpr std::string_view name_characters =
      "#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string clean;
  url = trim(url);
  for (std::size_t i = 0; i < url.size(); ++i) {
    const char c = url[i];
    if (c == '\n' || c == '\r' || c == '\t') continue;  // as browsers do (WHATWG URL, 4.1)
    if (static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == '|' || c == '\\') {
      clean += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      clean += c;
      // What looks like a character reference is none.
      const auto end = c == '&' ? url.find_first_not_of(name_characters, i + 1) : url.npos;
      if (end != url.npos && end > i + 1 && url[end] == ';') clean += "amp;";
    }
  }
  cmark_node_set_url(node, clean.c_str());
}

void append_tag(cmark_node* parent, std::string_view tag) {
  cmark_node* node = append(parent, CMARK_NODE_HTML_INLINE);
  if (node != parent) cmark_node_set_literal(node, std::string(tag).c_str());
}

void append_html_block(cmark_node* parent, std::string_view html) {
  cmark_node* node = append(parent, CMARK_NODE_HTML_BLOCK);
  if (node != parent) cmark_node_set_literal(node, (std::string(html) + "\n").c_str());
}

bool drop_if_empty(cmark_node* node) {
  if (cmark_node_first_child(node) != nullptr) return false;
  cmark_node_unlink(node);
  cmark_node_free(node);
  return true;
}

void insert_nothing_before(cmark_node* node) {
  cmark_node* nothing = cmark_node_new(CMARK_NODE_HTML_BLOCK);
  cmark_node_set_literal(nothing, "<!-- -->\n");
  if (cmark_node_insert_before(node, nothing) == 0) cmark_node_free(nothing);
}

void begin_with_text(cmark_node* item) {
  cmark_node* first = cmark_node_first_child(item);
  const cmark_node_type type = cmark_node_get_type(first);
  if (type == CMARK_NODE_LIST || type == CMARK_NODE_THEMATIC_BREAK) insert_nothing_before(first);
}

bool lies_in(cmark_node* at, cmark_node_type type) {
  for (; at != nullptr; at = cmark_node_parent(at)) {
    if (cmark_node_get_type(at) == type) return true;
    if ((cmark_node_get_type(at) & CMARK_NODE_TYPE_MASK) != CMARK_NODE_TYPE_INLINE) return false;
  }
  return false;
}

void settle_spans(cmark_node* root) {
  std::vector<cmark_node*> spans;
  std::vector<cmark_node*> links;
  const Handle<cmark_iter, cmark_iter_free> walk(cmark_iter_new(root));
  for (cmark_event_type event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(walk.get())) {
    cmark_node* node = cmark_iter_get_node(walk.get());
    if (event != CMARK_EVENT_ENTER) continue;
    if (is_span(node)) spans.push_back(node);
    if (cmark_node_get_type(node) == CMARK_NODE_LINK) links.push_back(node);
  }
  for (cmark_node* link : links) {
    // The writer takes a link for an autolink where what it holds first has the link's address, be
    // it a picture.
    cmark_node* first = cmark_node_first_child(link);
    if (first == nullptr || cmark_node_get_type(first) == CMARK_NODE_TEXT) continue;
    cmark_node* nothing = cmark_node_new(CMARK_NODE_HTML_INLINE);
    cmark_node_set_literal(nothing, "");
    if (cmark_node_insert_before(first, nothing) == 0) cmark_node_free(nothing);
  }
  // From the outside in: what an outer span becomes is what its inner ones stand beside.
  for (cmark_node* span : spans) {
    if (!reads_as_span(span)) write_as_element(span);
  }
}

}  // namespace dandelion::markdown_tree
