// SPDX-License-Identifier: MIT
#include "html/serialize.hpp"

#include <algorithm>
#include <vector>

#include "core/text.hpp"
#include "html/byte_scan.hpp"

namespace dandelion::html {
namespace {

// SVG's <image> and its like end as they begin.
bool has_no_end(const Node& element) {
  return element.ns == Namespace::html && is_void(element.tag);
}

std::string_view reference_for(char c, bool quotes) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return quotes ? "&quot;" : "";
    default:
      return "";
  }
}

void append_escaped(std::string& into, std::string_view text, bool quotes) {
  const char* plain = text.data();
  const char* const end = plain + text.size();
  for (const char* at = plain;; ++at) {
    at = find_any<'&', '<', '>', '"'>(at, end);
    if (at == end) break;
    const std::string_view reference = reference_for(*at, quotes);
    if (reference.empty()) continue;
    into.append(plain, at);
    into += reference;
    plain = at + 1;
  }
  into.append(plain, end);
}

// Elements whose content a parser takes as raw text: character references would show as they stand.
bool holds_raw_text(const Node* parent) {
  static const TagSet tags = {Tag::style_,   Tag::script_,   Tag::xmp_,      Tag::iframe_,
                              Tag::noembed_, Tag::noframes_, Tag::plaintext_};
  return parent != nullptr && parent->is_element() && parent->ns == Namespace::html &&
         tags.has(parent->tag);
}

void append_start_tag(std::string& into, const Node& element) {
  into += '<';
  into += element.name;
  for (const Attribute& attribute : element.attributes) {
    into += ' ';
    into += attribute.name;
    into += "=\"";
    append_escaped(into, attribute.value, true);
    into += '"';
  }
  into += '>';
}

void append_node(std::string& into, const Node& node) {
  switch (node.type) {
    case NodeType::document:
      break;
    case NodeType::element:
      append_start_tag(into, node);
      break;
    case NodeType::comment:
      into.append("<!--").append(node.text).append("-->");
      break;
    case NodeType::text:
      if (holds_raw_text(node.parent)) {
        into += node.text;
      } else {
        append_escaped(into, node.text, false);
      }
      break;
  }
}

// Calls enter for each node and leave for each element whose content is done; without recursion.
template <typename Enter, typename Leave>
void walk(const Node& top, const Enter& enter, const Leave& leave) {
  const Node* at = &top;
  for (;;) {
    enter(*at);
    if (at->first_child != nullptr) {
      at = at->first_child;
      continue;
    }
    for (;;) {
      leave(*at);
      if (at == &top) return;
      if (at->next != nullptr) {
        at = at->next;
        break;
      }
      at = at->parent;
    }
  }
}

// Attributes that are sets of words (HTML Standard), which Beautiful Soup splits and joins again.
bool is_word_list(const Node& element, std::string_view name) {
  if (name == "class" || name == "accesskey" || name == "dropzone") return true;
  switch (element.tag) {
    case Tag::a_:
    case Tag::link_:
      return name == "rel" || name == "rev";
    case Tag::area_:
      return name == "rel";
    case Tag::td_:
    case Tag::th_:
      return name == "headers";
    case Tag::form_:
      return name == "accept-charset";
    case Tag::object_:
      return name == "archive";
    case Tag::iframe_:
      return name == "sandbox";
    case Tag::output_:
      return name == "for";
    default:
      return false;
  }
}

// CommonMark 2.1: a line with nothing but spaces and tabs.
bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

// `text` without the blank lines in its middle: see prettify's promise. A carriage return, which
// only a character reference can bring in, ends a line in Markdown too.
std::string without_blank_lines(std::string_view text) {
  if (text.find('\r') != std::string_view::npos) {
    std::string normal = replace_all(text, "\r", "\n");
    return without_blank_lines(normal);
  }
  std::string result;
  result.reserve(text.size());
  bool first = true;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string_view line = text.substr(0, end);
    if (first || !is_blank_line(line)) result.append(line).append("\n");
    first = false;
    text.remove_prefix(end + 1);
  }
  return result.append(text);
}

class PrettyWriter {
 public:
  explicit PrettyWriter(const PrettyOptions& options) : options_(options) {}

  std::string write(const Node& top) {
    walk(
        top, [this](const Node& node) { enter(node); }, [this](const Node& node) { leave(node); });
    while (out_.ends_with('\n'))
      out_.pop_back();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t deepest_indent = 60;

  static bool keeps_space(const Node& element) {
    return element.is_element(Tag::pre_) || element.is_element(Tag::textarea_);
  }

  void indent() { out_.append(std::min(level_, deepest_indent), ' '); }

  void enter(const Node& node) {
    switch (node.type) {
      case NodeType::document:
        break;
      case NodeType::text:
        text(node);
        break;
      case NodeType::comment:
        comment(node);
        break;
      case NodeType::element:
        start(node);
        break;
    }
  }

  void leave(const Node& node) {
    if (!node.is_element()) return;
    const bool preserves = keeps_space(node);
    if (preserves) --preserving_;
    if (has_no_end(node)) return;
    --level_;
    if (preserving_ == 0 && !preserves) indent();
    out_.append("</").append(written_name(node)).append(">");
    if (const Surround* around = surround(node)) out_ += around->after;
    if (preserving_ == 0) out_ += '\n';
  }

  void start(const Node& element) {
    if (preserving_ == 0) indent();
    if (const Surround* around = surround(element)) out_ += around->before;
    out_.append("<").append(written_name(element));
    const auto dropped = options_.drop_attributes.find(element.name);
    std::vector<Attribute> sorted(element.attributes.begin(), element.attributes.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
    for (const Attribute& item : sorted) {
      if (dropped == options_.drop_attributes.end() || !dropped->second.contains(item.name))
        attribute(element, item);
    }
    if (has_no_end(element)) {
      out_ += "/>";
      if (const Surround* around = surround(element)) out_ += around->after;
      if (preserving_ == 0) out_ += '\n';
    } else {
      out_ += '>';
      ++level_;
      if (preserving_ == 0 && !keeps_space(element)) out_ += '\n';
    }
    if (keeps_space(element)) ++preserving_;
  }

  void attribute(const Node& element, const Attribute& item) {
    std::string value =
        is_word_list(element, item.name) ? collapse_space(item.value) : std::string(item.value);
    value = without_blank_lines(escape_text(value));
    char quote = '"';
    if (value.find('"') != std::string::npos) {
      if (value.find('\'') == std::string::npos) {
        quote = '\'';
      } else {
        value = replace_all(value, "\"", "&quot;");
      }
    }
    out_.append(" ").append(item.name).append("=");
    out_ += quote;
    out_.append(value);
    out_ += quote;
  }

  void text(const Node& node) {
    if (preserving_ > 0) {
      preserved(node.text);
      return;
    }
    const std::string_view trimmed = trim(node.text);
    if (trimmed.empty()) return;
    indent();
    append_escaped(out_, without_blank_lines(trimmed), false);
    out_ += '\n';
  }

  // In <pre> a blank line has a meaning, so that it cannot be left out: its line break is written
  // as a reference.
  void preserved(std::string_view text) {
    for (const char c : text) {
      if ((c == '\n' || c == '\r') &&
          is_blank_line(std::string_view(out_).substr(out_.rfind('\n') + 1))) {
        out_ += "&#10;";
      } else {
        append_escaped(out_, c == '\r' ? "\n" : std::string_view(&c, 1), false);
      }
    }
  }

  void comment(const Node& node) {
    if (preserving_ == 0) indent();
    out_.append("<!--").append(without_blank_lines(node.text)).append("-->");
    if (preserving_ == 0) out_ += '\n';
  }

  [[nodiscard]] std::string_view written_name(const Node& element) const {
    const auto found = options_.rename.find(element.name);
    return found == options_.rename.end() ? element.name : std::string_view(found->second);
  }

  [[nodiscard]] const Surround* surround(const Node& element) const {
    const auto found = options_.around.find(element.name);
    return found == options_.around.end() ? nullptr : &found->second;
  }

  const PrettyOptions& options_;
  std::string out_;
  std::size_t level_ = 0;
  int preserving_ = 0;
};

}  // namespace

std::string escape_text(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 16);
  append_escaped(escaped, text, false);
  return escaped;
}

std::string escape_attribute(std::string_view value) {
  std::string escaped;
  append_escaped(escaped, value, true);
  return escaped;
}

std::string to_html(const Node& top) {
  std::string text;
  walk(
      top, [&text](const Node& node) { append_node(text, node); },
      [&text](const Node& node) {
        if (node.is_element() && !has_no_end(node)) text.append("</").append(node.name).append(">");
      });
  return text;
}

std::string to_html_block(const Node& top, const std::map<std::string, std::string>& rename) {
  const auto name = [&rename](const Node& element) -> std::string_view {
    const auto found = rename.find(std::string(element.name));
    return found == rename.end() ? element.name : std::string_view(found->second);
  };
  std::string text;
  walk(
      top,
      [&](const Node& node) {
        if (node.type == NodeType::comment) return;
        const std::size_t begin = text.size();
        append_node(text, node);
        if (node.is_element() && !rename.empty())
          text.replace(begin + 1, node.name.size(), name(node));
      },
      [&](const Node& node) {
        if (node.is_element() && !has_no_end(node))
          text.append("</").append(name(node)).append(">");
      });
  // A line break as a reference means the same to HTML, and nothing to Markdown.
  std::string block;
  block.reserve(text.size());
  bool blank = true;
  for (const char c : text) {
    if (c == '\r' || (c == '\n' && blank)) {
      block += "&#10;";
      blank = false;
      continue;
    }
    block += c;
    blank = c == '\n' || (blank && (c == ' ' || c == '\t'));
  }
  return block;
}

std::string inner_html(const Node& node) {
  std::string text;
  for (const Node* child = node.first_child; child != nullptr; child = child->next)
    text += to_html(*child);
  return text;
}

std::string prettify(const Node& node, const PrettyOptions& options) {
  return PrettyWriter(options).write(node);
}

}  // namespace dandelion::html
