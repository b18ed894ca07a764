// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "html/dom.hpp"

namespace dandelion::html {

// Whether a link may lead there: http, https, mailto, tel or relative, whatever white space and
// control characters hide the scheme (the WHATWG URL Standard ignores them, so we do).
[[nodiscard]] bool is_safe_link(std::string_view url);

// Leaves under `root` only what html/allowed.cpp lists: elements that act go with all they hold
// (scripts, frames, plug-ins, forms' controls, style sheets, foreign content), others that the
// table does not name give way to their content, attributes outside it go, and so do addresses with
// a scheme that runs code and styles that load or cover something. Comments stay where no reader
// could take them for anything else. What is left is inert in every browser, however often it is
// written and parsed again.
// The root itself is judged by its attributes alone: ask acts() about it first.
void neutralize(Document& document, Node& root);

// Whether the element is one of those that neutralize takes out with all they hold.
[[nodiscard]] bool acts(const Node& element);

// Keeps only what GitHub shows of a Markdown page (html-pipeline's SanitizationFilter): the
// preview's way to show a page as its readers will see it. Elements outside the list give way to
// their content, attributes outside it go.
void keep_what_git_hosts_show(Document& document, Node& root);

}  // namespace dandelion::html
