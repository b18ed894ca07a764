// SPDX-License-Identifier: MIT
#include "render/markdown.hpp"

#include <cstdlib>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>

#include "core/handle.hpp"
#include "core/text.hpp"
#include "html/serialize.hpp"

// The extensions' node types: exported by the library, declared only in headers that are not
// installed.
extern "C" {
extern cmark_node_type CMARK_NODE_TABLE;
extern cmark_node_type CMARK_NODE_TABLE_ROW;
extern cmark_node_type CMARK_NODE_TABLE_CELL;
extern cmark_node_type CMARK_NODE_STRIKETHROUGH;
}

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

using CmarkNode = Handle<cmark_node, cmark_node_free>;
using CmarkText = Handle<char, std::free>;

// What is nested deeper is taken as the text it holds; no article is.
constexpr int max_depth = 100;

struct Extensions {
  cmark_syntax_extension* table;
  cmark_syntax_extension* strikethrough;
};

const Extensions& extensions() {
  static const Extensions found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return Extensions{cmark_find_syntax_extension("table"),
                      cmark_find_syntax_extension("strikethrough")};
  }();
  return found;
}

bool has_block_inside(const Node& node) {
  for (const Node* at = html::next_in_tree(node, node); at != nullptr;
       at = html::next_in_tree(*at, node)) {
    if (at->is_element() && html::is_block(at->tag)) return true;
  }
  return false;
}

bool is_lazy_source(std::string_view source) {
  return source.empty() || source.starts_with("data:");
}

// Pages that load pictures by script leave the true address in another attribute.
std::string_view picture_source(const Node& image) {
  const std::string_view source = image.attribute_or_empty("src");
  if (!is_lazy_source(source)) return source;
  for (const std::string_view name : {"data-src", "data-original", "data-lazy-src", "data-url"}) {
    if (const auto lazy = image.attribute(name); lazy && !is_lazy_source(*lazy)) return *lazy;
  }
  return source;
}

// Builds the syntax tree from the DOM. Runs of inline content between blocks become paragraphs.
class MarkdownBuilder {
 public:
  explicit MarkdownBuilder(const std::map<std::string, std::string>& rename) : rename_(rename) {}

  std::string build(const Node& body) {
    CmarkNode document(cmark_node_new(CMARK_NODE_DOCUMENT));
    blocks(body, document.get(), 0);
    const CmarkText text(cmark_render_commonmark(document.get(), CMARK_OPT_DEFAULT, 0));
    return text.get();
  }

 private:
  // Where inline content goes: the open paragraph of a block, made when the first text arrives.
  struct Inlines {
    cmark_node* block = nullptr;      // the container that a paragraph would be appended to
    cmark_node* paragraph = nullptr;  // the open one
    cmark_node* parent = nullptr;     // of the next inline node: the paragraph or a span in it
    bool space = false;               // white space is owed before the next text
  };

  static cmark_node* append(cmark_node* parent, cmark_node_type type,
                            cmark_syntax_extension* extension = nullptr) {
    // The library never frees what it allocates for a cell, and writes cells without it.
    const bool bare = extension == nullptr || type == CMARK_NODE_TABLE_CELL;
    cmark_node* node = bare ? cmark_node_new(type) : cmark_node_new_with_ext(type, extension);
    if (extension != nullptr) cmark_node_set_syntax_extension(node, extension);
    if (cmark_node_append_child(parent, node) == 1) return node;
    // cmark does not let this parent hold that kind of block; what it would hold goes beside it.
    cmark_node_free(node);
    return parent;
  }

  [[nodiscard]] std::string_view written_name(const Node& node) const {
    const auto found = rename_.find(std::string(node.name));
    return found == rename_.end() ? node.name : std::string_view(found->second);
  }

  [[nodiscard]] Tag written_tag(const Node& node) const {
    return html::tag_from_name(written_name(node));
  }

  void close(Inlines& inlines) {
    if (inlines.paragraph != nullptr && cmark_node_first_child(inlines.paragraph) == nullptr) {
      cmark_node_unlink(inlines.paragraph);
      cmark_node_free(inlines.paragraph);
    }
    inlines.paragraph = inlines.parent = nullptr;
    inlines.space = false;
  }

  void open(Inlines& inlines) {
    if (inlines.paragraph != nullptr) return;
    inlines.paragraph = append(inlines.block, CMARK_NODE_PARAGRAPH);
    inlines.parent = inlines.paragraph;
  }

  void blocks(const Node& parent, cmark_node* into, int depth) {
    Inlines inlines;
    inlines.block = into;
    block_children(parent, into, inlines, depth);
    close(inlines);
  }

  void block_children(const Node& parent, cmark_node* into, Inlines& inlines, int depth) {
    for (const Node* child = parent.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        text(inlines, child->text);
      } else if (child->is_element()) {
        element(*child, into, inlines, depth + 1);
      }
    }
  }

  void element(const Node& node, cmark_node* into, Inlines& inlines, int depth) {
    if (depth > max_depth) {
      text(inlines, html::text_content(node));
      return;
    }
    if (!html::is_block(node.tag)) {
      if (has_block_inside(node)) {
        block_children(node, into, inlines, depth);
      } else {
        inline_element(node, inlines, depth);
      }
      return;
    }
    close(inlines);
    block_element(node, into, depth);
  }

  void block_element(const Node& node, cmark_node* into, int depth) {
    const Tag tag = written_tag(node);
    switch (tag) {
      case Tag::h1_:
      case Tag::h2_:
      case Tag::h3_:
      case Tag::h4_:
      case Tag::h5_:
      case Tag::h6_:
        heading(node, into, 1 + static_cast<int>(tag) - static_cast<int>(Tag::h1_), depth);
        break;
      case Tag::hr_:
        append(into, CMARK_NODE_THEMATIC_BREAK);
        break;
      case Tag::blockquote_:
        blocks(node, append(into, CMARK_NODE_BLOCK_QUOTE), depth);
        break;
      case Tag::ul_:
      case Tag::ol_:
        list(node, into, tag == Tag::ol_, depth);
        break;
      case Tag::pre_:
        code_block(node, into);
        break;
      case Tag::table_:
        table(node, into, depth);
        break;
      case Tag::dt_:
        definition_term(node, into, depth);
        break;
      default:
        blocks(node, into, depth);
        break;
    }
  }

  void heading(const Node& node, cmark_node* into, int level, int depth) {
    cmark_node* block = append(into, CMARK_NODE_HEADING);
    cmark_node_set_heading_level(block, level);
    inline_content(node, block, depth);
    if (cmark_node_first_child(block) == nullptr) {
      cmark_node_unlink(block);
      cmark_node_free(block);
    }
  }

  // The node's content as inlines of a block that takes nothing else.
  void inline_content(const Node& node, cmark_node* block, int depth) {
    Inlines inlines;
    inlines.block = inlines.paragraph = inlines.parent = block;
    inline_children(node, inlines, depth);
  }

  void definition_term(const Node& node, cmark_node* into, int depth) {
    cmark_node* paragraph = append(into, CMARK_NODE_PARAGRAPH);
    inline_content(node, append(paragraph, CMARK_NODE_STRONG), depth);
  }

  void list(const Node& node, cmark_node* into, bool ordered, int depth) {
    cmark_node* block = append(into, CMARK_NODE_LIST);
    cmark_node_set_list_type(block, ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
    if (ordered) {
      const std::string start(node.attribute_or_empty("start"));
      const long first = start.empty() ? 1 : std::strtol(start.c_str(), nullptr, 10);
      cmark_node_set_list_start(block, first >= 0 && first < 1000000 ? static_cast<int>(first) : 1);
    }
    bool tight = true;
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (!child->is_element() && (!child->is_text() || is_blank(child->text))) continue;
      cmark_node* item = append(block, CMARK_NODE_ITEM);
      if (child->is_element(Tag::li_)) {
        blocks(*child, item, depth + 1);
      } else {
        Inlines inlines;
        inlines.block = item;
        if (child->is_text()) {
          text(inlines, child->text);
        } else {
          element(*child, item, inlines, depth + 1);
        }
        close(inlines);
      }
      int paragraphs = 0;
      for (cmark_node* at = cmark_node_first_child(item); at != nullptr; at = cmark_node_next(at)) {
        paragraphs += cmark_node_get_type(at) == CMARK_NODE_PARAGRAPH ? 1 : 0;
      }
      tight = tight && paragraphs < 2;
    }
    cmark_node_set_list_tight(block, tight ? 1 : 0);
    if (cmark_node_first_child(block) == nullptr) {
      cmark_node_unlink(block);
      cmark_node_free(block);
    }
  }

  static void code_block(const Node& node, cmark_node* into) {
    cmark_node* block = append(into, CMARK_NODE_CODE_BLOCK);
    std::string code = html::text_content(node);
    if (!code.ends_with('\n')) code += '\n';
    cmark_node_set_literal(block, code.c_str());
    const Node* inner = node.first_element();
    const Node& named = inner != nullptr && inner->is_element(Tag::code_) ? *inner : node;
    std::string_view names = named.attribute_or_empty("class");
    const auto at = names.find("language-");
    if (at == std::string_view::npos) return;
    names.remove_prefix(at + 9);
    const std::string language(names.substr(0, names.find_first_of(" \t\n`")));
    cmark_node_set_fence_info(block, language.c_str());
  }

  // GFM tables have one header row, a fixed number of columns and inline content only.
  struct Grid {
    std::vector<const Node*> rows;
    std::size_t columns = 0;
    bool plain = true;
  };

  static Grid grid_of(const Node& table) {
    Grid grid;
    for (const Node* at = html::next_in_tree(table, table); at != nullptr;
         at = html::next_in_tree(*at, table)) {
      if (at->is_element(Tag::table_) || at->is_element(Tag::caption_)) grid.plain = false;
      if (at->is_element(Tag::tr_)) grid.rows.push_back(at);
      if (!at->is_element(Tag::td_) && !at->is_element(Tag::th_)) continue;
      const bool spans = at->attribute("colspan").value_or("1") != "1" ||
                         at->attribute("rowspan").value_or("1") != "1";
      for (const Node* in = html::next_in_tree(*at, *at); in != nullptr;
           in = html::next_in_tree(*in, *at)) {
        if (in->is_element() && html::is_block(in->tag) && in->tag != Tag::p_ &&
            in->tag != Tag::div_)
          grid.plain = false;
      }
      grid.plain = grid.plain && !spans;
    }
    for (const Node* row : grid.rows) {
      std::size_t cells = 0;
      for (const Node* cell = row->first_element(); cell != nullptr; cell = cell->next_element())
        ++cells;
      if (grid.columns != 0 && cells != grid.columns) grid.plain = false;
      grid.columns = std::max(grid.columns, cells);
    }
    grid.plain = grid.plain && grid.columns > 0 && grid.columns < 100;
    return grid;
  }

  void table(const Node& node, cmark_node* into, int depth) {
    const Grid grid = grid_of(node);
    if (!grid.plain) {
      cmark_node* block = append(into, CMARK_NODE_HTML_BLOCK);
      html::PrettyOptions options;
      for (const auto& [from, to] : rename_)
        options.rename[from] = to;
      cmark_node_set_literal(block, (html::prettify(node, options) + "\n").c_str());
      return;
    }
    cmark_syntax_extension* extension = extensions().table;
    cmark_node* block = append(into, CMARK_NODE_TABLE, extension);
    cmark_gfm_extensions_set_table_columns(block, static_cast<std::uint16_t>(grid.columns));
    std::vector<std::uint8_t> alignments(grid.columns, 0);
    cmark_gfm_extensions_set_table_alignments(block, static_cast<std::uint16_t>(grid.columns),
                                              alignments.data());
    bool header = true;
    for (const Node* row : grid.rows) {
      cmark_node* line = append(block, CMARK_NODE_TABLE_ROW, extension);
      if (header) cmark_gfm_extensions_set_table_row_is_header(line, 1);
      header = false;
      for (const Node* cell = row->first_element(); cell != nullptr; cell = cell->next_element()) {
        inline_content(*cell, append(line, CMARK_NODE_TABLE_CELL, extension), depth);
      }
    }
  }

  void text(Inlines& inlines, std::string_view content) {
    if (is_blank(content)) {
      inlines.space = inlines.space || !content.empty();
      return;
    }
    if (leading_space(content) != 0) inlines.space = true;
    open(inlines);
    std::string words;
    if (inlines.space && cmark_node_first_child(inlines.paragraph) != nullptr) words = " ";
    words += collapse_space(content);
    append_text(inlines.parent, words);
    inlines.space = trim(content).end() != content.end();
  }

  static void append_text(cmark_node* parent, const std::string& words) {
    cmark_node_set_literal(append(parent, CMARK_NODE_TEXT), words.c_str());
  }

  void inline_children(const Node& node, Inlines& inlines, int depth) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        text(inlines, child->text);
      } else if (child->is_element() && depth < max_depth) {
        inline_element(*child, inlines, depth + 1);
      } else if (child->is_element()) {
        text(inlines, html::text_content(*child));
      }
    }
  }

  void inline_element(const Node& node, Inlines& inlines, int depth) {
    switch (written_tag(node)) {
      case Tag::br_:
        if (inlines.paragraph != nullptr && cmark_node_first_child(inlines.paragraph) != nullptr) {
          append(inlines.parent, CMARK_NODE_LINEBREAK);
        }
        inlines.space = false;
        break;
      case Tag::img_:
        image(node, inlines);
        break;
      case Tag::a_:
        link(node, inlines, depth);
        break;
      case Tag::em_:
      case Tag::i_:
      case Tag::cite_:
        span(node, inlines, CMARK_NODE_EMPH, nullptr, depth);
        break;
      case Tag::strong_:
      case Tag::b_:
        span(node, inlines, CMARK_NODE_STRONG, nullptr, depth);
        break;
      case Tag::del_:
      case Tag::s_:
      case Tag::strike_:
        span(node, inlines, CMARK_NODE_STRIKETHROUGH, extensions().strikethrough, depth);
        break;
      case Tag::code_:
      case Tag::kbd_:
      case Tag::samp_:
      case Tag::tt_:
        code(node, inlines);
        break;
      case Tag::sub_:
      case Tag::sup_:
      case Tag::ruby_:
      case Tag::rt_:
      case Tag::rp_:
        raw_element(node, inlines, depth);
        break;
      default:
        inline_children(node, inlines, depth);
        break;
    }
  }

  // Spans take no white space at their ends into themselves: Markdown would not read them as spans.
  void pay_space(Inlines& inlines) {
    open(inlines);
    if (inlines.space && cmark_node_first_child(inlines.paragraph) != nullptr)
      append_text(inlines.parent, " ");
    inlines.space = false;
  }

  void span(const Node& node, Inlines& inlines, cmark_node_type type,
            cmark_syntax_extension* extension, int depth) {
    const std::string content = html::text_content(node);
    const bool nested = inlines.parent != nullptr && cmark_node_get_type(inlines.parent) == type;
    if (is_blank(content) || nested) {
      inline_children(node, inlines, depth);
      return;
    }
    if (leading_space(content) != 0) inlines.space = true;
    pay_space(inlines);
    cmark_node* outer = inlines.parent;
    cmark_node* inner = append(outer, type, extension);
    inlines.parent = inner;
    inline_children(node, inlines, depth);
    inlines.parent = outer;
    if (inner != outer && cmark_node_first_child(inner) == nullptr) {
      cmark_node_unlink(inner);
      cmark_node_free(inner);
    }
  }

  void link(const Node& node, Inlines& inlines, int depth) {
    const auto href = node.attribute("href");
    const bool nested =
        inlines.parent != nullptr && cmark_node_get_type(inlines.parent) == CMARK_NODE_LINK;
    if (!href || nested) {
      inline_children(node, inlines, depth);
      return;
    }
    span(node, inlines, CMARK_NODE_LINK, nullptr, depth);
    cmark_node* made = cmark_node_last_child(inlines.parent);
    if (made != nullptr && cmark_node_get_type(made) == CMARK_NODE_LINK &&
        *cmark_node_get_url(made) == '\0') {
      cmark_node_set_url(made, std::string(*href).c_str());
    }
  }

  void image(const Node& node, Inlines& inlines) {
    const std::string source(picture_source(node));
    if (is_lazy_source(source)) return;
    pay_space(inlines);
    cmark_node* picture = append(inlines.parent, CMARK_NODE_IMAGE);
    cmark_node_set_url(picture, source.c_str());
    if (const std::string alt = collapse_space(node.attribute_or_empty("alt")); !alt.empty())
      append_text(picture, alt);
  }

  void code(const Node& node, Inlines& inlines) {
    const std::string literal = collapse_space(html::text_content(node));
    if (literal.empty()) return;
    pay_space(inlines);
    cmark_node_set_literal(append(inlines.parent, CMARK_NODE_CODE), literal.c_str());
  }

  // Elements that Markdown has no sign for and that Git hosts show: written as bare tags around
  // Markdown.
  void raw_element(const Node& node, Inlines& inlines, int depth) {
    pay_space(inlines);
    const std::string name(node.name);
    cmark_node_set_literal(append(inlines.parent, CMARK_NODE_HTML_INLINE),
                           ("<" + name + ">").c_str());
    inline_children(node, inlines, depth);
    cmark_node_set_literal(append(inlines.parent, CMARK_NODE_HTML_INLINE),
                           ("</" + name + ">").c_str());
  }

  const std::map<std::string, std::string>& rename_;
};

}  // namespace

std::string to_markdown(const Node& body, const std::map<std::string, std::string>& rename) {
  static_cast<void>(extensions());
  return MarkdownBuilder(rename).build(body);
}

std::string to_plain_text(const Node& body) {
  std::string text;
  std::string line;
  const auto end_block = [&] {
    const std::string clean = collapse_space(line);
    line.clear();
    if (clean.empty()) return;
    if (!text.empty()) text += "\n\n";
    text += clean;
  };
  for (const Node* at = &body; at != nullptr; at = html::next_in_tree(*at, body)) {
    if (at->is_element() && (html::is_block(at->tag) || at->tag == Tag::br_)) end_block();
    if (at->is_element(Tag::li_)) line = "- ";
    if (!at->is_text()) continue;
    line += at->text;
    // The text may be its block's last: look whether a block ends before the next node.
    const Node* next = html::next_in_tree(*at, body);
    for (const Node* up = at->parent; up != nullptr && up != &body; up = up->parent) {
      if (next != nullptr && html::contains(*up, *next)) break;
      if (html::is_block(up->tag)) {
        end_block();
        break;
      }
    }
  }
  end_block();
  return text;
}

}  // namespace dandelion
