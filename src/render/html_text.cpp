// SPDX-License-Identifier: MIT
#include "render/html_text.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "html/serialize.hpp"
#include "render/html_element.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

// What is nested deeper is taken as the text it holds; no article is.
constexpr int max_depth = 100;

constexpr int first_level = 2;  // the page's title is the h1
constexpr int last_level = 6;

bool has_block_inside(const Node& node) {
  for (const Node* at = html::next_in_tree(node, node); at != nullptr;
       at = html::next_in_tree(*at, node)) {
    if (at->is_element() && html::is_block(at->tag)) return true;
  }
  return false;
}

bool has_content(const Node& node) {
  for (const Node* at = &node; at != nullptr; at = html::next_in_tree(*at, node)) {
    if (at->is_element(Tag::img_) || (at->is_text() && !is_blank(at->text))) return true;
  }
  return false;
}

class HtmlTextWriter {
 public:
  explicit HtmlTextWriter(const HtmlTextOptions& options)
      : options_(options),
        line_break_(options.as_xml ? "<br/>" : "<br>"),
        pictures_(options.picture_before ? 1 : 0) {}

  std::string body(const Node& node) {
    blocks(node, 0);
    while (out_.ends_with('\n'))
      out_.pop_back();
    return std::move(out_);
  }

  std::string line(const Node& node) {
    inline_children(node, 0);
    return std::string(trim(out_));
  }

  std::string one_picture(const Node& node) {
    picture(node);
    return std::move(out_);
  }

 private:
  // ---- blocks

  void blocks(const Node& parent, int depth) {
    block_children(parent, depth);
    close_paragraph();
  }

  void block_children(const Node& parent, int depth) {
    for (const Node* child = parent.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        if (in_paragraph_ || !is_blank(child->text)) {
          open_paragraph();
          text(child->text);
        }
      } else if (child->is_element()) {
        element(*child, depth + 1);
      }
    }
  }

  void element(const Node& node, int depth) {
    if (depth > max_depth) {
      open_paragraph();
      text(html::text_content(node));
      return;
    }
    if (html::is_block(node.tag)) {
      close_paragraph();
      block(node, depth);
    } else if (has_block_inside(node)) {
      block_children(node, depth);
    } else if (node.is_element(Tag::br_)) {
      line_break(node);
    } else if (has_content(node)) {
      open_paragraph();
      inline_element(node, depth);
    }
  }

  // Two in a row are how some pages part paragraphs.
  void line_break(const Node& node) {
    if (!in_paragraph_) return;
    const Node* next = node.next;
    while (next != nullptr && next->is_text() && is_blank(next->text))
      next = next->next;
    if (next == nullptr || next->is_element(Tag::br_) ||
        (next->is_element() && html::is_block(next->tag))) {
      close_paragraph();
    } else {
      trim_end();
      break_line();
    }
  }

  void break_line() {
    out_.append(line_break_).append("\n");
    at_line_start_ = true;
  }

  void block(const Node& node, int depth) {
    const auto renamed = options_.rename.find(std::string(node.name));
    const Tag tag =
        renamed == options_.rename.end() ? node.tag : html::tag_from_name(renamed->second);
    if (heading_level(tag) != 0) {
      heading(node, heading_level(tag), depth);
    } else if (node.tag == Tag::hr_) {
      out_.append("<hr").append(empty_end()).append("\n");
    } else if (is_endnotes(node)) {
      out_ += "<section role=\"doc-endnotes\">\n";
      blocks(node, depth);
      out_ += "</section>\n";
    } else if (!is_text_block(node.tag)) {
      blocks(node, depth);
    } else if (has_content(node)) {
      text_block(node, depth);
    }
  }

  void text_block(const Node& node, int depth) {
    switch (node.tag) {
      case Tag::p_:
        if (has_block_inside(node)) {
          blocks(node, depth);
        } else {
          paragraph(node, depth);
        }
        break;
      case Tag::ul_:
      case Tag::ol_:
        list(node, depth);
        break;
      case Tag::dl_:
        definitions(node, depth);
        break;
      case Tag::pre_:
        preformatted(node);
        break;
      case Tag::table_:
        table(node, depth);
        break;
      case Tag::figure_:
        figure(node, depth);
        break;
      case Tag::figcaption_:  // of no figure
        paragraph(node, depth);
        break;
      case Tag::details_:
        details(node, depth);
        break;
      default:
        start(node, "blockquote");
        out_ += '\n';
        blocks(node, depth);
        out_ += "</blockquote>\n";
        break;
    }
  }

  void paragraph(const Node& node, int depth) {
    start(node, "p");
    at_line_start_ = true;
    inline_children(node, depth);
    trim_end();
    out_ += "</p>\n";
  }

  void heading(const Node& node, int level, int depth) {
    if (!has_content(node)) return;
    // The first heading is the h2, whatever the page called it; below it no level is left out.
    while (!levels_.empty() && levels_.back() >= level)
      levels_.pop_back();
    levels_.push_back(level);
    const int written = std::min(last_level, first_level + static_cast<int>(levels_.size()) - 1);
    const std::string name = "h" + std::to_string(written);
    start(node, name);
    at_line_start_ = true;
    inline_children(node, depth);
    trim_end();
    out_ += "</" + name + ">\n";
  }

  void list(const Node& node, int depth) {
    const std::string_view name = node.tag == Tag::ol_ ? "ol" : "ul";
    start(node, name);
    out_ += '\n';
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child->is_text() ? is_blank(child->text) : !child->is_element()) continue;
      if (!has_content(*child)) continue;
      if (child->is_element(Tag::li_)) {
        start(*child, "li");
        flow(*child, depth + 1);
      } else {
        out_ += "<li>";
        at_line_start_ = true;
        lone(*child, depth + 1);
      }
      out_ += "</li>\n";
    }
    out_.append("</").append(name).append(">\n");
  }

  // Content of an element that holds a line or blocks, as the page has it.
  void flow(const Node& node, int depth) {
    at_line_start_ = true;
    if (has_block_inside(node)) {
      flow_blocks(node, depth);
    } else {
      inline_children(node, depth);
      trim_end();
    }
  }

  // A line before the first block (as in `<li>text<ul>…`) needs no paragraph of its own.
  void flow_blocks(const Node& node, int depth) {
    const std::size_t begin = out_.size();
    block_children(node, depth);
    close_paragraph();
    if (out_.compare(begin, 3, "<p>") == 0) {
      const auto end = out_.find("</p>\n", begin);
      out_.erase(end, 4);
      out_.erase(begin, 3);
    }
  }

  void lone(const Node& node, int depth) {
    if (node.is_text()) {
      text(node.text);
      trim_end();
    } else if (html::is_block(node.tag)) {
      block(node, depth);
    } else {
      inline_element(node, depth);
      trim_end();
    }
  }

  void definitions(const Node& node, int depth) {
    std::vector<const Node*> parts;
    for (const Node* at = html::next_in_tree(node, node); at != nullptr;) {
      const bool part = at->is_element(Tag::dt_) || at->is_element(Tag::dd_);
      if (part && has_content(*at)) parts.push_back(at);
      at = part ? html::next_skipping_children(*at, node) : html::next_in_tree(*at, node);
    }
    const bool valid = parts.size() > 1 && parts.front()->is_element(Tag::dt_) &&
                       parts.back()->is_element(Tag::dd_);
    if (!valid) {
      blocks(node, depth);
      return;
    }
    out_ += "<dl>\n";
    for (const Node* part : parts) {
      const bool term = part->is_element(Tag::dt_);
      start(*part, part->name);
      at_line_start_ = true;
      if (term) {
        inline_children(*part, depth);
      } else {
        flow(*part, depth + 1);
      }
      trim_end();
      out_ += term ? "</dt>\n" : "</dd>\n";
    }
    out_ += "</dl>\n";
  }

  void preformatted(const Node& node) {
    start(node, "pre");
    std::string code = html::text_content(node);
    // A parser of HTML drops the first line break.
    if (code.starts_with('\n') && !options_.as_xml) out_ += '\n';
    out_ += html::escape_text(code);
    out_ += "</pre>\n";
  }

  void figure(const Node& node, int depth) {
    const Node* caption = nullptr;
    for (const Node* at = html::next_in_tree(node, node); at != nullptr;
         at = html::next_in_tree(*at, node)) {
      if (at->is_element(Tag::figcaption_)) caption = at;
    }
    start(node, "figure");
    out_ += '\n';
    if (caption == nullptr) {
      figure_content(node, nullptr, depth);
    } else {
      figure_content(node, caption, depth);
      if (has_content(*caption)) {
        start(*caption, "figcaption");
        flow(*caption, depth + 1);
        out_ += "</figcaption>\n";
      }
    }
    out_ += "</figure>\n";
  }

  // Pictures stand bare; what else a figure holds is blocks.
  void figure_content(const Node& node, const Node* caption, int depth) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child == caption) continue;
      if (caption != nullptr && child->is_element() && html::contains(*child, *caption)) {
        if (depth < max_depth) figure_content(*child, caption, depth + 1);
      } else if (child->is_element(Tag::img_)) {
        close_paragraph();
        picture(*child);
        out_ += '\n';
      } else if (child->is_element()) {
        if (const Node* lone_picture = only_picture(*child)) {
          close_paragraph();
          picture(*lone_picture);
          out_ += '\n';
        } else {
          element(*child, depth + 1);
        }
      } else if (child->is_text() && !is_blank(child->text)) {
        open_paragraph();
        text(child->text);
      }
    }
    close_paragraph();
  }

  static const Node* only_picture(const Node& node) {
    const Node* found = nullptr;
    for (const Node* at = html::next_in_tree(node, node); at != nullptr;
         at = html::next_in_tree(*at, node)) {
      if (at->is_text() && !is_blank(at->text)) return nullptr;
      if (!at->is_element(Tag::img_)) continue;
      if (found != nullptr) return nullptr;
      found = at;
    }
    return found;
  }

  void details(const Node& node, int depth) {
    start(node, "details");
    out_ += '\n';
    const Node* summary = node.first_element();
    while (summary != nullptr && !summary->is_element(Tag::summary_))
      summary = summary->next_element();
    out_ += "<summary>";
    at_line_start_ = true;
    if (summary != nullptr) inline_children(*summary, depth);
    if (at_line_start_) out_ += "…";
    trim_end();
    out_ += "</summary>\n";
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child == summary) continue;
      if (child->is_element()) element(*child, depth + 1);
      if (child->is_text() && !is_blank(child->text)) {
        open_paragraph();
        text(child->text);
      }
    }
    close_paragraph();
    out_ += "</details>\n";
  }

  // ---- tables

  void table(const Node& node, int depth) {
    std::vector<const Node*> rows;
    const Node* caption = nullptr;
    for (const Node* at = html::next_in_tree(node, node); at != nullptr;) {
      const bool inner = at->is_element(Tag::table_);
      if (at->is_element(Tag::tr_) && has_content(*at)) rows.push_back(at);
      if (at->is_element(Tag::caption_)) caption = at;
      at = inner ? html::next_skipping_children(*at, node) : html::next_in_tree(*at, node);
    }
    // One cell is a box, not a table.
    if (rows.size() == 1 && rows.front()->first_element() != nullptr &&
        rows.front()->first_element()->next_element() == nullptr) {
      blocks(*rows.front()->first_element(), depth);
      return;
    }
    if (rows.empty()) {
      blocks(node, depth);
      return;
    }
    // A wide one scrolls by itself, and a keyboard can reach it.
    out_ += "<div class=\"table\" tabindex=\"0\" role=\"group\">\n";
    start(node, "table");
    out_ += '\n';
    if (caption != nullptr && has_content(*caption)) {
      out_ += "<caption>";
      at_line_start_ = true;
      inline_children(*caption, depth);
      trim_end();
      out_ += "</caption>\n";
    }
    table_rows(rows, depth);
    out_ += "</table>\n</div>\n";
  }

  static bool is_head(const Node& row) {
    if (row.parent != nullptr && row.parent->is_element(Tag::thead_)) return true;
    const Node* cell = row.first_element();
    if (cell == nullptr || !cell->is_element(Tag::th_)) return false;
    for (; cell != nullptr; cell = cell->next_element()) {
      if (!cell->is_element(Tag::th_)) return false;
    }
    return true;
  }

  void table_rows(const std::vector<const Node*>& rows, int depth) {
    const bool head = is_head(*rows.front()) && rows.size() > 1;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i == 0) out_ += head ? "<thead>\n" : "<tbody>\n";
      out_ += "<tr>";
      for (const Node* cell = rows[i]->first_element(); cell != nullptr;
           cell = cell->next_element()) {
        const bool is_header = cell->is_element(Tag::th_);
        start(*cell, is_header ? "th" : "td");
        flow(*cell, depth + 2);
        out_ += is_header ? "</th>" : "</td>";
      }
      out_ += "</tr>\n";
      if (i == 0 && head) out_ += "</thead>\n<tbody>\n";
    }
    out_ += "</tbody>\n";
  }

  // ---- lines

  void open_paragraph() {
    if (in_paragraph_) return;
    out_ += "<p>";
    in_paragraph_ = true;
    at_line_start_ = true;
  }

  void close_paragraph() {
    if (!in_paragraph_) return;
    in_paragraph_ = false;
    trim_end();
    if (out_.ends_with("<p>")) {
      out_.resize(out_.size() - 3);
    } else {
      out_ += "</p>\n";
    }
  }

  void trim_end() {
    for (;;) {
      while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\n'))
        out_.pop_back();
      if (!out_.ends_with(line_break_)) break;
      out_.resize(out_.size() - line_break_.size());
    }
  }

  // White space collapses across elements, and a line does not begin with it. An ideographic
  // indent goes too: paragraphs are set apart by the style.
  void text(std::string_view content) {
    if (is_blank(content)) {
      if (!at_line_start_ && !content.empty() && out_.back() != ' ') out_ += ' ';
      return;
    }
    const bool owes_space = leading_space(content) != 0 && !space_is_paid_;
    if (!at_line_start_ && owes_space && out_.back() != ' ') out_ += ' ';
    space_is_paid_ = false;
    const std::string_view trimmed = trim(content);
    out_ += html::escape_text(collapse_space(trimmed));
    at_line_start_ = false;
    if (trimmed.data() + trimmed.size() != content.data() + content.size()) out_ += ' ';
  }

  void inline_children(const Node& node, int depth) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next) {
      if (child->is_text()) {
        text(child->text);
      } else if (child->is_element() && depth < max_depth) {
        inline_element(*child, depth + 1);
      } else if (child->is_element()) {
        text(html::text_content(*child));
      }
    }
  }

  void inline_element(const Node& node, int depth) {
    if (node.is_element(Tag::br_)) {
      if (!at_line_start_) {
        trim_end();
        break_line();
      }
      return;
    }
    if (node.is_element(Tag::img_)) {
      picture(node);
      return;
    }
    if (node.is_element(Tag::wbr_)) {
      out_.append("<wbr").append(empty_end());
      return;
    }
    if (html::is_block(node.tag) && !at_line_start_ && out_.back() != ' ') out_ += ' ';
    const std::string_view name = inline_name(node.tag);
    const bool link = node.tag == Tag::a_;
    if (name.empty() || !has_content(node) || (link && (in_link_ || !node.attribute("href")))) {
      inline_children(node, depth);
      return;
    }
    // White space before the element, not in it.
    if (!at_line_start_ && begins_with_space(node) && out_.back() != ' ') out_ += ' ';
    const bool outer = in_link_;
    in_link_ = in_link_ || link;
    start(node, name);
    space_is_paid_ = begins_with_space(node);
    const std::size_t begin = out_.size();
    inline_children(node, depth);
    in_link_ = outer;
    const bool space = out_.size() > begin && out_.ends_with(' ');
    while (out_.size() > begin && out_.ends_with(' '))
      out_.pop_back();
    out_.append("</").append(name).append(">");
    if (space) out_ += ' ';
  }

  static bool begins_with_space(const Node& node) {
    const Node* first = node.first_child;
    return first != nullptr && first->is_text() && leading_space(first->text) != 0;
  }

  void picture(const Node& node) {
    const std::string source(trim(node.attribute_or_empty("src")));
    if (source.empty()) return;
    out_ += "<img src=\"" + html::escape_attribute(source) + "\" alt=\"" +
            html::escape_attribute(collapse_space(node.attribute_or_empty("alt"))) + "\"";
    const auto width = node.attribute_or_empty("width");
    const auto height = node.attribute_or_empty("height");
    if (is_number(width) && is_number(height) && width != "0" && height != "0")
      out_.append(" width=\"").append(width).append("\" height=\"").append(height).append("\"");
    if (pictures_++ > 0 && !options_.as_xml) out_ += " loading=\"lazy\" decoding=\"async\"";
    out_ += empty_end();
    at_line_start_ = false;
  }

  void start(const Node& node, std::string_view name) {
    out_.append("<").append(name);
    for (const html::Attribute& attribute : node.attributes) {
      if (!keeps_attribute(node, attribute.name) ||
          !is_valid_value(node, attribute.name, attribute.value))
        continue;
      const std::string value = html::escape_attribute(attribute.value);
      out_.append(" ").append(attribute.name).append("=\"").append(value).append("\"");
      if (options_.as_xml && attribute.name == "lang")
        out_.append(" xml:lang=\"").append(value).append("\"");
    }
    out_ += '>';
  }

  // What closes the tag of an element that holds nothing.
  [[nodiscard]] std::string_view empty_end() const { return options_.as_xml ? "/>" : ">"; }

  const HtmlTextOptions& options_;
  const std::string_view line_break_;
  std::string out_;
  std::vector<int> levels_;  // of the headings above
  int pictures_ = 0;
  bool in_paragraph_ = false;
  bool in_link_ = false;
  bool at_line_start_ = true;
  bool space_is_paid_ = false;  // in front of the element that has just begun
};

}  // namespace

std::string to_html_text(const Node& body, const HtmlTextOptions& options) {
  return HtmlTextWriter(options).body(body);
}

std::string to_html_picture(const Node& image, const HtmlTextOptions& options) {
  return HtmlTextWriter(options).one_picture(image);
}

std::string to_html_line(const Node& content, const HtmlTextOptions& options) {
  return HtmlTextWriter(options).line(content);
}

}  // namespace dandelion
