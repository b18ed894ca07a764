// SPDX-License-Identifier: MIT
#include "render/footnote_links.hpp"

#include <string>

#include <fmt/format.h>

#include "core/text.hpp"

namespace dandelion {
namespace {

using html::Node;
using html::Tag;

// The arrow as text: some readers have a coloured picture for it.
constexpr std::string_view arrow = "↩\uFE0E";

// A found node in the tree that is ours to change.
Node* own(const Node& node) {
  return node.previous != nullptr ? node.previous->next : node.parent->first_child;
}

class FootnoteLinks {
 public:
  FootnoteLinks(html::Document& document, const Footnotes& footnotes)
      : document_(document), footnotes_(footnotes), uses_(footnotes.notes.size()) {}

  std::unordered_set<const Node*> write() {
    for (const Footnotes::Reference& reference : footnotes_.references)
      refer(reference);
    for (const auto& [text, rest] : footnotes_.shortened)
      document_.set_text(*own(*text), rest);
    Node* list = document_.create_element("ol");
    for (std::size_t i = 0; i < footnotes_.notes.size(); ++i)
      html::append_child(*list, *note(*footnotes_.notes[i], i));
    place(*list);
    for (const Node* gone : footnotes_.left_out)
      html::remove(*own(*gone));
    for (const Node* around : footnotes_.unwrapped)
      html::unwrap(*own(*around));
    return std::move(links_);
  }

 private:
  void refer(const Footnotes::Reference& reference) {
    const std::size_t use = ++uses_[static_cast<std::size_t>(reference.number) - 1];
    Node* raised = document_.create_element("sup");
    Node* link = made_link(fmt::format("#fn-{}", reference.number), "doc-noteref",
                           std::to_string(reference.number));
    document_.set_attribute(*link, "id", place_of_use(reference.number, use));
    html::append_child(*raised, *link);
    Node* old = own(*reference.node);
    html::insert_before(*old, *raised);
    html::remove(*old);
  }

  static std::string place_of_use(int number, std::size_t use) {
    return use == 1 ? fmt::format("fnref-{}", number) : fmt::format("fnref-{}-{}", number, use);
  }

  Node* made_link(const std::string& href, std::string_view role, std::string_view text) {
    Node* link = document_.create_element("a");
    document_.set_attribute(*link, "href", href);
    document_.set_attribute(*link, "role", role);
    html::append_child(*link, *document_.create_text(text));
    links_.insert(link);
    return link;
  }

  Node* note(const Node& source, std::size_t index) {
    const int number = static_cast<int>(index) + 1;
    Node* item = document_.create_element("li");
    document_.set_attribute(*item, "id", fmt::format("fn-{}", number));
    while (Node* child = source.first_child) {
      html::remove(*child);
      html::append_child(*item, *child);
    }
    Node* end = last_line(*item);
    for (std::size_t use = 1; use <= uses_[index]; ++use) {
      html::append_child(*end, *document_.create_text(" "));
      html::append_child(
          *end, *made_link("#" + place_of_use(number, use), "doc-backlink",
                           use == 1 ? std::string(arrow) : fmt::format("{}{}", arrow, use)));
    }
    return item;
  }

  // The last paragraph of a note, or the note where it has none.
  [[nodiscard]] Node* last_line(Node& item) const {
    Node* line = &item;
    for (Node* at = item.last_child; at != nullptr;) {
      const bool passed_over = footnotes_.left_out.contains(at) ||
                               at->type == html::NodeType::comment ||
                               (at->is_text() && is_blank(at->text));
      if (passed_over) {
        at = at->previous;
      } else if (at->is_element(Tag::p_) || at->is_element(Tag::div_)) {
        line = at;
        at = at->last_child;
      } else {
        break;
      }
    }
    return line;
  }

  // Behind what stands before the notes in their list.
  void place(Node& list) {
    Node* section = document_.create_element("section");
    document_.set_attribute(*section, "role", "doc-endnotes");
    html::append_child(*section, list);
    const Node& old = *footnotes_.list;
    if (old.is_element(Tag::ol_) || old.is_element(Tag::ul_)) {
      html::insert_before(*own(old), *section);
    } else {
      html::append_child(*own(*footnotes_.notes.front())->parent, *section);
    }
  }

  html::Document& document_;
  const Footnotes& footnotes_;
  std::vector<std::size_t> uses_;  // of each note so far
  std::unordered_set<const Node*> links_;
};

}  // namespace

std::unordered_set<const Node*> link_footnotes(html::Document& document,
                                               const Footnotes& footnotes) {
  return FootnoteLinks(document, footnotes).write();
}

}  // namespace dandelion
