// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// Whether a link may lead there: http, https, mailto, tel or relative, whatever white space and
// control characters hide the scheme (the WHATWG URL Standard ignores them, so we do).
[[nodiscard]] bool is_safe_link(std::string_view url);

// Takes out of the tree under `root` all that acts instead of being read: scripts, frames,
// plug-ins, forms' means of sending, refreshes, style sheets, foreign content (SVG, MathML), event
// handlers, addresses with a scheme that runs code, styles that load or cover something, comments
// that a reader with scripting on would read as tags. What it leaves is inert in every browser;
// elements that no standard knows are inert by themselves and stay.
// The root itself is judged by its attributes alone: ask acts() about it first.
void neutralize(Document& document, Node& root);

// Whether the element is one of those that neutralize takes out with all it holds.
[[nodiscard]] bool acts(const Node& element);

// Keeps only what GitHub shows of a Markdown page (html-pipeline's SanitizationFilter): the
// preview's way to show a page as its readers will see it. Elements outside the list give way to
// their content, attributes outside it go.
void keep_what_git_hosts_show(Document& document, Node& root);

}  // namespace dandelion::html
