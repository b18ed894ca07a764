// SPDX-License-Identifier: MIT
#include "extract/formulas.hpp"

#include <array>
#include <string>
#include <string_view>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Document;
using html::Node;
using html::Tag;

constexpr int boxes_around = 6;
constexpr int deepest_mathml = 32;

struct Formula {
  Node* shown = nullptr;  // the outermost element that shows nothing else
  std::string tex;
  bool displayed = false;  // on lines of its own
};

bool has_in_class(const Node& element, std::string_view word) {
  return element.attribute_or_empty("class").find(word) != std::string_view::npos;
}

// Boxes that KaTeX, MathJax and MediaWiki lay around a formula. A page may name itself for what it
// uses, too, hence whole words and no <div> but MathJax's own.
bool is_formula_box(const Node& element) {
  if (!element.is_element()) return false;
  if (element.name.starts_with("mjx-")) return true;
  const bool is_box =
      element.tag == Tag::span_ || (element.tag == Tag::div_ && has_in_class(element, "_Display"));
  if (!is_box) return false;
  std::string_view names = trim(element.attribute_or_empty("class"));
  while (!names.empty()) {
    const std::string_view word = names.substr(0, names.find_first_of(" \t\n"));
    for (const std::string_view begin : {"katex", "MathJax", "MJX_", "MJXc-", "mwe-math-"}) {
      if (word.starts_with(begin)) return true;
    }
    names = trim(names.substr(word.size()));
  }
  return false;
}

bool is_displayed_box(const Node& box) {
  return has_in_class(box, "display") || has_in_class(box, "Display") ||
         box.attribute_or_empty("display") == "true" ||
         box.attribute_or_empty("display") == "block";
}

// MediaWiki's TeX says once more how it is displayed.
std::string clean_tex(std::string_view tex) {
  std::string_view clean = trim(tex);
  for (const std::string_view begin : {"{\\displaystyle ", "{\\textstyle "}) {
    if (clean.starts_with(begin) && clean.ends_with('}')) {
      clean.remove_prefix(begin.size());
      clean.remove_suffix(1);
    }
  }
  return collapse_space(clean);
}

bool is_tex_script(const Node& node) {
  return node.is_element(Tag::script_) && node.attribute_or_empty("type").starts_with("math/tex");
}

std::string annotated_tex(const Node& math) {
  for (const Node* at = html::next_in_tree(math, math); at != nullptr;
       at = html::next_in_tree(*at, math)) {
    if (at->is_element() && at->name == "annotation" &&
        at->attribute_or_empty("encoding").find("tex") != std::string_view::npos)
      return html::text_content(*at);
  }
  return std::string(math.attribute_or_empty("alttext"));
}

Formula in_mathml(Node& math) {
  Formula formula{&math, annotated_tex(math), math.attribute_or_empty("display") == "block"};
  Node* at = math.parent;
  for (int up = 0; up < boxes_around && at != nullptr && is_formula_box(*at); ++up) {
    formula.shown = at;
    formula.displayed = formula.displayed || is_displayed_box(*at);
    at = at->parent;
  }
  if (formula.shown != &math) {
    // MathJax' box for what it shows while it works.
    Node* before = formula.shown->previous_element();
    if (before != nullptr && before->first_child == nullptr && is_formula_box(*before))
      html::remove(*before);
  }
  // MathJax makes its boxes from a script that stays behind them.
  Node* source = formula.shown->next_element();
  if (source != nullptr && is_tex_script(*source) && formula.shown != &math) {
    formula.tex = html::text_content(*source);
    html::remove(*source);
  }
  return formula;
}

Formula in_script(Node& script) {
  if (!is_tex_script(script)) return {};
  constexpr int most_boxes = 3;
  for (int i = 0; i < most_boxes; ++i) {
    Node* before = script.previous_element();
    if (before == nullptr || !is_formula_box(*before)) break;
    html::remove(*before);
  }
  return {&script, html::text_content(script),
          script.attribute_or_empty("type").find("mode=display") != std::string_view::npos};
}

Formula in_picture(Node& image) {
  const bool is_formula =
      has_in_class(image, "mwe-math") || image.attribute("eeimg") ||
      image.attribute_or_empty("class") == "latex" ||
      image.attribute_or_empty("src").find("/equation?tex=") != std::string_view::npos;
  if (!is_formula) return {};
  Formula formula{&image, std::string(image.attribute_or_empty("alt")),
                  has_in_class(image, "display")};
  if (image.parent != nullptr && is_formula_box(*image.parent)) formula.shown = image.parent;
  return formula;
}

Formula in_attribute(Node& span) {
  for (const std::string_view name : {"data-tex", "data-latex"}) {
    if (const auto tex = span.attribute(name); tex && !is_blank(*tex))
      return {&span, std::string(*tex), is_displayed_box(span)};
  }
  return {};
}

bool has_text_beside(const Node& element) {
  for (const Node* at : {element.previous, element.next}) {
    for (int left = 2; at != nullptr && left > 0; --left) {
      if (!at->is_text() || !is_blank(at->text)) return true;
      at = at == element.previous ? at->previous : at->next;
    }
  }
  return false;
}

Node* put(Node& shown, Node& form) {
  html::insert_before(shown, form);
  html::remove(shown);
  return &form;
}

Node* tex_code(Document& document, std::string_view tex) {
  Node* code = document.create_element("code");
  html::append_child(*code, *document.create_text(tex));
  return code;
}

Node* write_tex(Document& document, const Formula& formula) {
  Node& shown = *formula.shown;
  const std::string tex = clean_tex(formula.tex);
  const bool in_block =
      shown.parent != nullptr && shown.parent->is_element() && html::is_block(shown.parent->tag);
  if (formula.displayed && in_block && !has_text_beside(shown)) {
    Node* block = document.create_element("pre");
    Node* code = tex_code(document, tex);
    document.set_attribute(*code, "class", "language-math");
    html::append_child(*block, *code);
    // With its own place in the text, and short as it is not to be judged by its length.
    Node* figure = document.create_element("figure");
    html::append_child(*figure, *block);
    return put(shown, *figure);
  }
  Node* line = document.create_element("span");
  html::append_child(*line, *document.create_text("$"));
  html::append_child(*line, *tex_code(document, tex));
  html::append_child(*line, *document.create_text("$"));
  return put(shown, *line);
}

// Something with small signs above and below, or behind it.
bool is_scripted(std::string_view name) {
  return name == "msup" || name == "msub" || name == "msubsup" || name == "munder" ||
         name == "munderover";
}

// MathML's presentation as text, with what HTML has for it.
class MathText {
 public:
  explicit MathText(Document& document) : document_(document) {}

  void write(const Node& node, Node& into, int depth) {
    if (node.is_text()) {
      add(into, trim(node.text));
    } else if (depth >= deepest_mathml) {
      add(into, collapse_space(html::text_content(node)));
    } else if (is_scripted(node.name)) {
      scripts(node, into, depth);
    } else if (node.name == "mfrac") {
      group(node.first_element(), into, depth);
      add(into, "/");
      if (node.first_element() != nullptr) group(node.first_element()->next_element(), into, depth);
    } else if (node.name == "msqrt") {
      add(into, "√");
      group(&node, into, depth);
    } else if (node.name != "annotation" && node.name != "annotation-xml") {
      children(node, into, depth);
    }
  }

 private:
  void add(Node& into, std::string_view text) {
    if (!text.empty()) html::append_child(into, *document_.create_text(text));
  }

  void children(const Node& node, Node& into, int depth) {
    for (const Node* child = node.first_child; child != nullptr; child = child->next)
      write(*child, into, depth + 1);
  }

  void scripts(const Node& node, Node& into, int depth) {
    std::array<std::string_view, 2> names = {"sub", "sup"};
    if (node.name == "msup") names = {"sup", "sub"};
    const Node* part = node.first_element();
    if (part != nullptr) write(*part, into, depth + 1);
    for (const std::string_view name : names) {
      part = part == nullptr ? nullptr : part->next_element();
      if (part == nullptr) return;
      Node* raised = document_.create_element(name);
      write(*part, *raised, depth + 1);
      html::append_child(into, *raised);
    }
  }

  // In brackets where it is more than one sign or number.
  void group(const Node* node, Node& into, int depth) {
    if (node == nullptr) return;
    const Node* first = node->first_element();
    const bool is_one = first == nullptr || (node->name == "mrow" && first->next == nullptr);
    if (!is_one) add(into, "(");
    if (node->name == "msqrt") {
      children(*node, into, depth + 1);
    } else {
      write(*node, into, depth + 1);
    }
    if (!is_one) add(into, ")");
  }

  Document& document_;
};

}  // namespace

Node* write_formula(Document& document, Node& element) {
  Formula formula;
  if (element.is_element(Tag::math_)) {
    formula = in_mathml(element);
  } else if (element.is_element(Tag::script_)) {
    formula = in_script(element);
  } else if (element.is_element(Tag::img_)) {
    formula = in_picture(element);
  } else {
    formula = in_attribute(element);
  }
  if (formula.shown == nullptr) return nullptr;
  if (!is_blank(formula.tex)) return write_tex(document, formula);
  if (!element.is_element(Tag::math_)) return nullptr;
  Node* text = document.create_element("span");
  MathText(document).write(element, *text, 0);
  return put(*formula.shown, *text);
}

}  // namespace dandelion
