// SPDX-License-Identifier: MIT
#pragma once

#include <unordered_set>

#include "render/footnotes.hpp"

namespace dandelion {

// Writes footnotes that were found in a tree of `document` as HTML has them: references as
// <sup><a id="fnref-1" href="#fn-1" role="doc-noteref">, the notes as <section role="doc-endnotes">
// of one list, each with its ways back. to_html_text keeps all of that. Returns the links made.
std::unordered_set<const html::Node*> link_footnotes(html::Document& document,
                                                     const Footnotes& footnotes);

}  // namespace dandelion
