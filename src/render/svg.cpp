// SPDX-License-Identifier: MIT
#include "render/svg.hpp"

#include <array>
#include <map>

#include "core/text.hpp"
#include "html/parse.hpp"
#include "html/serialize.hpp"

namespace dandelion {
namespace {

using html::Node;

constexpr std::size_t max_svg_bytes = 4U << 20U;

// Written by their right name, whatever the page made of it.
using Names = std::map<std::string_view, std::string_view, std::less<>>;

template <std::size_t N>
Names by_lower_case(const std::array<std::string_view, N>& names,
                    std::array<std::string, N>& lower) {
  Names found;
  for (std::size_t i = 0; i < N; ++i) {
    lower[i] = ascii_lower(names[i]);
    found.emplace(lower[i], names[i]);
  }
  return found;
}

const Names& elements() {
  static constexpr std::array<std::string_view, 26> names = {
      "svg",      "g",       "defs",           "symbol",         "use",
      "path",     "rect",    "circle",         "ellipse",        "line",
      "polyline", "polygon", "text",           "tspan",          "textPath",
      "title",    "desc",    "linearGradient", "radialGradient", "stop",
      "clipPath", "mask",    "pattern",        "marker",         "switch",
      "a"};
  static std::array<std::string, names.size()> lower;
  static const Names found = by_lower_case(names, lower);
  return found;
}

const Names& attributes() {
  static constexpr std::array<std::string_view, 92> names = {"id",
                                                             "x",
                                                             "y",
                                                             "x1",
                                                             "y1",
                                                             "x2",
                                                             "y2",
                                                             "cx",
                                                             "cy",
                                                             "r",
                                                             "rx",
                                                             "ry",
                                                             "fx",
                                                             "fy",
                                                             "fr",
                                                             "dx",
                                                             "dy",
                                                             "d",
                                                             "points",
                                                             "width",
                                                             "height",
                                                             "viewBox",
                                                             "preserveAspectRatio",
                                                             "transform",
                                                             "gradientUnits",
                                                             "gradientTransform",
                                                             "spreadMethod",
                                                             "patternUnits",
                                                             "patternContentUnits",
                                                             "patternTransform",
                                                             "clipPathUnits",
                                                             "maskUnits",
                                                             "maskContentUnits",
                                                             "markerUnits",
                                                             "markerWidth",
                                                             "markerHeight",
                                                             "refX",
                                                             "refY",
                                                             "orient",
                                                             "offset",
                                                             "pathLength",
                                                             "textLength",
                                                             "lengthAdjust",
                                                             "startOffset",
                                                             "rotate",
                                                             "fill",
                                                             "fill-opacity",
                                                             "fill-rule",
                                                             "stroke",
                                                             "stroke-width",
                                                             "stroke-opacity",
                                                             "stroke-linecap",
                                                             "stroke-linejoin",
                                                             "stroke-miterlimit",
                                                             "stroke-dasharray",
                                                             "stroke-dashoffset",
                                                             "opacity",
                                                             "color",
                                                             "stop-color",
                                                             "stop-opacity",
                                                             "clip-path",
                                                             "clip-rule",
                                                             "mask",
                                                             "marker-start",
                                                             "marker-mid",
                                                             "marker-end",
                                                             "font-family",
                                                             "font-size",
                                                             "font-style",
                                                             "font-weight",
                                                             "font-stretch",
                                                             "font-variant",
                                                             "text-anchor",
                                                             "text-decoration",
                                                             "text-rendering",
                                                             "dominant-baseline",
                                                             "alignment-baseline",
                                                             "baseline-shift",
                                                             "letter-spacing",
                                                             "word-spacing",
                                                             "writing-mode",
                                                             "direction",
                                                             "unicode-bidi",
                                                             "visibility",
                                                             "display",
                                                             "overflow",
                                                             "shape-rendering",
                                                             "vector-effect",
                                                             "paint-order",
                                                             "mix-blend-mode",
                                                             "version",
                                                             "xml:lang"};
  static std::array<std::string, names.size()> lower;
  static const Names found = by_lower_case(names, lower);
  return found;
}

// Values may name parts of the drawing, url(#id), and nothing else.
bool is_safe_value(std::string_view value) {
  const std::string lower = ascii_lower(value);
  if (lower.find('\\') != std::string::npos || lower.find(':') != std::string::npos) return false;
  for (auto at = lower.find("url("); at != std::string::npos; at = lower.find("url(", at + 4)) {
    std::string_view inside = std::string_view(lower).substr(at + 4);
    inside = trim(inside);
    if (!inside.starts_with('#') && !inside.starts_with("'#") && !inside.starts_with("\"#"))
      return false;
  }
  return true;
}

// What stands in a character reference's place in XML: controls may not.
void append_text(std::string& into, std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') clean += c;
  }
  into += html::escape_attribute(clean);
}

class SvgWriter {
 public:
  std::string write(const Node& svg) {
    const Node* at = &svg;
    for (;;) {
      const bool entered = enter(*at, at == &svg);
      if (entered && at->first_child != nullptr) {
        at = at->first_child;
        continue;
      }
      if (entered) leave(*at);
      while (at != &svg && at->next == nullptr) {
        at = at->parent;
        leave(*at);
      }
      if (at == &svg) return std::move(out_);
      at = at->next;
    }
  }

 private:
  // Whether its content is to be written too.
  bool enter(const Node& node, bool top) {
    if (node.is_text()) append_text(out_, node.text);
    if (!node.is_element()) return false;
    const auto found = elements().find(ascii_lower(node.name));
    if (found == elements().end()) return false;
    // A link gives way to what it is around.
    const std::string_view name = found->second == "a" ? "g" : found->second;
    out_.append("<").append(name);
    if (top) out_ += " xmlns=\"http://www.w3.org/2000/svg\"";
    for (const html::Attribute& attribute : node.attributes)
      write_attribute(node, attribute);
    out_ += '>';
    return true;
  }

  void leave(const Node& node) {
    const auto found = elements().find(ascii_lower(node.name));
    if (found == elements().end()) return;
    out_.append("</").append(found->second == "a" ? "g" : found->second).append(">");
  }

  void write_attribute(const Node& node, const html::Attribute& attribute) {
    const bool link = attribute.name == "href" || attribute.name == "xlink:href";
    if (link) {
      if (node.name == "a" || !trim(attribute.value).starts_with('#')) return;
      out_.append(" href=\"");
      append_text(out_, trim(attribute.value));
      out_ += '"';
      return;
    }
    if (attribute.name == "style") {
      write_style(attribute.value);
      return;
    }
    const auto found = attributes().find(ascii_lower(attribute.name));
    if (found == attributes().end() || !is_safe_value(attribute.value)) return;
    out_.append(" ").append(found->second).append("=\"");
    append_text(out_, attribute.value);
    out_ += '"';
  }

  // Presentation attributes stand for the declarations that drawing programs put into `style`.
  void write_style(std::string_view style) {
    std::string kept;
    while (!style.empty()) {
      const auto end = std::min(style.find(';'), style.size());
      const std::string_view declaration = style.substr(0, end);
      style.remove_prefix(std::min(end + 1, style.size()));
      const auto colon = declaration.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string name = ascii_lower(trim(declaration.substr(0, colon)));
      const std::string_view value = trim(declaration.substr(colon + 1));
      if (attributes().contains(name) && is_safe_value(value))
        kept.append(name).append(":").append(value).append(";");
    }
    if (kept.empty()) return;
    out_ += " style=\"";
    append_text(out_, kept);
    out_ += '"';
  }

  std::string out_;
};

}  // namespace

Result<std::string> sanitize_svg(std::string_view bytes) {
  if (bytes.size() > max_svg_bytes)
    return fail(ErrorKind::too_large, "a drawing of {} bytes", bytes.size());
  if (!is_utf8(bytes)) return fail(ErrorKind::malformed, "a drawing that is not UTF-8");
  const html::Document document = html::parse_fragment(bytes);
  for (const Node* at = &document.root(); at != nullptr;
       at = html::next_in_tree(*at, document.root())) {
    if (at->is_element() && at->name == "svg" && at->ns == html::Namespace::svg)
      return SvgWriter().write(*at);
  }
  return fail(ErrorKind::malformed, "a drawing without an <svg>");
}

}  // namespace dandelion
