// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "html/dom.hpp"

namespace dandelion {

struct HtmlTextOptions {
  // The site's `rename`: an element renamed to a heading takes that level; other names count for
  // nothing here.
  std::map<std::string, std::string> rename;
  // Pictures from the second on are loaded when the reader comes near them. Set where one stands
  // above the text already.
  bool picture_before = false;
  // As well-formed XML (XHTML, as EPUB wants it): empty elements are closed, a language is named
  // for XML too, pictures are loaded at once. Characters that XML does not have stay: they may
  // stand in all else of a document too.
  bool as_xml = false;
};

// The tree under `body` as the HTML of an article: paragraphs, headings (from h2 on, no level left
// out), lists, quotations, tables, figures, code, and the inline elements that carry meaning. Boxes
// give way to what they hold, text between blocks becomes paragraphs, empty ones go; no style,
// class, id, or handler is ever written, but for the places and roles of footnotes
// (render/footnote_links.hpp). Valid inside <article>, one block a line.
[[nodiscard]] std::string to_html_text(const html::Node& body, const HtmlTextOptions& options = {});

// The same for one picture, and for content that stands in a line (a caption).
[[nodiscard]] std::string to_html_picture(const html::Node& image,
                                          const HtmlTextOptions& options = {});
[[nodiscard]] std::string to_html_line(const html::Node& content,
                                       const HtmlTextOptions& options = {});

}  // namespace dandelion
