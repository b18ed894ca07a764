// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// `&`, `<`, `>` as character references: for text and, with quotes chosen by the writer, for
// attribute values.
[[nodiscard]] std::string escape_text(std::string_view text);
// The same and `"` too: for a value between double quotes.
[[nodiscard]] std::string escape_attribute(std::string_view value);

// The node and all under it, by the HTML Standard's fragment serialising, but with `<` and `>`
// escaped in attribute values too: no reading of the outcome, scripting on or off, makes an element
// of an attribute's text.
[[nodiscard]] std::string to_html(const Node& node);
// Only what is under it.
[[nodiscard]] std::string inner_html(const Node& node);

// The same as to_html(), to stand in Markdown as one HTML block: without comments, and without the
// blank lines that would end it (CommonMark 4.6), which become character references. `rename`
// changes how elements of these names are written.
[[nodiscard]] std::string to_html_block(const Node& node,
                                        const std::map<std::string, std::string>& rename = {});

// Literal text that goes around an element's tags: `before` in front of the start tag, `after`
// behind the end tag.
struct Surround {
  std::string before;
  std::string after;
};

// All by the element name that the tree has; `rename` changes only how it is written.
struct PrettyOptions {
  std::map<std::string, std::string, std::less<>> rename;
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> drop_attributes;
  std::map<std::string, Surround, std::less<>> around;
};

// One tag a line, one space a level, as Beautiful Soup 4.11's prettify() with its "minimal"
// formatter writes it: text trimmed of Unicode white space, <pre> and <textarea> as they stand,
// void elements closed with `/>`, attributes by name, lists of words in them (class, rel …) joined
// by one space, a value with `"` in single quotes. No line break follows the last tag. Where it
// departs, because the outcome is put into Markdown: no blank line is ever written, since one would
// end the HTML block that the page is in (CommonMark 4.6), and what follows would be read as
// Markdown; and levels beyond 60 are not indented further.
[[nodiscard]] std::string prettify(const Node& node, const PrettyOptions& options = {});

}  // namespace dandelion::html
