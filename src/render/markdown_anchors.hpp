// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "html/dom.hpp"
#include "render/footnotes.hpp"
#include "render/markdown_tree.hpp"

namespace dandelion {

// Places that links within an article lead to: sections, and footnotes that are none to GFM.
// Markdown has no sign for them, and Git hosts show no `id` but leave `<a name>`, to which their
// links within a page lead.
class MarkdownAnchors {
 public:
  // `links` as links_within (render/footnotes.hpp) says; `footnotes` write theirs themselves. The
  // names must live as long as the object: those of the links' document do.
  MarkdownAnchors(const std::vector<const html::Node*>& links, const Footnotes& footnotes);

  // Writing has come to this element: if a link leads to it, its anchor is owed.
  void reach(const html::Node& element);

  // Writes what is owed into the inlines under `parent`, unless those are a link's: there it stays
  // owed.
  void settle(cmark_node* parent);

 private:
  std::unordered_set<std::string_view> wanted_;
  std::string owed_;
};

}  // namespace dandelion
